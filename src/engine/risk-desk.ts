import { assessRisk } from '../agents/assess-risk.ts';
import type { AgentSpec } from '../config/team.ts';
import type { Alias, EventDraft } from '../events/event.ts';
import { seededRandom } from '../events/random.ts';
import type { Clock } from '../platform/clock.ts';
import type { RequestGate } from '../providers/limits/request-gate.ts';
import type { Provider } from '../providers/provider.ts';
import type { Asks } from '../tools/asks.ts';
import { NO_USAGE } from '../events/usage.ts';
import { messageOf } from '../platform/errors.ts';
import { AgentModel } from './agent-model.ts';

export interface RiskDeps {
  clock: Clock;
  seed: number;
  gate: RequestGate;
  createProvider(agent: AgentSpec): Promise<Provider>;
  /** Resolves when the events are on disk. */
  record: (...events: EventDraft[]) => Promise<void>;
}

/** The way of one turn to the model that judges its calls; none where the config names none. */
export function riskFor(deps: RiskDeps, spec: AgentSpec, agent: Alias, turn: string): Pick<Asks, 'assess'> {
  const { riskModel } = spec;
  if (!riskModel) return {};
  const { clock, seed, gate, record } = deps;
  const backend = riskModel.backend ?? spec.backend;
  const create = (each: AgentSpec): Promise<Provider> => deps.createProvider(each);
  return {
    assess: async (call, callId, signal) => {
      const model = new AgentModel(
        { id: `${spec.id} (risk)`, systemMessage: null, backend },
        { create, gate, switches: 0 },
      );
      const admit = (estimate: () => number): ReturnType<AgentModel['admit']> => model.admit(estimate, clock.now());
      const random = seededRandom(`${seed}/risk/${turn}/${callId}`);
      const judged = await model
        .connect()
        .then(() => assessRisk({ provider: model.provider, retry: backend.retry, admit, clock, random, signal }, call))
        .catch((error: unknown) => ({
          risk: null,
          reason: messageOf(error),
          usage: NO_USAGE,
          costUsd: 0,
        }));
      await model.close();
      const { tool } = call;
      await record({ type: 'risk.judged', agent, data: { turn, callId, tool, model: backend.model, ...judged } });
      return { risk: judged.risk, reason: judged.reason };
    },
  };
}
