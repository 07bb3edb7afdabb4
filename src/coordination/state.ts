import type {
  FileConflict,
  AgentInfo,
  Alias,
  AnswerLabel,
  BudgetUse,
  EventData,
  Feedback,
  PlannedTask,
  Preparation,
  PreparedText,
  Respondent,
  RunOutcome,
  TurnKind,
  TurnLimitStage,
} from '../events/event.ts';
import type { ActionStage, PlannedAction } from '../events/planned-action.ts';
import type { Exchange } from '../events/exchange.ts';
import type { ModelError } from '../events/model-error.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import type { CallEstimate } from '../events/turn-events.ts';
import type { Cost, Usage } from '../events/usage.ts';

/** What model calls are for: turns by their kind, answers to other agents' questions, and what precedes all turns. */
export type SpendingPhase = TurnKind | 'subagent' | 'nested' | 'question' | 'risk' | 'preparation';

export interface PhaseSpending {
  usage: Usage;
  cost: Cost;
}

/**
 * Everything that decisions are made from, and the one place where a run's answers, ballots, money and statuses
 * are looked up. A pure fold of the log (`apply.ts`); plain data, so two states can be compared as JSON.
 */
export interface RunState {
  run: string;
  question: string;
  /** The session that the run belongs to; null without one. */
  session: string | null;
  /** Earlier questions of the session, oldest first. */
  history: readonly Exchange[];
  team: string;
  settings: CoordinationSettings;
  seed: number;
  startedAt: number;
  /** Times in which nobody worked on the run, between a crash or a cancel and its resumption: when each ended, and its length. */
  rests: { until: number; ms: number }[];
  /** Time of the last event; once the run has ended, that of its end. */
  updatedAt: number;
  /** Number of the last event. */
  seq: number;
  /** Aliases in the order of the config (which is not the order of their numbers). */
  order: Alias[];
  agents: Record<Alias, AgentState>;
  /** Every ballot ever cast, oldest first. */
  ballots: Ballot[];
  winner: EventData['winner.chosen'] | null;
  /** What the user gets; null until then. */
  final: (EventData['answer.presented'] & { at: number }) | null;
  /** A presenter was started; there is never a second one. */
  hasPresenter: boolean;
  /** 1, and one more for every restart. */
  attempt: number;
  /** What was wrong with the attempt before this one; null in the first. */
  feedback: Feedback | null;
  /** What was said of this attempt's answer; null until then. */
  evaluation: { isGood: boolean; reason: string; instructions: string; keep?: AnswerLabel[] } | null;
  /** Somebody was asked to evaluate in this attempt; nobody else is. */
  hasEvaluator: boolean;
  isDeadlineReached: boolean;
  /** How near the time limit of the run is, as far as agents are concerned. */
  deadlineStage: 'noticed' | 'closed' | null;
  isCancelled: boolean;
  end: { outcome: RunOutcome; reason: string } | null;
  /** What is being prepared. */
  preparing: Preparation[];
  /** What was prepared, by agent. */
  prepared: Partial<Record<Preparation, Record<Alias, PreparedText>>>;
  usage: Usage;
  cost: Cost;
  /** Runs that agents have started by tools, as far as what they use is counted; oldest first. */
  nested: NestedRun[];
  /** The same by what the calls were for; phases that nothing was spent on are absent. */
  phases: Partial<Record<SpendingPhase, PhaseSpending>>;
  /** What each turn used, in the order in which they first did. Calls beside turns are in no turn. */
  turnSpending: readonly TurnSpending[];
  /** Tool calls begun so far, of all agents. */
  toolCalls: number;
  /** Highest mark told so far in percent, by `run/usd`, `agent1/tokens` and so on. */
  budgetMarks: Record<string, number>;
  /** The run's budget that is used up and ends its rounds; null while there is enough. */
  spent: BudgetUse | null;
  /** It was said that a limit in USD may be passed. */
  isUnpriced: boolean;
  /** Somebody asked for the answer now. */
  isClosed: boolean;
  /** The user's own last ballot, counted or not. */
  userBallot: Ballot | null;
  /** Answers that the user does not want, with the reason. */
  vetoes: Record<AnswerLabel, string>;
  /** The answer that the user chose as winner. */
  override: AnswerLabel | null;
  /** What the user has said to agents, oldest first. */
  notes: UserNote[];
  /** Messages on their way into conversations; a crash there means that they were not delivered. */
  handing: { message: string; alias: Alias }[];
  /** Calls that wait for leave, oldest first. */
  approvals: PendingApproval[];
  /** Questions that not all have answered, oldest first. */
  questions: PendingQuestion[];
  /** Every question that an agent has asked in this run, oldest first. */
  asked: AskedQuestion[];
  /** What agents would do, in a run that plans before it acts, and what was done of it; oldest first. */
  actions: ActionState[];
  /** It was said what of the planned was left. */
  hasToldLeft: boolean;
  /** What the winner's files would change; null while nothing is proposed. */
  changes: ProposedChanges | null;
  /** Whether the changes of the presented answer were looked for. */
  hasProposed: boolean;
  /** What is being done about them right now. */
  changeStep: 'propose' | 'apply' | null;
  /** What the user thinks of the presented answer. */
  rating: 'up' | 'down' | null;
  /** What a grader says of answers, the last word on each. */
  grades: EventData['answer.graded'][];
}

