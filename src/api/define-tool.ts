import type { JsonObject } from '../events/json.ts';

/** What a tool is told about the call. */
export interface OwnToolContext {
  /** The agent that calls, as the others know it. */
  agent_id: string;
  /** Its folder, which the tool may write to. */
  agent_cwd: string;
  /** The turn in which it calls; null outside of a run. */
  current_stage: 'draft' | 'judge' | 'present' | 'solo' | 'evaluate' | null;
  /** Tells people how far a long call is. */
  progress(message: string): void;
}

/** A schema of a library that can say itself as JSON Schema, such as zod's. */
export type ToldSchema = { '~standard': object } | { toJSONSchema(): unknown };

/** A tool of your own; see `custom_tools` in a config. What it does not say of itself counts as the worse case. */
export interface OwnTool<Args> {
  /** For the model; the name of the export if left out. */
  name?: string;
  description: string;
  /** Of the arguments: JSON Schema of an object, or a schema that can say itself as one. */
  parameters: JsonObject | ToldSchema;
  /** Changes nothing anywhere. */
  readOnly?: boolean;
  /** May destroy or overwrite something. */
  destructive?: boolean;
  /** Calling it again with the same arguments changes nothing more. */
  idempotent?: boolean;
  /** Reaches out of this machine. */
  openWorld?: boolean;
  /** Arguments that name files or folders; they are checked before the call. */
  pathArguments?: { name: string; use: 'read' | 'write' | 'delete' }[];
  /** A text, or anything that JSON can hold. What a generator yields is progress, and what it returns is the result. */
  run(args: Args, context: OwnToolContext): unknown;
}

/** Gives a tool its types; it is what it was. A module that a config names exports such tools. */
export function defineTool<Args>(tool: OwnTool<Args>): OwnTool<Args> {
  return tool;
}
