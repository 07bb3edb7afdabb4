import type { Asks } from './asks.ts';
import type { AnswerLabel, TurnKind } from '../events/event.ts';
import type { JsonObject } from '../events/json.ts';
import type { ToolSpec } from '../events/message.ts';
import type { StartedCommand } from './commands/started-command.ts';

/** The turn that makes a call. What an agent may do with files follows from it, and from nothing else. */
export interface CallingTurn {
  kind: TurnKind;
  /** The answers that the agent sees now. */
  view: readonly AnswerLabel[];
}

export interface ToolContext {
  signal: AbortSignal;
  /** Absent where a tool is called outside of a run; such a call sees no other agent's files and writes no context. */
  turn?: CallingTurn;
  /** The model's id of the call; absent outside of a run. */
  callId?: string;
  /** The way to whoever decides and answers; absent outside of a run. */
  asks?: Asks;
  /** Told how far a long call is, in words for people. */
  onProgress?: (message: string) => void;
  /**
   * Calls another tool of the agent's for code that this call runs: it goes through all that a call of the model's goes
   * through, and is in the log as a part of this one. One after the other. Rejects when the log cannot be written. Absent
   * where there is no run, and for calls that are made this way themselves.
   */
  callTool?: (name: string, args: JsonObject, signal: AbortSignal) => Promise<ToolResult>;
}

/** A picture that a tool gives back. */
export interface Picture {
  mediaType: string;
  base64: string;
}

export interface ToolResult {
  output: string;
  isError: boolean;
  /** Shown to a model that sees them. */
  pictures?: readonly Picture[];
  /** The call was not made: it was wrong, refused, or has to wait. */
  isHeld?: true;
}

/** What a call does with a path: `delete` also stands for the source of a move. */
export type PathUse = 'read' | 'write' | 'delete';

/** An argument that names a file or folder, or a list of them. `a.b` reaches into an object, `a.*.b` into a list. */
export interface PathArgument {
  name: string;
  use: PathUse;
  /** It is an address, and counts only where that is of a file. */
  isAddress?: true;
}

/** What a tool says about itself. A tool that says nothing counts as `UNKNOWN_TOOL`. */
export interface ToolAnnotations {
  /** Changes nothing anywhere. */
  readOnly: boolean;
  /** May destroy or overwrite something. */
  destructive: boolean;
  /** Calling it again with the same arguments changes nothing more. */
  idempotent: boolean;
  /** Reaches out of this machine. */
  openWorld: boolean;
  pathArguments: readonly PathArgument[];
}

export const UNKNOWN_TOOL: ToolAnnotations = {
  readOnly: false,
  destructive: true,
  idempotent: false,
  openWorld: true,
  pathArguments: [],
};

/** Something an agent can call. `execute` never throws: a failure is a result with `isError`. */
export interface Tool {
  spec: ToolSpec;
  /** The MCP server that it is from, and its name there; what such a tool says of itself is its server's word. */
  origin?: { server: string; tool: string };
  annotations?: ToolAnnotations;
  /** Arguments that the model does not see and cannot change: they win over what it sends. */
  preset?: JsonObject;
  /** A call that a crash has cut off is made again, with the same id, and takes up what it had begun. */
  goesOn?: true;
  /** Of a tool that starts commands: what the call with this id has started; null for nothing. */
  startedBy?: (callId: string) => StartedCommand | null;
  /** Longest call in milliseconds; the agent's usual limit if left out. */
  timeoutMs?: number;
  /**
   * What the call would change, as a unified diff, for whoever decides over it. Changes nothing. Absent where that is not
   * known before; rejects where the call could not be done.
   */
  preview?(args: JsonObject, context: ToolContext): Promise<string>;
  execute(args: JsonObject, context: ToolContext): Promise<ToolResult>;
}
