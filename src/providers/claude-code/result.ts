import type { JsonObject, JsonValue } from '../../events/json.ts';
import type { ModelErrorKind } from '../../events/model-error.ts';
import { addUsage, NO_USAGE, type Usage } from '../../events/usage.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';

/** What was used; null is what was not told. */
export interface Spent {
  usage: Usage | null;
  costUsd: number | null;
}

/**
 * What was used up to one result, since the one before it. The totals of a session that goes on hold what its earlier
 * calls have used, and `usage` leaves subagents out; older versions tell no more than these.
 */
export function spentOf(result: JsonObject): Spent {
  const models = objectAt(result, 'model_usage_since_last_result');
  if (models === null) return { usage: ownUsageOf(result), costUsd: numberAt(result, 'total_cost_usd') };
  return Object.values(models).map(spentByModel).reduce(addSpent, { usage: NO_USAGE, costUsd: 0 });
}

/** A sum with an unknown part is unknown. */
export function addSpent(a: Spent, b: Spent): Spent {
  return {
    usage: a.usage && b.usage && addUsage(a.usage, b.usage),
    costUsd: a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd,
  };
}

function spentByModel(model: JsonValue): Spent {
  const count = (name: string): number => numberAt(model, name) ?? 0;
  const [cachedInput, cacheWrite] = [count('cacheReadInputTokens'), count('cacheCreationInputTokens')];
  return {
    usage: {
      input: count('inputTokens') + cachedInput + cacheWrite,
      output: count('outputTokens'),
      cachedInput,
      cacheWrite,
      reasoning: count('thinkingTokens'),
    },
    costUsd: numberAt(model, 'costUSD'),
  };
}

/** Its input counts leave cached tokens out; ours hold all of them. */
function ownUsageOf(result: JsonObject): Usage | null {
  const usage = objectAt(result, 'usage');
  const [input, output] = [numberAt(usage, 'input_tokens'), numberAt(usage, 'output_tokens')];
  if (input === null || output === null) return null;
  const cachedInput = numberAt(usage, 'cache_read_input_tokens') ?? 0;
  const cacheWrite = numberAt(usage, 'cache_creation_input_tokens') ?? 0;
  return { ...NO_USAGE, input: input + cachedInput + cacheWrite, output, cachedInput, cacheWrite };
}

/** Why a query has failed; null where it has not. `success` with an error is a request that its API has refused. */
export function failureOf(result: JsonObject): AgentFailure | null {
  const subtype = stringAt(result, 'subtype') ?? '';
  if (subtype === 'success' && result.is_error !== true) return null;
  const errors = arrayAt(result, 'errors').filter((each) => typeof each === 'string');
  const words = stringAt(result, 'result') ?? errors.join(' ');
  const how = subtype === 'success' ? '' : ` (${subtype})`;
  return new AgentFailure(kindOf(words, numberAt(result, 'api_error_status')), `Claude Code failed${how}: ${words}`);
}

const KINDS: ReadonlyMap<string, ModelErrorKind> = new Map([
  ['authentication_failed', 'auth'],
  ['oauth_org_not_allowed', 'auth'],
  ['account_on_hold', 'auth'],
  ['billing_error', 'quota'],
]);

/** The failure that a retry of Claude Code's own cannot mend; null where it may. It would try for minutes. */
export function vainRetryOf(retry: JsonObject): AgentFailure | null {
  const kind = KINDS.get(stringAt(retry, 'error') ?? '');
  if (kind === undefined) return null;
  const what = kind === 'auth' ? 'its key or login was refused' : 'its account cannot pay for the request';
  const status = numberAt(retry, 'error_status');
  return new AgentFailure(kind, `Claude Code failed: ${what}${status === null ? '' : ` (HTTP ${status})`}.`);
}

function kindOf(words: string, status: number | null): ModelErrorKind {
  if (status === 401 || status === 403 || /\b(401|403)\b|api key|login|log in|authenticat/i.test(words)) return 'auth';
  if (/credit|quota|billing/i.test(words)) return 'quota';
  if (status === 429 || /\b429\b|rate.?limit/i.test(words)) return 'rate-limit';
  if ((status !== null && status >= 500) || /\b5\d\d\b|overloaded/i.test(words)) return 'overloaded';
  return /prompt is too long/i.test(words) ? 'context-length' : 'bad-request';
}
