import type { RetrySettings } from '../config/team.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, EventDraft, TurnKind } from '../events/event.ts';
import type { LoadedFile, Message } from '../events/message.ts';
import type { Random } from '../events/random.ts';
import type { Clock } from '../platform/clock.ts';
import type { Admission } from '../providers/limits/request-gate.ts';
import type { Provider } from '../providers/provider.ts';
import type { Asks } from '../tools/asks.ts';
import type { HandInHooks, HostFiles } from '../tools/tool-host.ts';
import type { ToolRules } from '../tools/tool-rules.ts';
import type { Tool } from '../tools/tool.ts';
import type { AgentBriefing } from './system-prompt.ts';
import type { UnfinishedTurn } from './unfinished-turn.ts';

/** The way of one turn to whoever decides and answers. */
export interface TurnAsks extends Asks {
  /** Stops what the turn has asked and nobody has answered yet. Resolves when what came of it is on disk. */
  close(): Promise<void>;
}

/**
 * What goes along with a request to the model of the moment, and the stores at its provider that hold the rest. Rejects
 * where a file is gone.
 */
export type LoadInputs = () => Promise<{ files: LoadedFile[]; stores: string[] }>;

/** What one turn of one agent works with. */
export interface TurnContext {
  readonly alias: Alias;
  /** Id of the turn, unique in the run. */
  readonly turn: string;
  readonly kind: TurnKind;
  /** What the agent is told at the beginning of a conversation. */
  readonly briefing: AgentBriefing;
  /** The turn that this one goes on with; null for one that begins with a prompt of its own. */
  readonly unfinished: UnfinishedTurn | null;
  /** The model it works with now; another one after `switchModel`. */
  readonly provider: Provider;
  /** When its failed calls are made again; absent is the usual way. */
  readonly retry?: Partial<RetrySettings> | undefined;
  /** What calls go through before they are made; absent lets all through at once. */
  readonly admit?: (estimate: () => number) => Promise<Admission>;
  /** Goes on with the agent's next model and tells its name; null when there is none. Absent where there never is. */
  readonly switchModel?: () => Promise<string | null>;
  readonly tools: readonly Tool[];
  /** Calls of one reply that may run side by side where they only read; absent is the usual number. */
  readonly toolsAtOnce?: number | undefined;
  /** What every call of a tool goes through. */
  readonly rules: ToolRules;
  /** The way to whoever decides over calls and answers questions. */
  readonly asks?: TurnAsks;
  /** The files that go along with the question, read anew for every call; absent where there are none. */
  readonly loadInputs?: LoadInputs | undefined;
  /** Keeps a file that the provider made; null when that cannot be. Absent where nothing is kept. */
  readonly saveFile?: (
    mediaType: string | null,
    content: Uint8Array,
  ) => Promise<{ path: string; bytes: number } | null>;
  /** A picture of a tool's result, as base64; null where it is gone or the model of the moment sees none. */
  readonly loadPicture?: (path: string) => Promise<string | null>;
  /** Who is asked about what the agent hands in; absent where nobody is. */
  readonly hooks?: HandInHooks;
  /** Has the agent pay for what runs have used that its tools have started. Absent where none are started. */
  readonly countNested?: () => Promise<void>;
  /** Null for an agent without a workspace. */
  readonly files: HostFiles | null;
  readonly clock: Clock;
  /** A generator of this turn's own. */
  readonly random: Random;
  /** Aborted when the turn was interrupted. Only the end of what was open, and of the turn, is recorded after that. */
  readonly signal: AbortSignal;
  /** The state as of the last recorded event. */
  state(): RunState;
  /** What the model is to be sent now. */
  conversation(): Message[];
  /**
   * Records the events, in one go, and resolves when they are on disk. The state has changed when this returns, not
   * only when it resolves. Rejects when the log cannot be written; the turn then just ends.
   */
  record(...events: EventDraft[]): Promise<void>;
}
