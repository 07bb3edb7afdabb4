import type { JsonObject } from '../../events/json.ts';
import type { ModelError, StopReason } from '../../events/model-error.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import type { SentEnd } from '../provider.ts';
import { streamError } from '../wire/classify-error.ts';
import { numberAt, objectAt, stringAt } from '../wire/json-fields.ts';

export function stopReasonOf(response: JsonObject | null, refusal: string): StopReason {
  if (stringAt(response, 'status') === 'incomplete') {
    const reason = stringAt(objectAt(response, 'incomplete_details'), 'reason');
    if (reason === 'max_output_tokens' || reason === 'max_tokens') return 'max-tokens';
    return reason === 'content_filter' ? 'content-filter' : 'other';
  }
  return refusal === '' ? 'end' : 'refusal';
}

export function failureOf(response: JsonObject): ModelError | null {
  const status = stringAt(response, 'status');
  if (status === 'cancelled') return { kind: 'protocol', message: 'The provider cancelled the response.' };
  // Secrets are taken out where the failure leaves the call.
  return status === 'failed' ? streamError(response, { secrets: [], nowMs: 0 }) : null;
}

export function sentEnd(response: JsonObject | null, isBroken: boolean): SentEnd {
  const status = stringAt(response, 'status') ?? (isBroken ? 'failed' : null);
  const reason = stringAt(objectAt(response, 'incomplete_details'), 'reason');
  const counts = objectAt(response, 'usage');
  const input = objectAt(counts, 'input_tokens_details');
  return {
    stopReason: status === 'incomplete' && reason !== null ? `incomplete:${reason}` : status,
    usage: counts && {
      input: numberAt(counts, 'input_tokens'),
      output: numberAt(counts, 'output_tokens'),
      cached: numberAt(input, 'cached_tokens'),
      cacheWrite: numberAt(input, 'cache_write_tokens'),
      reasoning: numberAt(objectAt(counts, 'output_tokens_details'), 'reasoning_tokens'),
      total: numberAt(counts, 'total_tokens'),
    },
  };
}

export function readUsage(response: JsonObject | null): Usage {
  const sent = objectAt(response, 'usage');
  if (!sent) return NO_USAGE;
  const details = objectAt(sent, 'input_tokens_details');
  const input = numberAt(sent, 'input_tokens') ?? 0;
  const output = numberAt(sent, 'output_tokens') ?? 0;
  return {
    input,
    output,
    cachedInput: Math.min(input, numberAt(details, 'cached_tokens') ?? 0),
    cacheWrite: Math.min(input, numberAt(details, 'cache_write_tokens') ?? 0),
    reasoning: Math.min(output, numberAt(objectAt(sent, 'output_tokens_details'), 'reasoning_tokens') ?? 0),
  };
}
