import type { PlannedAction } from './planned-action.ts';
import type { ModelError, StopReason } from './model-error.ts';
import type { AssistantMessage, SystemMessage, ToolCall, UserMessage } from './message.ts';
import type { Exchange } from './exchange.ts';
import type { CoordinationSettings, FinalAnswerMode, Limits, TieBreak, VotingRule } from './settings.ts';
import type { Usage } from './usage.ts';

/** An agent's name inside one run: `agent1` … `agentN`. Models, folders, labels and logs use only this name. */
export type Alias = string;
/** One version of one agent's answer: `agent2.1` is the first answer of agent2. */
export type AnswerLabel = string;

/** What a turn is for. `solo` is the only turn of a run with one agent. */
export type TurnKind = 'solo' | 'draft' | 'judge' | 'present' | 'evaluate';

export type TurnOutcome = 'answered' | 'voted' | 'presented' | 'evaluated' | 'failed' | 'abstained' | 'aborted';

/** Something that is prepared for all agents before they draft: points of view, rewordings of the question, parts of it. */
export type Preparation = 'personas' | 'rewording' | 'subtasks';

/** What was prepared for one agent. `dependsOn` are the agents whose answers it is to have first; never in a circle. */
export interface PreparedText {
  text: string;
  dependsOn: Alias[];
}

/** How far a turn is limited by time. */
export type TurnLimitStage = 'noticed' | 'closed' | 'stopped';

export type RunOutcome = 'answered' | 'failed' | 'timed-out' | 'cancelled';

/** The public face of an agent. Never holds a secret. */
export interface AgentInfo {
  alias: Alias;
  /** The id in the user's config. Models never see it. */
  id: string;
  /** Backend type, e.g. `openai`. */
  type: string;
  model: string;
  /** False for built-in and scripted agents: no model is called and nothing is paid. */
  isModel: boolean;
  /** What it may use of its own; absent is no limit. */
  limits?: Limits;
  /** Its part of the work, from the config. */
  subtask?: PreparedText;
}

/** Why a workflow call was not accepted. */
export type RefusalCode =
  | 'no-call'
  | 'several-votes'
  | 'vote-and-answer'
  | 'unknown-target'
  | 'nothing-to-vote-on'
  | 'bad-arguments'
  | 'answer-cap'
  | 'empty-answer'
  | 'duplicate-answer'
  | 'not-novel'
  | 'wrong-phase'
  | 'cut-off'
  | 'tool-budget'
  | 'round-over';

/** What a budget is about. `usd` and `tokens` count what providers report. */
export type BudgetResource = 'usd' | 'tokens' | 'seconds' | 'tool_calls';

/** How far a budget is used. */
export interface BudgetUse {
  resource: BudgetResource;
  used: number;
  limit: number;
}

/** Why an attempt was not good enough, and what it had come to. */
export interface Feedback {
  reason: string;
  instructions: string;
  /** The answer that was presented. */
  previous: string;
}

/** The score of one answer under the rule that decided. Higher is better. */
export interface Score {
  label: AnswerLabel;
  score: number;
  /** Ballots whose first choice it is. */
  firstChoices: number;
}

/** How much harm a call may do, from what its tool says about itself. */
export type Risk = 'low' | 'medium' | 'high';

/** How long a decision of the user holds. */
export type ApprovalScope = 'once' | 'run' | 'session' | 'always';

/** A tool call that waits for leave, or had to be decided on. */
export interface CallToApprove {
  turn: string;
  callId: string;
  tool: string;
  /** What the call does, for rules and people, such as `run_command`; `target` is what it does it to, word for word. */
  action: string;
  target: string;
  risk: Risk;
}

/** One of the answers that a question offers. */
export interface QuestionOption {
  label: string;
  description: string;
}

/** A file that goes along with the question, as a copy in the run's folder. */
export interface InputFile {
  name: string;
  mediaType: string;
  bytes: number;
  /** Relative to the run's folder. */
  path: string;
  /** Ids of the agents that get it; absent for all. */
  agents?: string[];
}

