import type { Clock } from '../../platform/clock.ts';
import { ToolMistake } from '../define-tool.ts';
import { MatcherThread } from './matcher-thread.ts';

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
  readonly #thread: MatcherThread;

  /** Throws a ToolMistake for a pattern that is none. */
  constructor(source: string, ignoresCase: boolean, clock: Clock) {
    const flags = ignoresCase ? 'i' : '';
    try {
      // Only to see whether it is one; it is run in the thread.
      void new RegExp(source, flags);
    } catch {
      throw new ToolMistake('The pattern is no regular expression of JavaScript.');
    }
    const tooLong = 'The pattern takes too long. Use a simpler one, without nested repetitions.';
    this.#thread = new MatcherThread(PROGRAM, { source, flags }, { clock, maxMs: MAX_FILE_MS, tooLong });
  }

  /** Numbers of the lines that fit, from 1. Rejects with a ToolMistake when it takes too long; then nothing more works. */
  async lines(text: string): Promise<number[]> {
    return (await this.#thread.ask(text)) as number[];
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}
