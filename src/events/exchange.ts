/** One earlier question of the same session, and what came of it. */
export interface Exchange {
  question: string;
  /** Null when the run came to no answer. */
  answer: string | null;
  /** As the run ended; `unfinished` for one that was cut off. */
  outcome: 'answered' | 'failed' | 'timed-out' | 'cancelled' | 'unfinished';
  /** What the user said of the files that the answer would change; absent without a comment. */
  review?: string;
  /** What agents asked the user meanwhile, and were told; absent where there was nothing. */
  asked?: { text: string; answer: string }[];
}
