import type { JsonObject } from '../../events/json.ts';
import type { ModelErrorKind, StopReason } from '../../events/model-error.ts';
import type { Usage } from '../../events/usage.ts';
import type { ModelEvent, SentUsage, ToolUses } from '../provider.ts';
import { createUseCount } from '../tool-uses.ts';

/**
 * One reply in one object, in plain words. `stop_reason` and `usage` are the provider's own words and counts, null
 * where it did not say; `stop` and `billed` are what this program makes of them, one meaning across vendors.
 */
export interface FoldedMessage {
  text: string;
  reasoning: string;
  refusal: string;
  tool_calls: FoldedCall[];
  /** Types of the items, blocks or parts in which the provider shows its own tools at work, results included. */
  builtin: string[];
  stop_reason: string | null;
  usage: FoldedUsage | null;
  /** Null where the price, or what was used, is unknown. */
  cost_usd: number | null;
  error: FoldedError | null;
  stop: StopReason | null;
  billed: Usage;
  citations: { url: string; title: string }[];
  files: { name: string; id: string | null; media_type: string | null }[];
}

/** `args` is an object; the text itself for a tool that takes free text; null where the arguments are no JSON object. */
export interface FoldedCall {
  id: string;
  name: string;
  args: JsonObject | string | null;
  /** What came instead, where `args` is null. */
  args_raw?: string;
}

export interface FoldedUsage {
  input: number | null;
  output: number | null;
  cached: number | null;
  cache_write: number | null;
  reasoning: number | null;
  /** The provider's own sum, or that of its counts. */
  total: number | null;
}

export interface FoldedError {
  kind: ModelErrorKind;
  message: string;
  status: number | null;
  retry_after_ms: number | null;
  /** Of a refused key: where it comes from. */
  hint?: string;
}

/** Folds the events of one stream. `result` may be asked once the stream has ended. `keyOrigin` says where the key is from. */
export interface Fold {
  add(event: ModelEvent): void;
  result(): FoldedMessage;
}

export function createFold(costUsd: (usage: Usage, uses: ToolUses) => number | null, keyOrigin?: string): Fold {
  const message: FoldedMessage = {
    text: '',
    reasoning: '',
    refusal: '',
    tool_calls: [],
    builtin: [],
    stop_reason: null,
    usage: null,
    cost_usd: null,
    error: null,
    stop: null,
    billed: { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
    citations: [],
    files: [],
  };
  const count = createUseCount();
  return {
    add(event) {
      count.add(event);
      switch (event.type) {
        case 'text':
        case 'reasoning':
        case 'refusal':
          message[event.type] += event.text;
          return;
        case 'tool-call': {
          const { id, name, args, rawArgs, isFreeForm } = event.call;
          const isBroken = args === null && isFreeForm !== true;
          message.tool_calls.push({
            id,
            name,
            args: isFreeForm ? rawArgs : args,
            ...(isBroken && { args_raw: rawArgs }),
          });
          return;
        }
        case 'builtin-tool':
          if (event.itemType !== undefined) message.builtin.push(event.itemType);
          return;
        case 'builtin-result':
          if (event.itemType !== undefined) message.builtin.push(event.itemType);
          return;
        case 'own-tool':
          message.builtin.push(event.call.name);
          return;
        case 'own-result':
        case 'plan':
          return;
        case 'citation':
          message.citations.push({ url: event.url, title: event.title });
          return;
        case 'file':
          message.files.push({ name: event.name, id: event.id, media_type: event.mediaType });
          return;
        case 'finished':
        case 'failed': {
          message.stop_reason = event.sent?.stopReason ?? null;
          message.usage = event.sent?.usage ? foldUsage(event.sent.usage) : null;
          message.billed = event.usage;
          // Nothing said about tokens is not the same as no tokens.
          const isKnown = event.sent === undefined || event.sent.usage !== null;
          message.cost_usd = event.costUsd ?? (isKnown ? costUsd(event.usage, count.uses) : null);
          if (event.type === 'finished') message.stop = event.stopReason;
          else {
            const { kind, message: words, status = null, retryAfterMs = null } = event.error;
            const hint = kind === 'auth' && keyOrigin !== undefined ? { hint: keyOrigin } : {};
            message.error = { kind, message: words, status, retry_after_ms: retryAfterMs, ...hint };
          }
        }
      }
    },
    result: () => message,
  };
}

function foldUsage(sent: SentUsage): FoldedUsage {
  const { input, output, cached, cacheWrite, reasoning, total } = sent;
  const sum = input === null || output === null ? null : input + output;
  return { input, output, cached, cache_write: cacheWrite, reasoning, total: total ?? sum };
}
