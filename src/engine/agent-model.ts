import type { AgentSpec, BackendSpec } from '../config/team.ts';
import type { Admission, RequestGate } from '../providers/limits/request-gate.ts';
import type { Provider } from '../providers/provider.ts';

/** One agent's way to its model, and to the further ones that its config names in case that model cannot be had. */
export class AgentModel {
  readonly #spec: AgentSpec;
  readonly #create: (agent: AgentSpec) => Promise<Provider>;
  readonly #gate: RequestGate;
  #index: number;
  #provider: Provider | null = null;
  #connecting: Promise<Provider> | null = null;

  /** `switches` says how many models were given up before. */
  constructor(
    spec: AgentSpec,
    deps: { create: (agent: AgentSpec) => Promise<Provider>; gate: RequestGate; switches: number },
  ) {
    this.#spec = spec;
    this.#create = deps.create;
    this.#gate = deps.gate;
    this.#index = Math.min(deps.switches, spec.backend.fallback?.length ?? 0);
  }

  get backend(): BackendSpec {
    return this.#backendAt(this.#index) ?? this.#spec.backend;
  }

  /** The connection to the current model. Throws if `connect` has not resolved, which is a bug. */
  get provider(): Provider {
    if (!this.#provider) throw new Error(`${this.#spec.id} is not connected`);
    return this.#provider;
  }

  /** Rejects when a module of the program is missing. */
  async connect(): Promise<void> {
    if (this.#provider) return;
    // A copy of the agent may be asked something while its first turn connects; both get one connection.
    this.#connecting ??= this.#create({ ...this.#spec, backend: this.backend }).finally(() => {
      this.#connecting = null;
    });
    const provider = await this.#connecting;
    this.#provider ??= provider;
  }

  /** Never rejects. */
  admit(estimate: () => number, now: number): Promise<Admission> {
    return this.#gate.admit(this.backend, estimate, now);
  }

  /** Goes on with the next model that can be connected to, and tells its name; null when there is none. Never rejects. */
  async switchModel(): Promise<string | null> {
    for (let index = this.#index + 1; ; index += 1) {
      const backend = this.#backendAt(index);
      if (!backend) return null;
      try {
        const next = await this.#create({ ...this.#spec, backend });
        await this.close();
        this.#provider = next;
        this.#index = index;
        return backend.model;
      } catch {
        // A model that cannot be connected to is no help; the next one may be.
      }
    }
  }

  /** Ends what the connection has started. Never rejects. */
  async close(): Promise<void> {
    await this.#provider?.close?.();
  }

  #backendAt(index: number): BackendSpec | undefined {
    return index === 0 ? this.#spec.backend : this.#spec.backend.fallback?.[index - 1];
  }
}
