import type { ToolContext } from '../tool.ts';
import { elicit, type Elicited } from './elicit.ts';
import { plainJson } from './plain-json.ts';
import { sample, type Sampled } from './sample.ts';

const MAX_SAMPLES = 50;

/** The calls that a server is at work on; what it asks meanwhile is asked for one of them. */
export class Callers {
  readonly #server: string;
  readonly #calls = new Set<ToolContext>();
  readonly #samples = new WeakMap<ToolContext, number>();

  constructor(server: string) {
    this.#server = server;
  }

  get areThere(): boolean {
    return this.#calls.size > 0;
  }

  async during<T>(context: ToolContext, work: () => Promise<T>): Promise<T> {
    this.#calls.add(context);
    try {
      return await work();
    } finally {
      this.#calls.delete(context);
    }
  }

  /** What a server asks its user goes to whoever a call of it is for; one that asks out of the blue gets a no. */
  async elicit(params: object): Promise<Elicited> {
    const context = this.#onlyOne();
    if (!context) return { action: 'decline' };
    return elicit(this.#server, plainJson(params), context.asks, context.signal);
  }

  /** As for questions; the number of them in one call has an end, whatever they cost. */
  async sample(params: object): Promise<Sampled> {
    const context = this.#onlyOne();
    if (!context) throw new Error('No call is under way whose agent could be asked.');
    const count = (this.#samples.get(context) ?? 0) + 1;
    this.#samples.set(context, count);
    if (count > MAX_SAMPLES) throw new Error(`One call asks the model ${MAX_SAMPLES} times at most.`);
    return sample(this.#server, plainJson(params), context.asks, context.signal);
  }

  /** Where several agents call a server at once, nobody knows whom it asks. */
  #onlyOne(): ToolContext | null {
    const callers = [...this.#calls].filter(({ asks }) => asks !== undefined);
    const last = callers.at(-1);
    return last && callers.every(({ asks }) => asks === last.asks) ? last : null;
  }
}
