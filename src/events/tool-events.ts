import type { KeptPicture, ToolCall } from './message.ts';

/** What tools do, those of the provider included, and the files that come of it. See EventData. */
export interface ToolEvents {
  /** `parent` is the call whose code made this one; such a call has no part in the conversation. */
  'tool.started': { turn: string; call: ToolCall; parent?: string };
  /** A call that somebody had to decide on, or judge, is about to be made: from here on it may have taken effect. */
  'tool.released': { turn: string; callId: string };
  /** How far a long call is, in words for people; now and then, not for every step. */
  'tool.progressed': { turn: string; callId: string; message: string };
  /**
   * `isHeld`: the call was not made. It was wrong, refused, or has to wait until agents act. `pictures` belong to the
   * output and are in the run's folder.
   */
  'tool.finished': {
    turn: string;
    callId: string;
    name: string;
    output: string;
    isError: boolean;
    isHeld?: true;
    pictures?: KeptPicture[];
    durationMs: number;
  };
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
}
