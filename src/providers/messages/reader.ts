import { grown } from '../../events/grown.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { ToolCall } from '../../events/message.ts';
import type { StopReason } from '../../events/model-error.ts';
import { addUsage, type Usage } from '../../events/usage.ts';
import type { SentUsage } from '../provider.ts';
import { actionArgs, COMPUTER } from '../wire/computer-use.ts';
import { createMentions, type Mentions } from '../wire/mentions.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { withCalls, type StreamedEvent, type WireReader } from '../wire/model-call.ts';
import { createToolCall, parseArguments } from '../wire/tool-call.ts';
import { MESSAGES } from './request.ts';
import { resultText } from './result-text.ts';

/** A content block in the making. */
interface OpenBlock {
  block: JsonObject;
  /** Streamed JSON of a call's input. */
  json: string;
}

/** Reads the events of a Messages stream. */
export function createMessagesReader(callId: (wanted: string | null) => string): WireReader {
  let text = '';
  let reasoning = '';
  const calls: ToolCall[] = [];
  const open = new Map<number, OpenBlock>();
  const items: JsonValue[] = [];
  /** Names of the provider's tools that were used, by the id of the use. */
  const uses = new Map<string, string>();
  const counts: Record<string, number> = {};
  let reasoningTokens: number | null = null;
  /** Summing the conversation up is billed beside the counts of the reply. */
  let compactions: JsonValue[] = [];
  const mentions = createMentions();
  let stopReason: string | null = null;
  let isStopped = false;
  let container = '';

  const say = (type: 'text' | 'reasoning', piece: string): StreamedEvent[] => {
    if (piece === '') return [];
    if (type === 'text') text = grown(text, piece);
    else reasoning = grown(reasoning, piece);
    return [{ type, text: piece }];
  };

  const noteContainer = (message: JsonObject | null): void => {
    container = stringAt(objectAt(message, 'container'), 'id') ?? container;
  };

  /** Code that has called a tool of ours goes on where it was. */
  const isWaiting = (): boolean => container !== '' && items.some((item) => objectAt(item, 'caller') !== null);

  const count = (usage: JsonObject | null): void => {
    for (const key of TOKEN_COUNTS) {
      // The numbers of a later event are totals, and may be larger: server tools read too.
      const value = numberAt(usage, key);
      // Some gateways count the prompt at the beginning only, and say nothing of it with zeros.
      if (value !== null && (value > 0 || key === 'output_tokens' || counts[key] === undefined)) counts[key] = value;
    }
    reasoningTokens = numberAt(objectAt(usage, 'output_tokens_details'), 'thinking_tokens') ?? reasoningTokens;
    const iterations = arrayAt(usage, 'iterations');
    if (iterations.length > 0) compactions = iterations.filter((each) => stringAt(each, 'type') === 'compaction');
  };

  const begin = (index: number, sent: JsonObject): StreamedEvent[] => {
    const block = { ...sent };
    // Some servers end no block, and number none.
    const ended = close(index);
    open.set(index, { block, json: '' });
    if (block.type === 'text') return [...ended, ...say('text', stringAt(block, 'text') ?? '')];
    if (block.type === 'thinking') return [...ended, ...say('reasoning', stringAt(block, 'thinking') ?? '')];
    return ended;
  };

  /** Some servers begin no block of text or thinking. */
  const unannounced = (index: number, delta: JsonObject | null): OpenBlock | undefined => {
    const kind = /^(text|thinking)_delta$/.exec(stringAt(delta, 'type') ?? '')?.[1];
    if (kind !== undefined) begin(index, { type: kind, [kind]: '' });
    return open.get(index);
  };

  const extend = ({ block }: OpenBlock, key: string, piece: string): void => {
    block[key] = grown(stringAt(block, key) ?? '', piece);
  };

  const grow = (index: number, delta: JsonObject | null): StreamedEvent[] => {
    const current = open.get(index) ?? unannounced(index, delta);
    if (!current) return [];
    switch (stringAt(delta, 'type')) {
      case 'text_delta': {
        const piece = stringAt(delta, 'text') ?? '';
        extend(current, 'text', piece);
        return say('text', piece);
      }
      case 'thinking_delta': {
        const piece = stringAt(delta, 'thinking') ?? '';
        extend(current, 'thinking', piece);
        return say('reasoning', piece);
      }
      case 'signature_delta':
        extend(current, 'signature', stringAt(delta, 'signature') ?? '');
        return [];
      case 'input_json_delta':
        current.json = grown(current.json, stringAt(delta, 'partial_json') ?? '');
        return [];
      case 'citations_delta': {
        const citation = delta?.citation;
        if (citation !== undefined) current.block.citations = [...arrayAt(current.block, 'citations'), citation];
        return citedIn(citation ?? null, mentions);
      }
      case 'compaction_delta':
        for (const key of ['content', 'encrypted_content']) {
          const piece = stringAt(delta, key);
          if (piece !== null) extend(current, key, piece);
        }
        return [];
      default:
        return [];
    }
  };

  const close = (index: number): StreamedEvent[] => {
    const current = open.get(index);
    if (!current) return [];
    open.delete(index);
    const { block, json } = current;
    const type = stringAt(block, 'type') ?? '';
    items.push(block);
    if (type === 'tool_use') {
      const whole = json === '' && block.input ? JSON.stringify(block.input) : json;
      const call = createToolCall(callId(stringAt(block, 'id')), stringAt(block, 'name') ?? '', json);
      if (json === '') call.args = parseArguments(whole);
      block.id = call.id;
      // Only an object may be sent back, even where the model's own JSON was broken.
      block.input = call.args ?? {};
      // Each action is a tool of its own there.
      if (stringAt(block, 'toolset_name') === COMPUTER && call.args) {
        call.args = actionArgs(call.name, call.args);
        Object.assign(call, { name: COMPUTER, rawArgs: JSON.stringify(call.args) });
      }
      calls.push(call);
      return [{ type: 'tool-call', call }];
    }
    if (type.endsWith('tool_use')) {
      if (json !== '') block.input = parseArguments(json) ?? {};
      uses.set(stringAt(block, 'id') ?? '', stringAt(block, 'name') ?? type);
      const detail = JSON.stringify(block.input ?? {});
      return [{ type: 'builtin-tool', name: stringAt(block, 'name') ?? type, detail, itemType: type }];
    }
    return tellOf(block, type);
  };

  const tellOf = (block: JsonObject, type: string): StreamedEvent[] => {
    if (PLAIN_BLOCKS.has(type)) return [];
    if (!type.endsWith('_result')) {
      const file = type === 'container_upload' ? mentions.file(null, stringAt(block, 'file_id')) : [];
      return [
        { type: 'builtin-tool', name: type, detail: '', itemType: type },
        { type: 'builtin-result', name: type, output: resultText(block), isError: false },
        ...file,
      ];
    }
    const name = uses.get(stringAt(block, 'tool_use_id') ?? '') ?? type.replace(/_(?:tool_)?result$/, '');
    const content = objectAt(block, 'content');
    const isError = block.is_error === true || (stringAt(content, 'type') ?? '').endsWith('_error');
    const files = arrayAt(content, 'content').flatMap((made) => mentions.made(null, stringAt(made, 'file_id'), null));
    return [{ type: 'builtin-result', name, itemType: type, output: resultText(block), isError }, ...files];
  };

  const stop = (): StreamedEvent[] => {
    isStopped = true;
    return [...open.keys()].toSorted((a, b) => a - b).flatMap(close);
  };

  return {
    read(event) {
      const index = numberAt(event, 'index') ?? 0;
      switch (stringAt(event, 'type')) {
        case 'message_start': {
          const message = objectAt(event, 'message');
          noteContainer(message);
          count(objectAt(message, 'usage'));
          return arrayAt(message, 'content').flatMap((block, at) => (isJsonObject(block) ? begin(at, block) : []));
        }
        case 'content_block_start': {
          const block = objectAt(event, 'content_block');
          return block ? begin(index, block) : [];
        }
        case 'content_block_delta':
          return grow(index, objectAt(event, 'delta'));
        case 'content_block_stop':
          return close(index);
        case 'message_delta':
          stopReason = stringAt(objectAt(event, 'delta'), 'stop_reason') ?? stopReason;
          noteContainer(objectAt(event, 'delta'));
          count(objectAt(event, 'usage'));
          return [];
        case 'message_stop':
          return stop();
        case 'message': {
          // A server that does not stream sends the whole message.
          count(objectAt(event, 'usage'));
          if (isJsonObject(event)) noteContainer(event);
          stopReason = stringAt(event, 'stop_reason');
          const begun = arrayAt(event, 'content').flatMap((b, at) => (isJsonObject(b) ? begin(at, b) : []));
          return [...begun, ...stop()];
        }
        default:
          return [];
      }
    },
    isComplete: () => isStopped,
    failure: () => null,
    usage: () => compactions.map(usageOfIteration).reduce(addUsage, usageOf(counts, reasoningTokens ?? 0)),
    sent: () => ({ stopReason, usage: sentUsageOf(counts, reasoningTokens) }),
    finish: () => ({
      rest: [],
      message: {
        role: 'assistant',
        text,
        ...(reasoning !== '' && { reasoning }),
        calls,
        ...(items.length > 0 && { native: { protocol: MESSAGES, items, ...(isWaiting() && { container }) } }),
      },
      stopReason: withCalls(stopReasonOf(stopReason), calls),
    }),
  };
}

