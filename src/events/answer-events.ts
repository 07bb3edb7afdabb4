import type { ModelError } from './model-error.ts';
import type { FinalAnswerMode, TieBreak, VotingRule } from './settings.ts';
import type { AnswerLabel, Feedback, FileChange, FileConflict, PlannedTask, RefusalCode, Score } from './terms.ts';

/** Answers, ballots, the winner, and what becomes of its files. See EventData. */
export interface AnswerEvents {
  /** The agent's plan as it is from now on. */
  'plan.changed': { turn: string; tasks: PlannedTask[] };
  /** The winner's files are compared with the user's folder, or accepted ones are written there. */
  'changes.begun': { step: 'propose' | 'apply' };
  /**
   * What the winner's files change in the user's folder `base`, not yet applied; no files where they change nothing.
   * `patch` is a file in the run's folder. `problems` say what is not proposed, and why.
   */
  'changes.proposed': { label: AnswerLabel; base: string; files: FileChange[]; patch: string; problems?: string[] };
  /**
   * The user, or a policy, has decided; `paths` were accepted, all others were not. Of a file in `hunks` only these
   * parts were, counted from 0.
   */
  'changes.decided': {
    label: AnswerLabel;
    paths: string[];
    by: 'user' | 'policy';
    comment: string;
    hunks?: Record<string, number[]>;
  };
  /**
   * The accepted files are in the user's folder; `backup` is a file in the run's folder that knows what was there, and is
   * empty where nothing was written. Files in `conflicts` were left alone.
   */
  'changes.applied': { label: AnswerLabel; paths: string[]; backup: string; conflicts?: FileConflict[] };
  'changes.undone': { label: AnswerLabel; paths: string[] };
  /** What the user thinks of the presented answer; may come after the end of the run. Null takes it back. */
  'answer.rated': { label: AnswerLabel; rating: 'up' | 'down' | null };
  /**
   * What the grader of an evaluation says of an answer, after the end of the run; `label` is null for the presented one.
   * `score` goes from 0 (wrong, or no answer) to 1; the last one counts. `team` and `kind` are what the evaluation calls the
   * team and the sort of question. It holds neither the right answer nor a reason, which may name it: agents of a later
   * turn must not come to read it in a log.
   */
  'answer.graded': { label: AnswerLabel | null; grader: string; score: number; team: string; kind: string };
  /** A workflow call that does not count. `callId` is null where no call was made at all. */
  'call.refused': { turn: string; callId: string | null; name: string | null; code: RefusalCode; message: string };

  /** `source` is `text` when the agent answered without the tool. */
  'answer.submitted': {
    turn: string;
    label: AnswerLabel;
    text: string;
    source: 'tool' | 'text';
    isCut: boolean;
    callId: string | null;
    /** What its author says of a long one in short; absent where others are shown the answer itself. */
    summary?: string;
  };
  /** The agent's tools are there, before its first model call. `problems` says which are not, and why. */
  'tools.prepared': { tools: string[]; problems: string[] };
  /** The agent's files were copied to `snapshots/<label>`, just before its answer. `problem` says what is missing. */
  'snapshot.taken': {
    turn: string;
    label: AnswerLabel;
    files: number;
    bytes: number;
    leftOut: number;
    problem: string | null;
  };
  /** The presenter's workspace is what it was when it handed in the winning answer; `problem` says why it is not. */
  'snapshot.restored': { turn: string; label: AnswerLabel; problem: string | null };
  'ballot.cast': {
    turn: string;
    ballot: string;
    choice: AnswerLabel;
    /** Best first; begins with `choice`. Answers that are not listed rank below all listed ones, equal to each other. */
    ranking: AnswerLabel[];
    reason: string;
    /** The answers that the voter had seen. The ballot counts only while these are the current ones. */
    view: AnswerLabel[];
    callId: string;
  };
  /**
   * What another agent than the author says of the presented answer. `instructions` are for the next attempt, in which
   * the answers of `keep` stay.
   */
  'answer.evaluated': {
    turn: string;
    isGood: boolean;
    reason: string;
    instructions: string;
    keep?: AnswerLabel[];
    callId: string | null;
  };
  /**
   * The work begins anew, since the presented answer was found wanting. Numbers of answers go on. Answers of `kept` are
   * current as before, and their authors draft no new ones; the others are history.
   */
  'attempt.started': { attempt: number; feedback: Feedback; kept?: AnswerLabel[] };
  /** The agent is out of the run. Its answers stay. */
  'agent.failed': { error: ModelError };
  /** The agent will not vote. Its answers stay. */
  'agent.abstained': { reason: string };

  'winner.chosen': {
    label: AnswerLabel;
    /** `only-answer`, `fallback`, `override` (the user's word) and `division` (of the work) are no votes. */
    rule: VotingRule | 'only-answer' | 'fallback' | 'override' | 'division';
    scores: Score[];
    /** Labels that the rule left equal, and what decided between them; null when there was no tie. */
    tie: { labels: AnswerLabel[]; decidedBy: 'borda' | TieBreak } | null;
    ballots: number;
    reason: string;
  };
  /** The answer that the user gets. `notice` says why it is not what was asked for. */
  'answer.presented': {
    text: string;
    source: 'presenter' | 'winning-answer';
    mode: FinalAnswerMode;
    notice: string | null;
  };
}
