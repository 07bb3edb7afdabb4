import type { JsonObject, JsonValue } from '../../events/json.ts';
import { isJsonObject } from '../../events/json.ts';
import type { ToolCall } from '../../events/message.ts';
import type { ModelError, StopReason } from '../../events/model-error.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import { LongText } from '../../platform/long-text.ts';
import type { SentUsage } from '../provider.ts';
import { streamError } from '../wire/classify-error.ts';
import { createMentions } from '../wire/mentions.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { withCalls, type StreamedEvent, type WireReader } from '../wire/model-call.ts';
import { createToolCall } from '../wire/tool-call.ts';
import { createBeside } from './beside.ts';
import { createCallCollector } from './call-collector.ts';
import { mergeReasoningDetails } from './reasoning-details.ts';
import { CALL_EXTRAS, CHAT } from './request.ts';

/** Reads the chunks of a Chat Completions stream, of OpenAI and of those who copy it. */
export function createChatReader(callId: (wanted: string | null) => string): WireReader {
  const text = new LongText();
  let refusal = '';
  const reasoning = new LongText();
  const reasoningContent = new LongText();
  const details: JsonObject[] = [];
  const calls = createCallCollector();
  let finishReason: string | null = null;
  let usage = NO_USAGE;
  let sentUsage: SentUsage | null = null;
  let isCounted = false;
  let isLastCount = false;
  let isCounting = false;
  let choiceError: JsonObject | null = null;
  let hasDelta = false;
  let hasUncounted = false;
  const beside = createBeside(createMentions());

  const readDelta = (delta: JsonObject): StreamedEvent[] => {
    const out: StreamedEvent[] = [];
    const say = (type: 'text' | 'reasoning' | 'refusal', piece: string): void => {
      if (piece === '') return;
      if (type === 'text') text.append(piece);
      else if (type === 'refusal') refusal += piece;
      else reasoning.append(piece);
      out.push({ type, text: piece });
    };
    // Three names for the same thing; OpenRouter and vLLM send two of them at once.
    const content = stringAt(delta, 'reasoning_content');
    if (content !== null) reasoningContent.append(content);
    const newDetails = arrayAt(delta, 'reasoning_details').filter(isJsonObject);
    mergeReasoningDetails(details, newDetails);
    const thought = content || stringAt(delta, 'reasoning') || stringAt(delta, 'reasoning_text');
    say('reasoning', thought || newDetails.map(detailText).join(''));
    for (const part of contentParts(delta.content ?? null)) say(part.type, part.text);
    // What a model that speaks says, in words.
    say('text', stringAt(objectAt(delta, 'audio'), 'transcript') ?? '');
    say('refusal', stringAt(delta, 'refusal') ?? '');
    for (const call of arrayAt(delta, 'tool_calls')) if (isJsonObject(call)) calls.add(call);
    const legacy = objectAt(delta, 'function_call');
    if (legacy) calls.add({ index: 0, function: legacy });
    return [...out, ...beside.ofDelta(delta)];
  };

  return {
    read(chunk) {
      // With `n` above 1 only the first answer counts; some gateways put its text and its calls into two of one number.
      const choices = arrayAt(chunk, 'choices').filter((c) => (numberAt(c, 'index') ?? 0) === 0);
      const choice = choices.at(-1) ?? null;
      const counts = countsOf(chunk, choice);
      if (counts && COUNTS.some((key) => numberAt(counts, key) !== null)) {
        usage = readUsage(counts);
        sentUsage = readSentUsage(counts);
      }
      // Some servers give no reason to stop; where usage comes alone, nothing but `[DONE]` follows it.
      const isCount = counts !== null && (numberAt(counts, 'completion_tokens') ?? 0) > 0;
      // Others put it beside a last piece: those that count in every piece never do so beside an empty one, nor after
      // one without a count.
      isLastCount = isCount && choice !== null && (isEmptyChoice(choice) || (!isCounting && hasUncounted));
      isCounted ||= isCount && choice === null;
      isCounting ||= isCount;
      hasUncounted ||= !isCount && choice !== null && !isEmptyChoice(choice);
      for (const each of choices) {
        finishReason = finishReasonOf(each) ?? finishReason;
        choiceError = objectAt(each, 'error') ?? choiceError;
      }
      choiceError ??= errorBeside(chunk);
      hasDelta ||= choices.some((each) => objectAt(each, 'delta') !== null);
      // A server that does not stream sends the whole `message`; others repeat in it what they have streamed.
      const said = choices.map((each) => objectAt(each, 'delta') ?? (hasDelta ? null : objectAt(each, 'message')));
      return [...said.flatMap((each) => (each ? readDelta(each) : [])), ...beside.ofChunk(chunk)];
    },
    isComplete: (log) => finishReason !== null || isCounted || isLastCount || log.isDone,
    failure: () => (choiceError ? streamError({ error: choiceError }, NO_CONTEXT) : failureOf(finishReason)),
    usage: () => usage,
    sent: () => ({ stopReason: finishReason, usage: sentUsage }),
    finish() {
      const extras: JsonObject = {};
      const made = calls.take().map((c): ToolCall => {
        const id = callId(c.id);
        if (c.extra) extras[id] = c.extra;
        if (!c.isFreeForm) return createToolCall(id, c.name, c.rawArgs);
        return { id, name: c.name, args: null, rawArgs: c.rawArgs, isFreeForm: true };
      });
      const own: JsonObject = {
        ...(reasoningContent.length > 0 && made.length > 0 && { reasoning_content: reasoningContent.text }),
        ...(details.length > 0 && { reasoning_details: details }),
        ...(Object.keys(extras).length > 0 && { [CALL_EXTRAS]: extras }),
      };
      return {
        rest: made.map((call) => ({ type: 'tool-call', call })),
        message: {
          role: 'assistant',
          text: text.text + refusal,
          ...(refusal !== '' && { refusal }),
          ...(reasoning.length > 0 && { reasoning: reasoning.text }),
          calls: made,
          ...(Object.keys(own).length > 0 && { native: { protocol: CHAT, items: [own] } }),
        },
        stopReason: withCalls(refusal !== '' ? 'refusal' : stopReasonOf(finishReason), made),
      };
    },
  };
}

