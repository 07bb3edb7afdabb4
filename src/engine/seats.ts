import type { AgentSpec } from '../config/team.ts';
import type { Alias, EventDraft } from '../events/event.ts';
import type { RequestGate } from '../providers/limits/request-gate.ts';
import type { Provider } from '../providers/provider.ts';
import { isToolHost, plainHost, type ToolHost } from '../tools/tool-host.ts';
import { AgentModel } from './agent-model.ts';
import type { RunOptions } from './run-options.ts';

/** What the seats of a run need of it. */
interface SeatsHost {
  gate: RequestGate;
  /** How often the agent has gone over to another model. */
  switchesOf(alias: Alias): number;
  record(...drafts: EventDraft[]): Promise<void>;
}

/** What every agent sits at for the whole run: the way to its model, and its tools. Made when they are first needed. */
export class Seats {
  readonly #options: Pick<RunOptions, 'clock' | 'createProvider' | 'toolsOf'>;
  readonly #host: SeatsHost;
  readonly #models = new Map<Alias, AgentModel>();
  readonly #hosts = new Map<Alias, Promise<ToolHost>>();

  constructor(options: Pick<RunOptions, 'clock' | 'createProvider' | 'toolsOf'>, host: SeatsHost) {
    this.#options = options;
    this.#host = host;
  }

  modelOf(alias: Alias, spec: AgentSpec): AgentModel {
    const known = this.#models.get(alias);
    if (known) return known;
    const create = (agent: AgentSpec): Promise<Provider> => this.#options.createProvider(agent);
    const { gate } = this.#host;
    const model = new AgentModel(spec, { create, gate, switches: this.#host.switchesOf(alias) });
    this.#models.set(alias, model);
    return model;
  }

  /** Never rejects: an error says why there are no tools. */
  hostOf(alias: Alias, spec: AgentSpec): Promise<ToolHost | Error> {
    const known = this.#hosts.get(alias) ?? this.#createHost(alias, spec);
    this.#hosts.set(alias, known);
    return known.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  }

  /** Models first, since their calls may wait for tools. Never rejects. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#models.values()].map((model) => model.close()));
    await Promise.allSettled([...this.#hosts.values()].map(async (host) => (await host).dispose()));
  }

  async #createHost(alias: Alias, spec: AgentSpec): Promise<ToolHost> {
    const tools = await this.#options.toolsOf(spec, alias);
    if (!isToolHost(tools)) return plainHost(tools, this.#options.clock);
    const names = tools.tools().map((tool) => tool.spec.name);
    const data = { tools: names, problems: [...tools.problems] };
    await this.#host.record({ type: 'tools.prepared', agent: alias, data });
    return tools;
  }
}