/** Somebody who can be asked, or who answers: an agent's alias, or `user`. */
export type Respondent = string;

/** One step of an agent's plan. */
export interface PlannedTask {
  id: string;
  title: string;
  status: 'pending' | 'active' | 'done' | 'blocked';
  /** Ids of the tasks that have to be done before. */
  dependsOn: string[];
}

/** One file that the winner's work changes. Lines are counted as in a unified diff; 0 for binary files. */
export interface FileChange {
  path: string;
  change: 'added' | 'modified' | 'deleted';
  added: number;
  removed: number;
  isBinary: boolean;
  /** Parts that can be accepted one by one; absent where there is one at most. */
  hunks?: number;
  /** What a comparison of lines does not show, such as `executable` or `a link`. */
  detail?: string;
}

/** A file of the user's that was left alone, and why. */
export interface FileConflict {
  path: string;
  reason: string;
}

/**
 * Everything that can happen in a run, by type. Types are past tense, `noun.verb-past`.
 * `agent` of the envelope names the agent that an event is about, where there is one.
 */
export interface EventData {
  /** Always the first event. */
  'run.started': {
    question: string;
    team: string;
    agents: AgentInfo[];
    settings: CoordinationSettings;
    seed: number;
    /** Version of the program that wrote the log. */
    version: string;
    /** The earlier questions of the session, oldest first; absent where there are none. */
    history?: Exchange[];
    /** The session that the run belongs to. */
    session?: string;
    /** Folder of the files that came with the session's last answer, absolute; agents with a workspace may read it. */
    earlierFiles?: string;
    /** Files that go along with the question; absent where there are none. */
    inputs?: InputFile[];
    /** The run that this one branched off, and the last event that it took over. */
    parent?: { run: string; seq: number };
  };
  /**
   * Somebody went on with the run after a crash or a cancel. Turns that were open are void, and so are a
   * `run.cancelled` and a `run.finished` with the outcome `cancelled` before it.
   */
  'run.resumed': { epoch: number };
  'run.cancelled': { by: 'user' | 'signal' | 'caller' };
  'deadline.reached': { limitMs: number };
  /** The time limit of the run comes near: agents are told, then left with the workflow tools. */
  'deadline.neared': { stage: 'noticed' | 'closed'; leftMs: number };
  /** The envelope's `agent` says whose own budget it is; without one it is the run's. */
  'budget.warned': BudgetUse & { percent: 50 | 80 | 95 };
  /** Nothing more of it is spent. `used` may be beyond the limit by the model calls that were in flight. */
  'budget.reached': BudgetUse;
  /** A limit in USD cannot be kept, since the price of a model is unknown. Said once. */
  'budget.unpriced': { model: string; message: string };
  /** Somebody wants the answer now: no further round, and no presenter. */
  'drafting.closed': { by: 'user' | 'signal' | 'caller' };
  /** The user says something to agents; each gets it at its next safe point. */
  'message.sent': { message: string; to: Alias[]; text: string };
  /** `message` may also be the id of a question: the agent hears what it was answered, or what was said in its name. */
  'message.delivered': { turn: string; message: string };
  /** The user's own ballot. Counts like an agent's, only while `view` is current. A later one replaces it. */
  'vote.added': { choice: AnswerLabel; view: AnswerLabel[] };
  /** The user does not want this answer: it cannot win, and ballots for it are void. */
  'answer.vetoed': { label: AnswerLabel; reason: string };
  /** The user has chosen the winner; no vote is taken. */
  'vote.overridden': { label: AnswerLabel };
  /** The last event of a run that ended; only a cancelled run may go on after it, with `run.resumed`. */
  'run.finished': { outcome: RunOutcome; reason: string };

