import type { BackendSpec } from '../../config/team.ts';
import type { JsonValue } from '../../events/json.ts';
import type { ModelError } from '../../events/model-error.ts';
import { objectAt, stringAt } from './json-fields.ts';

/**
 * Says of a refused request which of the backend's own parameters the provider does not take, if it names one: by
 * `param` (OpenAI), or in its words. The provider's words stay in front.
 */
export function blameParameter(
  error: ModelError,
  body: JsonValue,
  { params, parameterPlaces }: Pick<BackendSpec, 'params' | 'parameterPlaces'>,
): ModelError {
  if (error.kind !== 'bad-request') return error;
  const said = Array.isArray(body) ? body[0] : body;
  const named = stringAt(objectAt(said, 'error'), 'param') ?? stringAt(said, 'param') ?? '';
  const names = Object.keys(params).toSorted((a, b) => b.length - a.length);
  const parameter = names.find((name) => isNamed(name, named)) ?? names.find((name) => isNamed(name, error.message));
  if (parameter === undefined) return error;
  const place = parameterPlaces?.[parameter];
  const where = place === undefined ? 'in the backend of this agent' : `at ${place}`;
  return { ...error, message: `${error.message} (${parameter} is set ${where}: change or remove it there.)` };
}

/** The name as a word of its own, also as the first part of `thinking.budget_tokens`, in snake or camel case. */
function isNamed(name: string, text: string): boolean {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const words = text.split(/[^A-Za-z0-9_]+/);
  return words.includes(name) || words.includes(snake);
}
