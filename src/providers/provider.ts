import type { PlannedTask, TurnKind } from '../events/event.ts';
import type { AssistantMessage, Message, ToolCall, ToolSpec } from '../events/message.ts';
import type { ModelError, StopReason } from '../events/model-error.ts';
import type { Usage } from '../events/usage.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { RemoteFiles } from './remote/remote-files.ts';

/**
 * `reply`: an agent answers the question of another one beside its own turn. `prepare`: something is made for all
 * agents before they draft.
 */
export type CallPurpose = TurnKind | 'reply' | 'prepare' | 'risk';

/** Calls beside an agent's own turns, some of them in the middle of one. */
export const ASIDE: ReadonlySet<CallPurpose> = new Set(['reply', 'prepare', 'risk']);

/** One model call. */
export interface ModelRequest {
  /** At most one system message, and it comes first. */
  messages: readonly Message[];
  tools: readonly ToolSpec[];
  /** `required` asks the model to call a tool; providers that cannot are free to ignore it. */
  toolChoice: 'auto' | 'required' | 'none';
  /** Stores of documents at the provider that its file search looks into, beside those of the backend. */
  stores?: readonly string[];
  /** What the call is for. Vendors are not told; built-in and scripted agents choose what to do by it. */
  purpose: CallPurpose;
  /** Stops the call; the stream then ends with `failed` of kind `aborted`. */
  signal: AbortSignal;
  /** What an agent that runs tools of its own may ask of the run; absent outside of a run, where nothing is granted. */
  desk?: AgentDesk;
}

/** How often a provider's own tools were used in a call, by their names. */
export type ToolUses = Readonly<Record<string, number>>;

/** What a model call yields, in order. */
export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  /** Text of a refusal; also part of the final message's text. */
  | { type: 'refusal'; text: string }
  /** A call whose arguments are complete. Never run it before `finished` came. */
  | { type: 'tool-call'; call: ToolCall }
  /**
   * The provider ran one of its own tools, e.g. `web_search`. `itemType` is the type of the item, block or part that
   * tells of it; absent where only metadata do. `isFree` is a use that is no call of its own for the bill. `container`
   * is where code has run, and may have left files.
   */
  | {
      type: 'builtin-tool';
      name: string;
      detail: string;
      itemType?: string;
      status?: string;
      isFree?: true;
      container?: string;
    }
  /**
   * What one of the provider's own tools gave back; it follows the `builtin-tool` of that use. `itemType` is absent
   * where the item of the use tells of the result too. `output` is what it says in words, possibly nothing.
   */
  | { type: 'builtin-result'; name: string; itemType?: string; output: string; isError: boolean }
  /** An agent with tools of its own has begun to use one. It runs already: the caller must not run it. */
  | { type: 'own-tool'; call: ToolCall }
  /** That use is over; it follows the `own-tool` with the same id. */
  | { type: 'own-result'; callId: string; name: string; output: string; isError: boolean; durationMs: number }
  /** The plan of such an agent, as it is from now on. */
  | { type: 'plan'; tasks: PlannedTask[] }
  /** A page that the reply refers to, once per reply. */
  | { type: 'citation'; url: string; title: string }
  /**
   * A file that the reply refers to or that a provider's tool made, once per reply. `base64` is the file itself; one
   * that was `made` can be had from `Provider.files` by its id.
   */
  | {
      type: 'file';
      name: string;
      id: string | null;
      mediaType: string | null;
      base64?: string;
      made?: { container: string | null };
    }
  | ModelEnd;

/**
 * The last event of every stream: exactly one, always. `costUsd` is what the provider itself says that the call cost.
 * `isCut` is a call that ended when the model was at work, before it had counted all: it may cost more than its `usage`.
 */
export type ModelEnd =
  | {
      type: 'finished';
      message: AssistantMessage;
      stopReason: StopReason;
      usage: Usage;
      sent?: SentEnd;
      costUsd?: number;
    }
  | { type: 'failed'; error: ModelError; usage: Usage; sent?: SentEnd; costUsd?: number; isCut?: true };

/** The end of a reply in the provider's own words and counts. What it did not say is null. */
export interface SentEnd {
  /** As it came (`end_turn`, `STOP`, …); Responses: the status, with its reason behind a colon if incomplete. */
  stopReason: string | null;
  usage: SentUsage | null;
}

/** Token counts as the provider sent them: vendors differ in what `input` and `output` include; see `Usage` for sums. */
export interface SentUsage {
  input: number | null;
  output: number | null;
  cached: number | null;
  cacheWrite: number | null;
  reasoning: number | null;
  total: number | null;
}

/**
 * A connection to one model. `stream` never throws and never rejects: whatever happens (bad key, cut socket,
 * silence, broken JSON, abort), the iteration ends with one `finished` or `failed`, and nothing follows it.
 * A stream that ends without the provider's own terminal event has failed. It makes at most one HTTP request:
 * retrying is the caller's decision.
 */
export interface Provider {
  readonly model: string;
  /** The provider itself finds the tools that are not shown at once; it is given all of them. */
  readonly searchesTools?: boolean;
  /** Files and stores at the provider; absent where it has none. */
  readonly files?: RemoteFiles;
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
  /**
   * What this usage costs in USD, with the uses of the provider's own tools as far as their price is known; null when
   * that of the tokens is not. A `costUsd` of the end itself comes before it.
   */
  costUsd(usage: Usage, uses?: ToolUses): number | null;
  /** Which of these tools cost something that nobody here knows, so that `costUsd` is a lower bound; absent is none. */
  unpriced?(uses: ToolUses): string[];
  /**
   * Sees whether an agent that is no model endpoint is there and lets itself be spoken to, without asking it anything.
   * Rejects with a sentence on what is wrong. Absent where that shows in a request only.
   */
  reach?(signal: AbortSignal): Promise<void>;
  /** Ends what the connection has started: processes, servers, models in memory. Never rejects; safe to call twice. */
  close?(): Promise<void>;
}