  /** A model is asked to prepare something for all agents. */
  'preparation.started': { what: Preparation };
  /** Agents without a text work without it; `problem` says why there is none. */
  'preparation.finished': {
    what: Preparation;
    texts: Record<Alias, PreparedText>;
    problem: string | null;
    usage: Usage;
    costUsd: number | null;
  };

  /** `view` lists the answers that the agent sees, in the order in which it sees them. */
  'turn.started': { turn: string; kind: TurnKind; view: AnswerLabel[] };
  /** The turn takes longer than its round may: it is told, then left with the workflow tools, then stopped. */
  'turn.limited': { turn: string; stage: TurnLimitStage; limitMs: number };
  /** The turn was told to stop; it finishes as `aborted` once its model call and tools have ended. */
  'turn.interrupted': { turn: string };
  'turn.finished': { turn: string; outcome: TurnOutcome };
  /** Messages that the model gets from the next request on. `isReset` begins a new conversation with them. */
  'context.added': { turn: string; isReset: boolean; messages: (SystemMessage | UserMessage)[] };
  /** Newer answers reached an agent in the middle of its turn; from now on its view is `view`. */
  'update.delivered': { turn: string; view: AnswerLabel[] };

  /** A model call waits before it is made. `detail` is a sentence for people. */
  'request.delayed': { turn: string; reason: 'rate-limit' | 'circuit-open'; ms: number; detail: string };
  /** From here on the agent works with another model, since `error` will not go away. */
  'model.switched': { turn: string; from: string; to: string; error: ModelError };
  'request.started': { turn: string; request: string; tools: string[] };
  /** Streamed text. May be lost in a crash; `request.finished` holds all of it. */
  'text.appended': { request: string; text: string };
  'reasoning.appended': { request: string; text: string };
  'request.finished': {
    turn: string;
    request: string;
    message: AssistantMessage;
    stopReason: StopReason;
    usage: Usage;
    /** Null when the price of the model is unknown. */
    costUsd: number | null;
    /** Tools of the provider that were used and cost something unknown beside that. */
    unpriced?: string[];
    durationMs: number;
  };
  /** `retryInMs` is null when no further try follows. */
  'request.failed': {
    turn: string;
    request: string;
    error: ModelError;
    usage: Usage;
    costUsd: number | null;
    unpriced?: string[];
    retryInMs: number | null;
  };

