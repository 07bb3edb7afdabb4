import type { BackendSpec } from '../../config/team.ts';
import type { JsonObject } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import { strictSchema, type StrictDialect } from './strict-schema.ts';

/** The schema that a tool is sent with, and whether the provider is to hold its model to it. */
export function schemaToSend(
  tool: ToolSpec,
  { features }: BackendSpec,
  dialect: StrictDialect,
): { schema: JsonObject; isStrict: boolean } {
  const strict =
    features?.strictTools === true && tool.strict !== false ? strictSchema(tool.parameters, dialect) : null;
  return { schema: strict ?? tool.parameters, isStrict: strict !== null };
}

/** True when there is anything to search for, and the provider is the one that searches. */
export function hasToolSearch({ features }: BackendSpec, tools: readonly ToolSpec[]): boolean {
  return features?.toolSearch !== undefined && tools.some((tool) => tool.isDeferred === true);
}

/** True when code that the provider runs may call some of the tools. */
export function hasCodeCalls({ features }: BackendSpec, tools: readonly ToolSpec[]): boolean {
  return features?.codeCallsTools === true && tools.some((tool) => tool.isForCode === true);
}
