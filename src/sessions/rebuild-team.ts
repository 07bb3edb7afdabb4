import type { AgentSpec, TeamOrigin, TeamSpec } from '../config/team.ts';
import type { AgentInfo } from '../events/event.ts';
import { MassgenError } from '../platform/errors.ts';

/** What a team is made again with. */
export interface RebuildContext {
  /** The variables that hold now; keys are looked up in them anew. */
  env: Readonly<Record<string, string | undefined>>;
  /** The folder that the run was started in. */
  cwd: string;
}

/**
 * Makes a run's team again, the way it was made at its start. Rejects with a MassgenError that names what is in the way:
 * a config that is gone or not valid any more, a missing key, agents that are not the same.
 */
export async function rebuildTeam(
  origin: TeamOrigin,
  infos: readonly AgentInfo[],
  context: RebuildContext,
): Promise<TeamSpec> {
  const team = await make(origin, infos, context);
  const differences = differencesOf(team.agents, infos);
  if (differences.length === 0) return team;
  const place = origin.kind === 'config' ? origin.path : 'the team as it is made now';
  throw new MassgenError(
    'team-changed',
    `The run cannot go on with ${place}, which is not the team that it began with: ${differences.join(' ')} ` +
      'Put back what was changed, or ask the question anew.',
  );
}

async function make(origin: TeamOrigin, infos: readonly AgentInfo[], { env, cwd }: RebuildContext): Promise<TeamSpec> {
  switch (origin.kind) {
    case 'config': {
      const [{ loadConfig }, { resolveTeam }] = await Promise.all([
        import('../config/load.ts'),
        import('../config/resolve.ts'),
      ]);
      return resolveTeam(await loadConfig(origin.path, { env, cwd }), { env });
    }
    case 'demo': {
      const { demoTeam } = await import('../config/demo-team.ts');
      return demoTeam(origin.seed === null ? {} : { seed: origin.seed });
    }
    case 'quick': {
      const { quickTeam } = await import('../config/quick-team.ts');
      const { model, backend, systemMessage, baseUrl } = origin;
      return quickTeam({
        model: model ?? undefined,
        backend: backend ?? undefined,
        systemMessage: systemMessage ?? undefined,
        baseUrl: baseUrl ?? undefined,
        env,
      });
    }
    case 'backends':
      return fromBackends(infos, env);
  }
}

async function fromBackends(infos: readonly AgentInfo[], env: RebuildContext['env']): Promise<TeamSpec> {
  const [{ buildBackend }, { requireBackendType }, { DEFAULT_SETTINGS }] = await Promise.all([
    import('../config/backend-spec.ts'),
    import('../config/quick-team.ts'),
    import('../events/settings.ts'),
  ]);
  const troubles: string[] = [];
  const agents = infos.map(({ id, type, model }): AgentSpec => {
    const { spec, problems } = buildBackend({ type: requireBackendType(type), model }, env);
    troubles.push(...problems.map((problem) => `${id}: ${problem.message}`));
    return { id, systemMessage: null, backend: spec };
  });
  if (troubles.length > 0) throw new MassgenError('cannot-start', troubles.join('\n'));
  const name = infos.map((info) => info.id).join(', ');
  return { name, agents, settings: { ...DEFAULT_SETTINGS }, unsupported: [], origin: { kind: 'backends' } };
}

/** One sentence for every agent of the run that is not there any more, or is another one. More agents do no harm. */
function differencesOf(agents: readonly AgentSpec[], infos: readonly AgentInfo[]): string[] {
  return infos.flatMap((info) => {
    const agent = agents.find((candidate) => candidate.id === info.id);
    if (!agent) return [`There is no agent ${info.id} any more.`];
    const { type, model } = agent.backend;
    if (type === info.type && model === info.model) return [];
    return [`The agent ${info.id} was ${info.type} ${info.model} and is ${type} ${model} now.`];
  });
}
