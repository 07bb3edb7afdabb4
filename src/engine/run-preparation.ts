import { prepare } from '../agents/prepare.ts';
import type { AgentSpec, BackendSpec } from '../config/team.ts';
import { shareWordings } from '../coordination/preparation.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, EventData, Preparation } from '../events/event.ts';
import { seededRandom } from '../events/random.ts';
import { addUsage, NO_USAGE } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import type { RequestGate } from '../providers/limits/request-gate.ts';
import type { Provider } from '../providers/provider.ts';
import { AgentModel } from './agent-model.ts';
import type { WordingCache } from './wording-cache.ts';

/** What a preparation takes from its run. */
export interface PreparationDeps {
  options: {
    agents: ReadonlyMap<Alias, AgentSpec>;
    preparers?: Partial<Record<Preparation, BackendSpec>>;
    wordings?: WordingCache;
    clock: Clock;
    seed: number;
    createProvider(agent: AgentSpec): Promise<Provider>;
  };
  gate: RequestGate;
  signal: AbortSignal;
}

type Prepared = EventData['preparation.finished'];

/** Asks the model that is meant for it, else that of the first agent. Never rejects: `problem` says what went wrong. */
export async function runPreparation(deps: PreparationDeps, state: RunState, what: Preparation): Promise<Prepared> {
  const { agents, preparers } = deps.options;
  const [first] = state.order.flatMap((alias) => agents.get(alias) ?? []);
  const backend = preparers?.[what] ?? first?.backend;
  if (!backend) return failed(what, 'There is no agent whose model could be asked.');
  return what === 'rewording' ? reword(deps, state, backend) : ask(deps, state, what, backend, what);
}

/**
 * Rewordings are taken from those that are kept, where the config keeps them; each has a temperature of its own where the
 * config has a range of them.
 */
async function reword(deps: PreparationDeps, state: RunState, backend: BackendSpec): Promise<Prepared> {
  const { rewording } = state.settings;
  const { wordings } = deps.options;
  const cache = rewording?.isCached ? wordings : undefined;
  const about = JSON.parse(
    JSON.stringify([state.question, state.history, rewording, backend.type, backend.model, backend.params]),
  );
  const kept = await cache?.load(about);
  if (kept) {
    const texts = shareWordings(kept, state.order);
    return { what: 'rewording', texts, problem: null, usage: NO_USAGE, costUsd: 0, isKept: true };
  }
  const prepared = rewording?.temperatures
    ? await rewordByTemperature(deps, state, backend, rewording.temperatures)
    : await ask(deps, state, 'rewording', backend, 'rewording');
  const found = wordingsOf(prepared);
  if (found.length > 0) await cache?.save(about, found);
  return prepared;
}

/** One call for each wording, from the lowest temperature to the highest. */
async function rewordByTemperature(
  deps: PreparationDeps,
  state: RunState,
  backend: BackendSpec,
  [low, high]: readonly [number, number],
): Promise<Prepared> {
  const { rewording } = state.settings;
  const count = rewording?.variants ?? 1;
  const single = { ...state, settings: { ...state.settings, rewording: rewording && { ...rewording, variants: 1 } } };
  const calls = Array.from({ length: count }, (_, index) => {
    const temperature = count === 1 ? low : low + ((high - low) * index) / (count - 1);
    const params = { ...backend.params, temperature: Math.round(temperature * 1000) / 1000 };
    return ask(deps, single, 'rewording', { ...backend, params }, `rewording/${index + 1}`);
  });
  const done = await Promise.all(calls);
  const texts = shareWordings([...new Set(done.flatMap(wordingsOf))], state.order);
  const [trouble] = done.flatMap(({ problem }) => problem ?? []);
  return {
    what: 'rewording',
    texts,
    problem: Object.keys(texts).length > 0 ? null : (trouble ?? null),
    usage: done.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    costUsd: done.reduce<number | null>(
      (sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd),
      0,
    ),
  };
}

function wordingsOf({ texts }: Prepared): string[] {
  return [...new Set(Object.values(texts).map(({ text }) => text))];
}

/** One call; `name` sets its chance apart from that of others. */
async function ask(
  { options, gate, signal }: PreparationDeps,
  state: RunState,
  what: Preparation,
  backend: BackendSpec,
  name: string,
): Promise<Prepared> {
  const { clock, seed } = options;
  const create = (spec: AgentSpec): Promise<Provider> => options.createProvider(spec);
  const model = new AgentModel({ id: what, systemMessage: null, backend }, { create, gate, switches: 0 });
  try {
    await model.connect();
    const admit = (estimate: () => number): ReturnType<AgentModel['admit']> => model.admit(estimate, clock.now());
    const random = seededRandom(`${seed}/prepare/${name}`);
    return await prepare({ provider: model.provider, retry: backend.retry, admit, clock, random, signal }, state, what);
  } catch (error) {
    return failed(what, messageOf(error));
  } finally {
    await model.close();
  }
}

function failed(what: Preparation, problem: string): Prepared {
  return { what, texts: {}, problem, usage: NO_USAGE, costUsd: 0 };
}
