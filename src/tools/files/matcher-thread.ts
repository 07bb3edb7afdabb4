import { Worker } from 'node:worker_threads';
import type { Clock } from '../../platform/clock.ts';
import { ToolMistake } from '../define-tool.ts';

/** A thread for patterns of a model, which may take for ever: it answers one message at a time, and can be stopped. */
export class MatcherThread {
  readonly #worker: Worker;
  readonly #options: { clock: Clock; maxMs: number; tooLong: string };

  /** `program` is its whole code, with `workerData`; `tooLong` is told when an answer takes longer than `maxMs`. */
  constructor(program: string, workerData: object, options: { clock: Clock; maxMs: number; tooLong: string }) {
    this.#options = options;
    this.#worker = new Worker(program, { eval: true, workerData, env: {}, stdin: false });
    this.#worker.unref();
  }

  /** Resolves with what the program posts. Rejects with a ToolMistake when it takes too long; then nothing more works. */
  ask(message: unknown): Promise<unknown> {
    const { clock, maxMs, tooLong } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        cancel();
        this.#worker.off('message', onMessage).off('error', onError);
      };
      const onMessage = (reply: unknown): void => {
        settle();
        resolve(reply);
      };
      const onError = (error: Error): void => {
        settle();
        reject(error);
      };
      const cancel = clock.after(maxMs, () => {
        settle();
        void this.stop();
        reject(new ToolMistake(tooLong));
      });
      this.#worker.on('message', onMessage).on('error', onError);
      this.#worker.postMessage(message);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
