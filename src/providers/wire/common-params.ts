import type { JsonObject, JsonValue } from '../../events/json.ts';
import { isJsonObject } from '../../events/json.ts';
import type { ModelRequest } from '../provider.ts';
import { OPENAI_STRICT, strictSchema } from './strict-schema.ts';

/** Parameters with one meaning across vendors, out of the words of any of them. What a config does not say is null. */
export interface CommonParams {
  /** Whether one reply may hold several calls. */
  isParallel: boolean | null;
  /** Gemini's word for how it calls functions: `AUTO`, `ANY`, `NONE`, `VALIDATED`. */
  callingMode: string | null;
  /** How long the model thinks: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`. */
  effort: string | null;
  /** Length of the reply: `low`, `medium`, `high`. */
  verbosity: string | null;
  /** JSON Schema of the final answer. */
  outputSchema: JsonObject | null;
  /** All other parameters, as they are. */
  rest: JsonObject;
}

/** Config keys are snake case; the parameters of Gemini have been renamed to camel case already. */
export function readCommonParams(params: JsonObject): CommonParams {
  const rest = { ...params };
  const take = (...names: readonly string[]): JsonValue => {
    let value: JsonValue = null;
    for (const name of names) {
      value = rest[name] ?? value;
      delete rest[name];
    }
    return value;
  };
  const text = (value: JsonValue): string | null => (typeof value === 'string' && value !== '' ? value : null);
  const parallel = take('parallel_tool_calls', 'parallelToolCalls');
  const single = take('disable_parallel_tool_use', 'disableParallelToolUse');
  const schema = take('output_schema', 'outputSchema');
  return {
    isParallel: typeof parallel === 'boolean' ? parallel : typeof single === 'boolean' ? !single : null,
    callingMode: text(take('function_calling_mode', 'functionCallingMode'))?.toUpperCase() ?? null,
    effort: text(take('reasoning_effort', 'reasoningEffort'))?.toLowerCase() ?? null,
    verbosity: text(take('verbosity')),
    outputSchema: isJsonObject(schema) && Object.keys(schema).length > 0 ? schema : null,
    rest,
  };
}

/** The schema of an answer for OpenAI's formats: strict, unless that would change what it says. */
export function answerSchema(schema: JsonObject): JsonObject {
  const strict = strictSchema(schema, OPENAI_STRICT);
  const isSame = JSON.stringify(strict) === JSON.stringify(strictSchema(schema, LOOSE));
  return strict !== null && isSame ? { schema: strict, strict: true } : { schema };
}

/** As OpenAI's, but what may be left out may stay out. */
const LOOSE = { ...OPENAI_STRICT, requiresAll: false };

/** The schema, if this request is for what the user gets: drafts and votes keep their own form. */
export function schemaFor(request: ModelRequest, { outputSchema }: CommonParams): JsonObject | null {
  return request.purpose === 'present' || request.purpose === 'solo' ? outputSchema : null;
}