/** True for a piece that holds nothing but who speaks. */
function isEmptyChoice(choice: JsonValue): boolean {
  const delta = objectAt(choice, 'delta');
  if (!delta) return false;
  return Object.entries(delta).every(
    ([key, value]) => key === 'role' || value === null || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

/** Some servers write the word where they have no reason yet. */
function finishReasonOf(choice: JsonValue): string | null {
  const reason = stringAt(choice, 'finish_reason') || null;
  return reason === 'null' ? null : reason;
}

/** Why Groq stopped a stream early, or why MiniMax did: there, every piece has a status, which is 0 if all is well. */
function errorBeside(chunk: unknown): JsonObject | null {
  const status = objectAt(chunk, 'base_resp');
  const refusal = (numberAt(status, 'status_code') ?? 0) > 0 ? stringAt(status, 'status_msg') : null;
  const message = stringAt(objectAt(chunk, 'x_groq'), 'error') ?? refusal;
  return message === null ? null : { message };
}

const COUNTS = ['prompt_tokens', 'completion_tokens', 'total_tokens'];

/** Secrets are taken out where the failure leaves the call. */
const NO_CONTEXT = { secrets: [], nowMs: 0 };

/** Content is text, or (Mistral) a list of text and thinking parts. */
function contentParts(content: JsonValue): ContentPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.map(contentPart) : [];
}

interface ContentPart {
  type: 'text' | 'reasoning' | 'refusal';
  text: string;
}

function contentPart(part: JsonValue): ContentPart {
  if (typeof part === 'string') return { type: 'text', text: part };
  const kind = stringAt(part, 'type');
  if (kind === 'refusal') return { type: 'refusal', text: stringAt(part, 'refusal') ?? '' };
  // Databricks.
  if (kind === 'reasoning') return { type: 'reasoning', text: arrayAt(part, 'summary').map(textOf).join('') };
  if (kind !== 'thinking') return { type: 'text', text: stringAt(part, 'text') ?? '' };
  const inner = arrayAt(part, 'thinking').map(textOf);
  return { type: 'reasoning', text: stringAt(part, 'thinking') ?? inner.join('') };
}

function textOf(part: JsonValue): string {
  return stringAt(part, 'text') ?? '';
}

function detailText(detail: JsonObject): string {
  return stringAt(detail, 'text') ?? stringAt(detail, 'summary') ?? '';
}

/** Moonshot puts them into the choice, Groq once into a field of its own. */
function countsOf(chunk: unknown, choice: JsonValue): JsonObject | null {
  return objectAt(chunk, 'usage') ?? objectAt(choice, 'usage') ?? objectAt(objectAt(chunk, 'x_groq'), 'usage');
}

function readSentUsage(sent: JsonObject): SentUsage {
  const prompt = objectAt(sent, 'prompt_tokens_details');
  return {
    input: numberAt(sent, 'prompt_tokens'),
    output: numberAt(sent, 'completion_tokens'),
    cached:
      numberAt(prompt, 'cached_tokens') ?? numberAt(sent, 'prompt_cache_hit_tokens') ?? numberAt(sent, 'cached_tokens'),
    cacheWrite: numberAt(prompt, 'cache_write_tokens'),
    reasoning:
      numberAt(objectAt(sent, 'completion_tokens_details'), 'reasoning_tokens') ?? numberAt(sent, 'reasoning_tokens'),
    total: numberAt(sent, 'total_tokens'),
  };
}

function readUsage(counts: JsonObject): Usage {
  const sent = readSentUsage(counts);
  const input = sent.input ?? 0;
  const completion = sent.output ?? 0;
  const reasoning = sent.reasoning ?? 0;
  // xAI counts reasoning beside the completion; its total tells.
  const isBeside = reasoning > 0 && sent.total === input + completion + reasoning;
  const output = isBeside ? completion + reasoning : completion;
  return {
    input,
    output,
    cachedInput: Math.min(input, sent.cached ?? 0),
    cacheWrite: Math.min(input, sent.cacheWrite ?? 0),
    reasoning: Math.min(output, reasoning),
  };
}

function stopReasonOf(finishReason: string | null): StopReason {
  switch (finishReason?.toLowerCase()) {
    case undefined:
    case 'stop':
    case 'eos':
    case 'end_turn':
    case 'end':
    case 'completed':
      return 'end';
    case 'stop_sequence':
      return 'stop-sequence';
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'max-tokens';
    case 'tool_calls':
    case 'function_call':
    case 'tool_use':
      return 'tool-calls';
    case 'content_filter':
    case 'sensitive':
    case 'safety':
      return 'content-filter';
    case 'refusal':
      return 'refusal';
    default:
      return 'other';
  }
}

/** Words that gateways and vendors use where the reply did not come to an end. */
function failureOf(finishReason: string | null): ModelError | null {
  if (finishReason === 'error' || finishReason === 'network_error' || finishReason === 'insufficient_system_resource') {
    return { kind: 'overloaded', message: `The server broke the reply off: ${finishReason}.` };
  }
  return null;
}
