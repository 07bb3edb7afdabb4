import type { BackendSpec } from '../../config/team.ts';
import type { JsonObject } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import { plainRoot } from './schema-parts.ts';
import { describe, inWords } from './schema-words.ts';
import { strictSchema, type StrictDialect } from './strict-schema.ts';

/** The schema that a tool is sent with, and whether the provider is to hold its model to it. */
export function schemaToSend(
  tool: ToolSpec,
  { features }: BackendSpec,
  dialect: StrictDialect,
): { schema: JsonObject; isStrict: boolean } {
  const strict =
    features?.strictTools === true && tool.strict !== false ? strictSchema(tool.parameters, dialect) : null;
  return { schema: strict ?? plainSchema(tool.parameters), isStrict: strict !== null };
}

/**
 * The schema of a tool as every vendor takes it: a choice of whole argument objects is refused, and the request with
 * it, so that one such tool of a server would cost the agent all of its calls.
 */
export function plainSchema(parameters: JsonObject): JsonObject {
  const { schema, words } = plainRoot(parameters);
  return schema === parameters ? parameters : { ...schema, ...describe(schema, inWords(words, parameters)) };
}

/** True when there is anything to search for, and the provider is the one that searches. */
export function hasToolSearch({ features }: BackendSpec, tools: readonly ToolSpec[]): boolean {
  return features?.toolSearch !== undefined && tools.some((tool) => tool.isDeferred === true);
}

/** True when code that the provider runs may call some of the tools. */
export function hasCodeCalls({ features }: BackendSpec, tools: readonly ToolSpec[]): boolean {
  return features?.codeCallsTools === true && tools.some((tool) => tool.isForCode === true);
}