/** A page, a search result of a tool (which names its source), or a document that was sent along. */
function citedIn(citation: JsonValue, mentions: Mentions): StreamedEvent[] {
  const source = stringAt(citation, 'url') ?? stringAt(citation, 'source');
  if (source !== null) return mentions.page(source, stringAt(citation, 'title'));
  return mentions.file(stringAt(citation, 'document_title'), stringAt(citation, 'file_id'));
}

const TOKEN_COUNTS = ['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];

/** Blocks that are the reply itself. */
const PLAIN_BLOCKS: ReadonlySet<string> = new Set(['', 'text', 'thinking', 'redacted_thinking']);

function sentUsageOf(counts: Record<string, number>, reasoning: number | null): SentUsage | null {
  const read = (key: string): number | null => counts[key] ?? null;
  if (Object.keys(counts).length === 0) return null;
  const { input, output } = usageOf(counts, 0);
  return {
    input: read('input_tokens'),
    output: read('output_tokens'),
    cached: read('cache_read_input_tokens'),
    cacheWrite: read('cache_creation_input_tokens'),
    reasoning,
    // Not sent; input and cached input are counted apart here.
    total: input + output,
  };
}

function usageOf(counts: Record<string, number>, reasoning: number): Usage {
  const cachedInput = counts.cache_read_input_tokens ?? 0;
  const cacheWrite = counts.cache_creation_input_tokens ?? 0;
  const output = counts.output_tokens ?? 0;
  return {
    // Anthropic counts only what no cache had a part in.
    input: (counts.input_tokens ?? 0) + cachedInput + cacheWrite,
    output,
    cachedInput,
    cacheWrite,
    reasoning: Math.min(output, reasoning),
  };
}

function usageOfIteration(iteration: JsonValue): Usage {
  const counts = TOKEN_COUNTS.map((key) => [key, numberAt(iteration, key) ?? 0] as const);
  return usageOf(Object.fromEntries(counts), 0);
}

function stopReasonOf(reason: string | null): StopReason {
  switch (reason) {
    case 'end_turn':
      return 'end';
    case 'tool_use':
      return 'tool-calls';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'max-tokens';
    case 'stop_sequence':
      return 'stop-sequence';
    case 'pause_turn':
    // The server has summed the conversation up, and goes on when it is given back.
    case 'compaction':
      return 'pause';
    case 'refusal':
      return 'refusal';
    default:
      return 'other';
  }
}
