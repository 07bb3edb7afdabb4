import { Worker } from 'node:worker_threads';
import type { Clock } from '../../platform/clock.ts';
import { ToolMistake } from '../define-tool.ts';

/** Longest time for one file. A pattern that needs more tries the same again and again. */
const MAX_FILE_MS = 2_000;

/** The thread's whole program: which lines fit. */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const pattern = new RegExp(workerData.source, workerData.flags);
  parentPort.on('message', (text) => {
    const found = [];
    text.split('\\n').forEach((line, index) => { if (pattern.test(line)) found.push(index + 1); });
    parentPort.postMessage(found);
  });
`;

/** Finds the lines of texts that fit a regular expression, in a thread that can be stopped: a pattern is the model's. */
export class PatternMatcher {
  readonly #worker: Worker;
  readonly #clock: Clock;

  /** Throws a ToolMistake for a pattern that is none. */
  constructor(source: string, ignoresCase: boolean, clock: Clock) {
    const flags = ignoresCase ? 'i' : '';
    try {
      // Only to see whether it is one; it is run in the thread.
      void new RegExp(source, flags);
    } catch {
      throw new ToolMistake('The pattern is no regular expression of JavaScript.');
    }
    this.#clock = clock;
    this.#worker = new Worker(PROGRAM, { eval: true, workerData: { source, flags }, env: {}, stdin: false });
    this.#worker.unref();
  }

  /** Numbers of the lines that fit, from 1. Rejects with a ToolMistake when it takes too long; then nothing more works. */
  lines(text: string): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        cancel();
        this.#worker.off('message', onMessage).off('error', onError);
      };
      const onMessage = (found: number[]): void => {
        settle();
        resolve(found);
      };
      const onError = (error: Error): void => {
        settle();
        reject(error);
      };
      const cancel = this.#clock.after(MAX_FILE_MS, () => {
        settle();
        void this.stop();
        reject(new ToolMistake('The pattern takes too long. Use a simpler one, without nested repetitions.'));
      });
      this.#worker.on('message', onMessage).on('error', onError);
      this.#worker.postMessage(text);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
