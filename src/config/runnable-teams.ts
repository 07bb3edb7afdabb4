import { DEFAULT_SETTINGS } from '../events/settings.ts';
import { buildBackend } from './backend-spec.ts';
import type { BackendType } from './catalogue.ts';
import { BACKEND_TYPES } from './catalogue.ts';
import { demoTeam } from './demo-team.ts';
import type { Environment } from './env.ts';
import type { AgentSpec, BackendSpec, TeamSpec } from './team.ts';

/** Asks a server for its models; null if it does not answer. Must not throw. */
export type Probe = (url: string) => Promise<string[] | null>;

/** A team that can run right now, for a picker. */
export interface RunnableTeam {
  /** Why it can run, e.g. `OPENAI_API_KEY is set`. */
  reason: string;
  kind: 'mixed' | 'provider' | 'local' | 'demo';
  team: TeamSpec;
}

/** More agents than that cost more than they add. */
const MIXED_SIZE = 5;
const LOCAL_AGENTS = 3;

/** Servers on this machine that speak the chat protocol, with the path that lists their models. */
const LOCAL_TYPES = BACKEND_TYPES.filter((t) => t.keyNeed === 'placeholder');

/**
 * Teams that can run with the keys and local servers there are: one of several vendors first, then one per vendor,
 * local servers, and last the demo, which always can. Asks all local servers at once; throws nothing.
 */
export async function findRunnableTeams(options: { env: Environment; probe: Probe }): Promise<RunnableTeam[]> {
  const { env, probe } = options;
  const vendors = BACKEND_TYPES.flatMap((type) => vendorWithKey(type, env));
  const locals = await Promise.all(LOCAL_TYPES.map((type) => localTeam(type, env, probe)));
  const teams: RunnableTeam[] = [];
  const mixed = vendors.slice(0, MIXED_SIZE);
  if (mixed.length > 1) teams.push(mixedTeam(mixed));
  teams.push(...vendors.map(vendorTeam), ...locals.filter((team) => team !== null));
  teams.push({ reason: 'needs no key', kind: 'demo', team: demoTeam() });
  return teams;
}

interface Vendor {
  type: BackendType;
  spec: BackendSpec;
  variable: string;
}

function vendorWithKey(type: BackendType, env: Environment): Vendor[] {
  if (type.keyNeed !== 'required' || type.protocol === null || type.defaultModel === null) return [];
  const variable = type.keyVariables.find((name) => (env[name]?.trim() ?? '') !== '');
  if (variable === undefined) return [];
  const { spec, problems } = buildBackend({ type }, env);
  return problems.length > 0 ? [] : [{ type, spec, variable }];
}

function mixedTeam(vendors: readonly Vendor[]): RunnableTeam {
  const names = vendors.map((v) => v.type.label);
  return {
    reason: `${vendors.map((v) => v.variable).join(', ')} are set`,
    kind: 'mixed',
    team: teamOf(
      names.join(', '),
      vendors.map((v) => agent(v.type.type, v.spec)),
    ),
  };
}

function vendorTeam({ type, spec, variable }: Vendor): RunnableTeam {
  return {
    reason: `${variable} is set`,
    kind: 'provider',
    team: teamOf(`${type.label} ${spec.model}`, [agent(type.type, spec)]),
  };
}

async function localTeam(type: BackendType, env: Environment, probe: Probe): Promise<RunnableTeam | null> {
  const { baseUrl } = type;
  if (baseUrl === null) return null;
  const models = (await probe(`${baseUrl}/models`))?.filter(canChat).slice(0, LOCAL_AGENTS) ?? [];
  if (models.length === 0) return null;
  const agents = models.map((model, i) => agent(`${type.type}${i + 1}`, buildBackend({ type, model }, env).spec));
  return {
    reason: `${type.label} answers at ${baseUrl}`,
    kind: 'local',
    team: teamOf(`${type.label} (local)`, agents),
  };
}

/** False for models that embed, rank or listen. */
export function canChat(model: string): boolean {
  return !/embed|rerank|whisper|tts/i.test(model);
}

function agent(id: string, backend: BackendSpec): AgentSpec {
  return { id, systemMessage: null, backend };
}

function teamOf(name: string, agents: AgentSpec[]): TeamSpec {
  return { name, agents, settings: { ...DEFAULT_SETTINGS }, unsupported: [], origin: { kind: 'backends' } };
}