/** `label` is the answer that it is a part of; null until its agent hands one in. */
export type ActionState = PlannedAction & { alias: Alias; label: AnswerLabel | null; stage: ActionStage };

/** What the model calls of one turn used. */
export interface TurnSpending {
  turn: string;
  alias: Alias;
  kind: TurnKind;
  attempt: number;
  /** Calls that are over. */
  requests: number;
  usage: Usage;
  cost: Cost;
}

/** A run that a tool of `alias` has started, in `dir`, and what of its use is counted. */
export interface NestedRun {
  run: string;
  dir: string;
  alias: Alias;
  usage: Usage;
  cost: Cost;
}

/** A call that waits until somebody decides. */
export type PendingApproval = EventData['approval.requested'] & { alias: Alias; at: number };

/** A question of `alias`; `waitsFor` are those who have not answered yet. */
export type PendingQuestion = EventData['question.asked'] & { alias: Alias; at: number; waitsFor: Respondent[] };

/** A question of `alias` and what came of it. */
export interface AskedQuestion {
  question: string;
  alias: Alias;
  /** Who works for that agent and asked it; absent is the agent. */
  subagent?: string;
  to: Respondent[];
  text: string;
  /** Its asker did not wait. */
  isDetached: boolean;
  answers: Pick<EventData['question.answered'], 'by' | 'outcome' | 'choices' | 'text' | 'reason'>[];
  /** Who is to hear of it at its next safe point: agents in whose name a copy answered, and an asker that went on. */
  untold: Alias[];
}

export type ProposedChanges = EventData['changes.proposed'] & {
  /** `proposed` until the user decides; an undone change can be applied again. */
  state: 'proposed' | 'decided' | 'applied' | 'undone';
  /** The accepted files. */
  accepted: string[];
  /** What the user said to it; absent without words. */
  comment?: string;
  /** Of accepted files that are not taken as a whole: the numbers of the accepted parts. */
  hunks?: Record<string, number[]>;
  /** Files of the user's that were left alone when the accepted ones were written. */
  conflicts?: FileConflict[];
};

/** A message of the user to agents. */
export interface UserNote {
  message: string;
  at: number;
  to: Alias[];
  text: string;
  /** Receivers that have not got it yet. */
  pending: Alias[];
}

