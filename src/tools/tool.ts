import type { JsonObject } from '../events/json.ts';
import type { ToolSpec } from '../events/message.ts';

export interface ToolContext {
  signal: AbortSignal;
}

export interface ToolResult {
  output: string;
  isError: boolean;
}

/** Something an agent can call. `execute` never throws: a failure is a result with `isError`. */
export interface Tool {
  spec: ToolSpec;
  execute(args: JsonObject, context: ToolContext): Promise<ToolResult>;
}
