import type { AssistantMessage, SystemMessage, UserMessage } from './message.ts';
import type { ModelError, StopReason } from './model-error.ts';
import type { AnswerLabel, TurnKind, TurnLimitStage, TurnOutcome } from './terms.ts';
import type { Usage } from './usage.ts';

/** Input tokens by the length of what is sent, and their price in USD; null where that is unknown. */
export interface CallEstimate {
  input: number;
  costUsd: number | null;
}

/** What happens in the turns of agents: what models are told, asked and answer. See EventData. */
export interface TurnEvents {
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
  'request.started': {
    turn: string;
    request: string;
    tools: string[];
    /** What the call uses at least, for a run whose process ends before the call does. Absent where no model is called. */
    atLeast?: CallEstimate;
  };
  /** Streamed text. May be lost in a crash; `request.finished` holds all of it. */
  'text.appended': { request: string; text: string };
  'reasoning.appended': { request: string; text: string };
  'request.finished': {
    turn: string;
    request: string;
    message: AssistantMessage;
    stopReason: StopReason;
    usage: Usage;
    /** Null when the price of the model is unknown, or the model did not say what it used. */
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
    /** It was cut off before all its tokens were counted, so it may cost more than `costUsd`. */
    isCut?: true;
    retryInMs: number | null;
  };
}
