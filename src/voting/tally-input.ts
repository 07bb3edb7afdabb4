import type { Alias, AnswerLabel, EventData } from '../events/event.ts';
import type { TieBreak, VotingRule } from '../events/settings.ts';

/** An answer that can win. */
export interface Candidate {
  label: AnswerLabel;
  /** Its author. */
  alias: Alias;
  /** Place of its submission in the log; the earlier answer has the lower number. */
  seq: number;
  /** Tokens its author had used when it was submitted. */
  tokens: number;
}

/** A ballot that counts. One voter has at most one; the caller sees to that. */
export interface CastBallot {
  voter: Alias;
  choice: AnswerLabel;
  /** Best first; begins with `choice`. Answers that are not listed rank below all listed ones, equal to each other. */
  ranking: readonly AnswerLabel[];
}

export interface TallyInput {
  /** In registration order of their authors. Labels are unique. */
  candidates: readonly Candidate[];
  ballots: readonly CastBallot[];
  rule: VotingRule;
  tieBreak: TieBreak;
  /** False passes over a voter's own answer wherever its ballot lists it, and leaves out a ballot that lists nothing else. */
  countSelfVotes: boolean;
  /** Decides the `random` tie-break, and nothing else. */
  seed: number;
}

/** The data of `winner.chosen`. `scores` is best first, so the winner comes first. */
export type TallyResult = EventData['winner.chosen'] & { rule: VotingRule };
