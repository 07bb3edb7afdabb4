import type { Exchange } from '../events/exchange.ts';

/** One earlier turn of a conversation. */
export interface PastTurn {
  question: string;
  /** Null for a turn that got no answer. */
  answer: string | null;
}

/** The same as a run records it. */
export function toExchange({ question, answer }: PastTurn): Exchange {
  return { question, answer, outcome: answer === null ? 'unfinished' : 'answered' };
}