  'tool.started': { turn: string; call: ToolCall };
  /** How far a long call is, in words for people; now and then, not for every step. */
  'tool.progressed': { turn: string; callId: string; message: string };
  'tool.finished': { turn: string; callId: string; name: string; output: string; isError: boolean; durationMs: number };
  /**
   * The provider began to use one of its own tools, such as a web search; `use` is unique in the run. `detail` says
   * with what: the query, the code, the address.
   */
  'builtin.used': { turn: string; request: string; use: string; name: string; detail: string };
  /** What came of it, as far as the provider tells; `output` may be shortened or empty. */
  'builtin.returned': { turn: string; use: string; name: string; output: string; isError: boolean; durationMs: number };
  /** A page that the agent's reply refers to, once per reply. */
  'source.cited': { turn: string; request: string; url: string; title: string };
  /**
   * A file that the agent's reply refers to, or that the provider made. `path` is relative to the run's folder, null
   * where the file itself did not come; `id` is the provider's name for it.
   */
  'file.received': {
    turn: string;
    request: string;
    name: string;
    id: string | null;
    mediaType: string | null;
    path: string | null;
    bytes: number | null;
  };
  /** A call waits until somebody decides. `diff` is what it would change, where that is known before. */
  'approval.requested': CallToApprove & { request: string; detail: string; diff: string | null };
  /**
   * A call may be made, or not. `request` is null where nobody had to be asked; `by` says who decided, `reason` is a
   * sentence for the agent and the audit.
   */
  'approval.decided': CallToApprove & {
    request: string | null;
    isAllowed: boolean;
    scope: ApprovalScope;
    by: 'user' | 'rule' | 'policy' | 'file' | 'timeout';
    reason: string;
  };
  /** The agent of the envelope asks others. The user answers in a dialog; agents answer beside their own work. */
  'question.asked': {
    question: string;
    turn: string;
    to: Respondent[];
    text: string;
    options: QuestionOption[];
    isMultiple: boolean;
    /** Whether an answer in words is possible besides, or instead of, the options. */
    allowsText: boolean;
    timeoutMs: number | null;
    /** The agent goes on with its work; the answers reach it at a safe point. */
    isDetached?: true;
  };
  /** One of those who were asked has answered, or will not. `choices` are labels of options. */
  'question.answered': {
    question: string;
    by: Respondent;
    /** How the user's answer came: by a person, by a file of a program, or by a rule where nobody is there. */
    through?: 'user' | 'file' | 'policy';
    outcome: 'answered' | 'skipped' | 'timed-out' | 'declined';
    choices: string[];
    text: string;
    /** Why there is no answer; empty where there is one. */
    reason: string;
    usage: Usage;
    costUsd: number | null;
  };
  /**
   * The agent of the envelope has others work on parts for it, or has them go on. Each has a run of its own in `dir` of
   * the run's folder; `callId` is the call that began it. `isDetached`: the agent goes on with its work meanwhile.
   */
  'subagent.started': {
    turn: string;
    callId: string;
    subagent: string;
    task: string;
    model: string;
    dir: string;
    isDetached: boolean;
  };
  /** One model call, or the beginning of one tool call, of that part; the agent of the envelope pays for it. */
  'subagent.worked': { subagent: string; text: string; tool: string | null; usage: Usage; costUsd: number | null };
  /** `text` is its answer; `reason` says why there is none. */
  'subagent.finished': {
    subagent: string;
    outcome: RunOutcome;
    text: string;
    reason: string;
    /** Folder with its files, absolute; null where there are none. */
    files: string | null;
    durationMs: number;
  };
  /** While agents only plan: a call that was not made. It is a part of the agent's next answer. */
  'action.proposed': PlannedAction & { turn: string };
  /** The winner does it now. On disk before the effect begins, so that it is never begun again. */
  'action.begun': { turn: string; key: string };
  'action.ended': { turn: string; key: string; isError: boolean };
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
  /** What another agent than the author says of the presented answer. `instructions` are for the next attempt. */
  'answer.evaluated': { turn: string; isGood: boolean; reason: string; instructions: string; callId: string | null };
  /** The work begins anew, since the presented answer was found wanting. Numbers of answers go on. */
  'attempt.started': { attempt: number; feedback: Feedback };
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

export type EventType = keyof EventData;

interface Envelope<T extends EventType> {
  /** Version of the envelope. */
  v: 1;
  /** Position in the log: 1, 2, 3 … without gaps. */
  seq: number;
  /** Milliseconds since 1970, from the injected clock. */
  at: number;
  run: string;
  attempt: number;
  /** The writer's fencing number; rises when another process adopts the run. */
  epoch: number;
  agent?: Alias;
  /** `seq` of the event that led to this one. */
  cause?: number;
  type: T;
  data: EventData[T];
}

/** One fact of a run. Narrow it by `type`. */
export type RunEvent = { [T in EventType]: Envelope<T> }[EventType];
export type EventOf<T extends EventType> = Extract<RunEvent, { type: T }>;

/** An event before the log gave it a place and a time. */
export type EventDraft = {
  [T in EventType]: { type: T; data: EventData[T]; agent?: Alias; cause?: number };
}[EventType];

/** Event types that may be lost in a crash. All others are on disk before anything acts on them. */
const DELTAS: ReadonlySet<EventType> = new Set<EventType>(['text.appended', 'reasoning.appended', 'tool.progressed']);

export function isDelta(event: { type: EventType }): boolean {
  return DELTAS.has(event.type);
}

/** For switches that must name every case. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
