import type { RunOutcome } from './event.ts';

/** One earlier question of the same session, and what came of it. */
export interface Exchange {
  question: string;
  /** Null when the run came to no answer. */
  answer: string | null;
  /** `unfinished` for a run that was cut off. */
  outcome: RunOutcome | 'unfinished';
}
