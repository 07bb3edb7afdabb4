import { prepare } from '../agents/prepare.ts';
import type { AgentSpec, BackendSpec } from '../config/team.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, EventData, Preparation } from '../events/event.ts';
import { seededRandom } from '../events/random.ts';
import { NO_USAGE } from '../events/usage.ts';
import type { Clock } from '../platform/clock.ts';
import type { RequestGate } from '../providers/limits/request-gate.ts';
import type { Provider } from '../providers/provider.ts';
import { AgentModel } from './agent-model.ts';

/** What a preparation takes from its run. */
export interface PreparationDeps {
  options: {
    agents: ReadonlyMap<Alias, AgentSpec>;
    preparers?: Partial<Record<Preparation, BackendSpec>>;
    clock: Clock;
    seed: number;
    createProvider(agent: AgentSpec): Promise<Provider>;
  };
  gate: RequestGate;
  signal: AbortSignal;
}

/** Asks the model that is meant for it, else that of the first agent. Never rejects: `problem` says what went wrong. */
export async function runPreparation(
  { options, gate, signal }: PreparationDeps,
  state: RunState,
  what: Preparation,
): Promise<EventData['preparation.finished']> {
  const nothing = { what, texts: {}, usage: NO_USAGE, costUsd: 0 };
  const { agents, preparers, clock, seed } = options;
  const [first] = state.order.flatMap((alias) => agents.get(alias) ?? []);
  if (!first) return { ...nothing, problem: 'There is no agent whose model could be asked.' };
  const backend = preparers?.[what] ?? first.backend;
  const create = (spec: AgentSpec): Promise<Provider> => options.createProvider(spec);
  const model = new AgentModel({ id: what, systemMessage: null, backend }, { create, gate, switches: 0 });
  try {
    await model.connect();
    const admit = (estimate: () => number): ReturnType<AgentModel['admit']> => model.admit(estimate, clock.now());
    const random = seededRandom(`${seed}/prepare/${what}`);
    return await prepare({ provider: model.provider, retry: backend.retry, admit, clock, random, signal }, state, what);
  } catch (error) {
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    await model.close();
  }
}
