import type { JsonObject, JsonValue } from '../../events/json.ts';
import type { ModelError } from '../../events/model-error.ts';
import { objectAt, stringAt } from './json-fields.ts';

/**
 * Says of a refused request which of the backend's own parameters the provider does not take, if it names one: by
 * `param` (OpenAI), or in its words. The provider's words stay in front.
 */
export function blameParameter(error: ModelError, body: JsonValue, params: JsonObject): ModelError {
  if (error.kind !== 'bad-request') return error;
  const said = Array.isArray(body) ? body[0] : body;
  const named = stringAt(objectAt(said, 'error'), 'param') ?? stringAt(said, 'param') ?? '';
  const names = Object.keys(params).toSorted((a, b) => b.length - a.length);
  const parameter = names.find((name) => isNamed(name, named)) ?? names.find((name) => isNamed(name, error.message));
  if (parameter === undefined) return error;
  return {
    ...error,
    message: `${error.message} (${parameter} is set in the backend of this agent: change or remove it there.)`,
  };
}

/** The name as a word of its own, also as the first part of `thinking.budget_tokens`, in snake or camel case. */
function isNamed(name: string, text: string): boolean {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const words = text.split(/[^A-Za-z0-9_]+/);
  return words.includes(name) || words.includes(snake);
}
