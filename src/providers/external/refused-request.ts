import type { ModelError } from '../../events/model-error.ts';
import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { refusalError, type ErrorContext } from '../wire/classify-error.ts';
import { parseJson } from '../wire/json-fields.ts';

/**
 * The error of a request that a server has refused, out of what an agent's own SDK has thrown for it: the AI SDK and
 * the SDKs of OpenAI and Anthropic keep the status, the headers and the body. Null where there was no such answer.
 */
export function refusedRequest(thrown: unknown, context: ErrorContext): ModelError | null {
  const seen = new Set<unknown>();
  for (let error = thrown; isRecord(error) && !seen.has(error); error = error.cause ?? error.lastError) {
    seen.add(error);
    const status = error.statusCode ?? error.status;
    if (typeof status !== 'number' || status < 400 || status > 599) continue;
    const headers = headersOf(error.responseHeaders ?? error.headers);
    const message = typeof error.message === 'string' ? error.message : '';
    return refusalError({ status, headers, body: bodyOf(error) ?? message, isWebPage: false }, context);
  }
  return null;
}

function bodyOf({ responseBody, data, error }: Readonly<Record<string, unknown>>): JsonValue | null {
  const sent = typeof responseBody === 'string' ? parseJson(responseBody) : null;
  return [sent, data, error].find(isJsonObject) ?? null;
}

function headersOf(given: unknown): Headers {
  if (given instanceof Headers) return given;
  const pairs = isRecord(given) ? Object.entries(given) : [];
  const headers = new Headers();
  for (const [name, value] of pairs) {
    if (/^[\w-]+$/.test(name) && typeof value === 'string' && /^[\t -~]*$/.test(value)) headers.set(name, value);
  }
  return headers;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
