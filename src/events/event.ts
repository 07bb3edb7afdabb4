import type { AnswerEvents } from './answer-events.ts';
import type { AskEvents } from './ask-events.ts';
import type { RunEvents } from './run-events.ts';
import type { ToolEvents } from './tool-events.ts';
import type { TurnEvents } from './turn-events.ts';
import type { Alias } from './terms.ts';

// Events and the words that they are told in are imported from one place.
export type {
  AgentInfo,
  Alias,
  AnswerLabel,
  ApprovalScope,
  BudgetResource,
  BudgetUse,
  CallToApprove,
  Feedback,
  FileChange,
  FileConflict,
  InputFile,
  PlannedTask,
  Preparation,
  PreparedText,
  QuestionOption,
  RefusalCode,
  Respondent,
  Risk,
  RunOutcome,
  Score,
  TurnKind,
  TurnLimitStage,
  TurnOutcome,
} from './terms.ts';

/**
 * Everything that can happen in a run, by type. Types are past tense, `noun.verb-past`.
 * `agent` of the envelope names the agent that an event is about, where there is one.
 */
export interface EventData extends RunEvents, TurnEvents, ToolEvents, AskEvents, AnswerEvents {}

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
