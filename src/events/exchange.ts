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
  /** What agents had handed in when the run ended without an answer; absent where there is one, or nothing. */
  left?: LeftAnswer[];
}

/** The last answer of one agent in a run that ended without a final one. */
export interface LeftAnswer {
  /** The agent's id. */
  by: string;
  text: string;
  /** Id of the agent whose answer its ballot names; null where it had not voted, or its ballot was void. */
  votedFor: string | null;
  /** It had won, and was to be presented. */
  isWinner: boolean;
}
