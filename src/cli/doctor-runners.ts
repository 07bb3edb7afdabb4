import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TeamSpec } from '../config/team.ts';
import type { Clock } from '../platform/clock.ts';
import type { LimitSurroundings } from '../workspace/commands/command-limits.ts';
import type { Check } from './doctor-checks.ts';

export interface RunnerSurroundings {
  variables: Readonly<Record<string, string | undefined>>;
  home: string;
  clock: Clock;
  /** As for the limits of commands. */
  groups?: LimitSurroundings['groups'];
}

/** Whether commands of agents can run here, and what limits them: the sandbox and Docker. Nothing is left behind. */
export async function checkRunners(around: RunnerSurroundings): Promise<Check[]> {
  const [sandbox, limits, docker] = await Promise.all([checkSandbox(around), checkLimits(around), checkDocker(around)]);
  return [sandbox, limits, ...docker];
}

/** A package that a tool for files needs, and that this program does without. */
export async function checkCodeSearch(): Promise<Check> {
  const { findSyntaxPackage } = await import('../tools/files/syntax-matcher.ts');
  const path = await findSyntaxPackage();
  const name = '@ast-grep/napi';
  if (path !== null) return { name, state: 'ok', detail: `${path}: agents may search code by its structure` };
  return { name, state: 'missing', detail: `not found beside massgen; search_code needs it (npm install -g ${name})` };
}

const NEEDED_BY = 'commands of agents need it (enable_mcp_command_line), unless they run in containers';

async function checkSandbox({ variables }: RunnerSurroundings): Promise<Check> {
  const name = 'sandbox';
  const [{ AgentFiles }, { createSandboxRunner }] = await Promise.all([
    import('../workspace/agent-files.ts'),
    import('../workspace/commands/sandbox-runner.ts'),
  ]);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'massgen-doctor-')));
  try {
    const files = await AgentFiles.create({ runDir: folder, alias: 'agent1', contexts: [] });
    const path = variables['PATH'] ?? '';
    const problem = await createSandboxRunner({
      files,
      path,
      hasNetwork: false,
      environment: variables,
    }).findProblem();
    if (problem === null) return { name, state: 'ok', detail: 'bubblewrap runs commands without network and home' };
    return { name, state: 'missing', detail: `${NEEDED_BY}. ${problem}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkLimits({ variables, groups }: RunnerSurroundings): Promise<Check> {
  const { findLimits } = await import('../workspace/commands/command-limits.ts');
  const isRoot = process.getuid?.() === 0;
  const { kind, prefix, why } = await findLimits({
    path: variables['PATH'] ?? '',
    variables,
    isRoot,
    ...(groups && { groups }),
  });
  const name = 'limits of commands';
  if (kind === 'group') {
    const how = prefix.length > 0 ? 'systemd-run' : 'control groups of the kernel';
    return { name, state: 'ok', detail: `a command in the sandbox gets 8 GB and 512 processes as a whole (${how})` };
  }
  const count = isRoot ? 'processes are not counted for root' : '512 processes for all of your programs together';
  return { name, state: 'missing', detail: `in the sandbox each process gets 4 GB, ${count}; ${why}` };
}

async function checkDocker({ variables, home, clock }: RunnerSurroundings): Promise<Check[]> {
  const name = 'Docker';
  const { findEngine } = await import('../workspace/docker/engine.ts');
  const found = await findEngine({ variables, home }, clock);
  if (typeof found === 'string') {
    return [{ name, state: 'missing', detail: `command_line_execution_mode: docker needs it. ${found}` }];
  }
  const { engine, info, place, refused } = found;
  const { findLeftContainers } = await import('../workspace/docker/left-containers.ts');
  const left = await findLeftContainers(engine, clock.now()).catch(() => []);
  const facts = [
    `${info.ServerVersion} at ${place.address}${place.from === null ? '' : `, as ${place.from} says`}`,
    ...('tls' in place ? [place.tls ? 'encrypted' : 'not encrypted'] : []),
    ...(info.SecurityOptions?.some((option) => option.includes('rootless')) === true ? ['rootless'] : []),
    ...(info.MemoryLimit === false ? ['cannot limit memory'] : []),
    ...(info.PidsLimit === false ? ['cannot limit processes'] : []),
  ];
  const engineCheck: Check = { name, state: 'ok', detail: [facts.join(', '), ...refused].join('; ') };
  if (left.length === 0) return [engineCheck];
  const detail = `${left.length} are left over from runs that were cut off, or from sessions; the next run with docker removes them`;
  return [engineCheck, { name: 'containers', state: 'missing', detail }];
}

/** Whether the images of a team's agents are here; one that is not is fetched with the first command. */
export async function checkTeamImages(
  team: TeamSpec,
  { variables, home, clock }: RunnerSurroundings,
): Promise<Check[]> {
  const images = new Set(team.agents.flatMap(({ tools }) => tools?.docker?.image ?? []));
  if (images.size === 0) return [];
  const [{ findEngine }, { findImage }] = await Promise.all([
    import('../workspace/docker/engine.ts'),
    import('../workspace/docker/images.ts'),
  ]);
  const engine = await findEngine({ variables, home }, clock);
  if (typeof engine === 'string') {
    const detail = `agents of this config run commands in containers. ${engine}`;
    return [{ name: 'Docker', state: 'broken', detail }];
  }
  return Promise.all(
    [...images].map(async (image): Promise<Check> => {
      const found = await findImage(engine.engine, image).catch(() => null);
      if (found) return { name: 'image', state: 'ok', detail: `${image} is here` };
      return { name: 'image', state: 'missing', detail: `${image} is not here; it is fetched with the first command` };
    }),
  );
}