export interface AgentState {
  info: AgentInfo;
  /** `active` agents answer and vote; the others are out, and their answers stay. */
  standing: 'active' | 'failed' | 'abstained';
  /** Why it is out; null while active. */
  trouble: ModelError | { kind: 'abstained'; message: string } | null;
  /** The turn it is in; null between turns. */
  turn: OpenTurn | null;
  /** Of a turn that a crash or a cancel has cut off, for the one that goes on with it; null without one. */
  left: LeftTurn | null;
  /** Turns begun so far. */
  turns: number;
  /** Answers of earlier attempts, oldest first. */
  past: AnswerVersion[];
  /** Oldest first; the last one is current. */
  answers: AnswerVersion[];
  /** Answers that its conversation holds. */
  seen: AnswerLabel[];
  /** Its last ballot, counted or not. */
  ballot: Ballot | null;
  requests: number;
  usage: Usage;
  cost: Cost;
  /** Tool calls begun so far. */
  toolCalls: number;
  /** Time in finished turns. */
  workedMs: number;
  /** Its own budget that is used up; null while there is enough. */
  spent: BudgetUse | null;
  /** How often it went on with another model. */
  switches: number;
  /** Streamed characters of text and reasoning, for rates. */
  streamedChars: number;
  /** Its plan; empty where it has made none. */
  plan: PlannedTask[];
  /** Those who work, or have worked, on parts for it, oldest first. */
  subagents: Subagent[];
  lastActivityAt: number;
}

/** Somebody who works on a part for an agent. */
export interface Subagent {
  name: string;
  /** The call that began it, until it has its result. */
  callId: string | null;
  task: string;
  /** Its role; absent without one. */
  kind?: string;
  model: string;
  /** Of its own run, in the run's folder. */
  dir: string;
  status: 'working' | RunOutcome;
  /** The last thing that it said; its answer, in the end. */
  text: string;
  /** Why there is no answer, or not the whole one. */
  reason: string;
  /** Folder with its files, absolute; null where there are none, or not yet. */
  files: string | null;
  /** The tool that it used last; null once it has said something. */
  tool: string | null;
  /** Model calls and tool calls that are counted. */
  steps: number;
  usage: Usage;
  cost: Cost;
  startedAt: number;
  /** Null while it works. */
  finishedAt: number | null;
  isDetached: boolean;
  /** The agent went on, and has not heard of the end yet. */
  isUntold: boolean;
}

export interface OpenTurn {
  turn: string;
  kind: TurnKind;
  /** Number of its `turn.started`. */
  seq: number;
  startedAt: number;
  /** Answers the agent has seen, in its own order. */
  view: AnswerLabel[];
  /** How often it was told of new answers. */
  updates: number;
  /** The model call in flight. */
  request: string | null;
  /** What that call uses at least; null where nobody knows. */
  atLeast: CallEstimate | null;
  /** When the next try of a failed call, or a call that had to wait, is due; null when none is. */
  retryAt: number | null;
  /** Tools running now, by call id. */
  tools: Record<string, string>;
  /** Replies of this turn whose workflow calls were refused, or missing. */
  refusals: number;
  /** The round of the last one. */
  refusedRound: number;
  isInterrupted: boolean;
  /** How far its own time limits it; null while there is time. */
  limit: TurnLimitStage | null;
  /** Finished model calls of this turn. */
  rounds: number;
}

/** Of a turn that was cut off: what counts against its limits, so that nobody has all of them again, and its open call. */
export type LeftTurn = Pick<
  OpenTurn,
  'turn' | 'kind' | 'updates' | 'refusals' | 'refusedRound' | 'rounds' | 'request' | 'atLeast'
>;

export interface AnswerVersion {
  label: AnswerLabel;
  alias: Alias;
  text: string;
  /** Its author's own, for prompts of others that show no answer of that length; absent without one. */
  summary?: string;
  source: 'tool' | 'text';
  isCut: boolean;
  seq: number;
  at: number;
  /** Tokens its author had used when it was submitted. */
  tokens: number;
}

export interface Ballot {
  id: string;
  voter: Alias;
  choice: AnswerLabel;
  ranking: AnswerLabel[];
  reason: string;
  view: AnswerLabel[];
  seq: number;
  at: number;
  /** The answer that made it void; null while it counts. */
  voidedBy: AnswerLabel | null;
}

/** What an agent is doing, in one word; the words of `status.json` and of the panes. */
export type AgentStatus =
  | 'waiting'
  | 'streaming'
  | 'tool'
  | 'retrying'
  | 'answered'
  | 'voted'
  | 'failed'
  | 'abstained'
  | 'completed';

export type Phase = 'drafting' | 'judging' | 'presenting' | 'finished';
