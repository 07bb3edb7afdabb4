import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { ModelError, ModelErrorKind } from '../../events/model-error.ts';
import { arrayAt, numberAt, objectAt, stringAt } from './json-fields.ts';
import { retryAfterMs } from './retry-after.ts';
import { safeMessage } from './secrets.ts';
import type { Refusal } from './wire-log.ts';

/** What is needed to put a server's words into an error. */
export interface ErrorContext {
  secrets: readonly string[];
  /** Milliseconds since 1970. */
  nowMs: number;
}

/** The error of an answer that is no stream: a status that is not 2xx, an error as JSON, or a web page. */
export function refusalError(refusal: Refusal, context: ErrorContext): ModelError {
  if (refusal.isWebPage && refusal.status < 400) {
    return {
      kind: 'bad-request',
      status: refusal.status,
      message: 'The server answered with a web page instead of a model stream. Check base_url.',
    };
  }
  const said = readError(refusal.body);
  const status = refusal.status >= 400 ? refusal.status : (said.status ?? refusal.status);
  const words = refusal.isWebPage ? '' : safeMessage(said.message, context.secrets);
  const retryMs = retryAfterMs(refusal.headers, refusal.body, said.message, context.nowMs);
  return {
    kind: kindOf(status, said),
    status,
    message: words === '' ? `The server answered with status ${status}.` : words,
    ...(retryMs !== null && { retryAfterMs: retryMs }),
  };
}

/** The error that a server put into a stream after the stream had begun. */
export function streamError(body: JsonObject, context: ErrorContext): ModelError {
  const said = readError(body);
  const retryMs = retryAfterMs(null, body, said.message, context.nowMs);
  const message = safeMessage(said.message, context.secrets);
  return {
    kind: kindOf(said.status, said),
    message: message === '' ? 'The server reported an error without saying which.' : message,
    ...(said.status !== null && { status: said.status }),
    ...(retryMs !== null && { retryAfterMs: retryMs }),
  };
}

interface SaidError {
  message: string;
  /** `type`, `code` and `status` words of the error, in lower case, blank-separated. */
  words: string;
  /** An HTTP status that the body itself names. */
  status: number | null;
}

/** Finds the error in the shapes that vendors and gateways use: nested, flat, a list, a string, `{detail}`, plain text. */
function readError(body: JsonValue): SaidError {
  if (typeof body === 'string') return { message: body, words: '', status: null };
  if (Array.isArray(body)) return readError(body[0] ?? '');
  if (!isJsonObject(body)) return { message: '', words: '', status: null };
  const error = objectAt(body, 'error') ?? objectAt(objectAt(body, 'response'), 'error') ?? body;
  const raw = stringAt(objectAt(error, 'metadata'), 'raw');
  const detail = body.detail;
  const message =
    stringAt(error, 'message') ??
    stringAt(body, 'error') ??
    stringAt(body, 'message') ??
    (typeof detail === 'string' ? detail : detail === undefined ? '' : JSON.stringify(detail));
  const words = [stringAt(error, 'type'), stringAt(error, 'code'), stringAt(error, 'status'), stringAt(body, 'type')];
  words.push(stringAt(objectAt(error, 'innererror'), 'code'));
  for (const item of arrayAt(error, 'details')) words.push(stringAt(item, 'reason'), ...quotaIds(item));
  const status = httpStatus(numberAt(error, 'code')) ?? httpStatus(numberAt(error, 'status_code'));
  return {
    // Gateways put the words of the provider behind them into `metadata.raw`: they follow the gateway's own.
    message: [message, raw === message ? null : raw].filter(Boolean).join(': '),
    words: words
      .filter((word) => word !== null)
      .join(' ')
      .toLowerCase(),
    status: status ?? httpStatus(Number(stringAt(error, 'code') ?? Number.NaN)),
  };
}

function quotaIds(detail: JsonValue): string[] {
  return arrayAt(detail, 'violations').map((violation) => stringAt(violation, 'quotaId') ?? '');
}

function httpStatus(code: number | null): number | null {
  return code !== null && code >= 400 && code < 600 ? code : null;
}

const CONTEXT_LENGTH =
  /context_length_exceeded|model_max_prompt_tokens|prompt is too long|maximum context|context (?:length|window|size)|too many (?:input )?tokens|(?:input|prompt).{0,40}(?:exceed|too long|longer than)|reduce the length|request_too_large/;
const CONTENT_FILTER =
  /content_filter|content_policy|responsibleaipolicy|content management policy|invalid_prompt|safety system|prohibited_content|moderation|flagged/;
const QUOTA =
  /insufficient_quota|insufficient[_ ](?:balance|credit|fund)|billing_error|billing_hard_limit|billing_not_active|credit balance|out of credits|payment required|perday|spending limit/;
const AUTH =
  /authentication_error|permission_error|permission_denied|unauthenticated|invalid_api_key|api_key_invalid|invalid api key|incorrect api key|api key not valid/;
const RATE_LIMIT = /rate_limit|rate limit|resource_exhausted|too many requests|tokens per min|requests per min/;
const OVERLOADED =
  /overloaded|unavailable|server_error|server had an error|internal|api_error|bad_gateway|timeout|deadline_exceeded|capacity|try again|vector_store_timeout/;
/** The model wrote a call that the server could not read; the next try may be better. */
const BAD_SAMPLE = /tool_use_failed|malformed_function_call/;

function kindOf(status: number | null, said: SaidError): ModelErrorKind {
  const text = `${said.words} ${said.message.toLowerCase()}`;
  if (BAD_SAMPLE.test(said.words)) return 'protocol';
  if (status === 402 || QUOTA.test(text)) return 'quota';
  if (status === 401 || (AUTH.test(text) && (status === null || status < 429))) return 'auth';
  if (status === 429) return 'rate-limit';
  if (status !== null && status >= 500) return status === 501 || status === 505 ? 'bad-request' : 'overloaded';
  if (CONTEXT_LENGTH.test(text) || status === 413) return 'context-length';
  if (CONTENT_FILTER.test(text)) return 'content-filter';
  if (status === 403) return 'auth';
  if (status === 408 || status === 409 || status === 425) return 'overloaded';
  if (status !== null) return 'bad-request';
  if (RATE_LIMIT.test(text)) return 'rate-limit';
  return OVERLOADED.test(text) ? 'overloaded' : 'bad-request';
}
