import { grown } from '../../events/grown.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import type { ToolCall } from '../../events/message.ts';
import { createMentions, readDataUrl, type Mentions } from '../wire/mentions.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { withCalls, type StreamedEvent, type WireReader } from '../wire/model-call.ts';
import { createToolCall } from '../wire/tool-call.ts';
import { computerCall } from './computer-call.ts';
import { builtinResultOf, builtinToolOf } from './builtin-tool.ts';
import { failureOf, readUsage, sentEnd, stopReasonOf } from './end.ts';
import { RESPONSES } from './request.ts';

/** Reads the events of a Responses stream. */
export function createResponsesReader(
  callId: (wanted: string | null) => string,
  { hasComputer = false }: { hasComputer?: boolean } = {},
): WireReader {
  let text = '';
  let refusal = '';
  let reasoning = '';
  const calls: ToolCall[] = [];
  /** Items that are done, by their place in the output. */
  const items = new Map<string, JsonObject>();
  /** Places and kinds of text that were streamed, so that whole items do not repeat them. */
  const streamed = new Set<string>();
  /** Calls in the making, by their place. Some gateways send neither the whole call nor the whole output at the end. */
  const begun = new Map<string, BegunCall>();
  const known = new Set<string>();
  let response: JsonObject | null = null;
  const mentions = createMentions();
  let isBroken = false;

  const say = (type: 'text' | 'reasoning' | 'refusal', piece: string): StreamedEvent[] => {
    if (piece === '') return [];
    if (type === 'text') text = grown(text, piece);
    else if (type === 'refusal') refusal += piece;
    else reasoning = grown(reasoning, piece);
    return [{ type, text: piece }];
  };

  const delta = (type: 'text' | 'reasoning' | 'refusal', event: unknown): StreamedEvent[] => {
    const piece = stringAt(event, 'delta') ?? '';
    if (piece !== '') streamed.add(`${placeOf(event)} ${type}`).add(`${partOf(event)} ${type}`);
    return say(type, piece);
  };

  /** The whole of a part at its end, for servers that do not stream it. */
  const whole = (type: 'text' | 'reasoning' | 'refusal', event: unknown, field: string): StreamedEvent[] => {
    const key = `${partOf(event)} ${type}`;
    if (streamed.has(key)) return [];
    streamed.add(`${placeOf(event)} ${type}`).add(key);
    return say(type, stringAt(event, field) ?? '');
  };

  const growCall = (event: unknown, field: string, isWhole: boolean): StreamedEvent[] => {
    const call = begun.get(placeOf(event));
    const piece = stringAt(event, field) ?? '';
    if (call) call.raw = isWhole ? piece || call.raw : call.raw + piece;
    return [];
  };

  const unsaid = (place: string, type: 'text' | 'reasoning' | 'refusal', whole: string): StreamedEvent[] =>
    streamed.has(`${place} ${type}`) ? [] : say(type, whole);

  const takeItem = (place: string, sent: JsonObject): StreamedEvent[] => {
    const before = items.get(place);
    if (before) {
      // Some gateways give all items one place.
      const isAnother = idOf(sent) !== '' && !known.has(idOf(sent)) && likenessOf(sent) !== likenessOf(before);
      return isAnother ? takeItem(`${place}.${items.size}`, withArguments(sent, begun.get(place))) : [];
    }
    const item = withArguments(sent, begun.get(place));
    items.set(place, item);
    known.add(idOf(sent));
    switch (item.type) {
      case 'message':
        return [
          ...unsaid(place, 'text', joined(item.content, 'output_text', 'text')),
          ...unsaid(place, 'refusal', joined(item.content, 'refusal', 'refusal')),
          ...arrayAt(item, 'content').flatMap((part) => mentionsOf(part, mentions)),
        ];
      case 'reasoning':
        return unsaid(
          place,
          'reasoning',
          joined(item.content, 'reasoning_text', 'text') || joined(item.summary, 'summary_text', 'text'),
        );
      case 'function_call':
      case 'custom_tool_call': {
        const id = callId(stringAt(item, 'call_id') || stringAt(item, 'id'));
        const name = stringAt(item, 'name') ?? '';
        const raw = stringAt(item, 'arguments') ?? '';
        // A custom tool takes free text, which is no JSON object whatever it looks like.
        const call: ToolCall =
          item.type === 'function_call'
            ? createToolCall(id, name, raw)
            : { id, name, args: null, rawArgs: stringAt(item, 'input') ?? '', isFreeForm: true };
        item.call_id = id;
        calls.push(call);
        return [{ type: 'tool-call', call }];
      }
      default: {
        const builtin = builtinToolOf(item);
        if (builtin && hasComputer && item.type === 'computer_call') {
          item.call_id = callId(stringAt(item, 'call_id'));
          const call = computerCall(item);
          calls.push(call);
          return [builtin, { type: 'tool-call', call }];
        }
        return builtin ? [builtin, builtinResultOf(item, builtin.name), ...imagesOf(item, mentions)] : [];
      }
    }
  };

  /** The whole output once more, at the end. Gateways number and name its items otherwise than while streaming. */
  const takeOutput = (sent: JsonObject): StreamedEvent[] => {
    const hasItems = items.size > 0;
    const said = { message: text + refusal !== '', reasoning: reasoning !== '' };
    const ids = new Set(arrayAt(sent, 'output').map((item) => (isJsonObject(item) ? idOf(item) : '')));
    /** What was streamed under ids that the output does not know, by what else tells it apart. */
    const renamed = [...items.values()].filter((item) => !ids.has(idOf(item))).map(likenessOf);
    const isRenamed = (item: JsonObject): boolean => {
      const at = renamed.indexOf(likenessOf(item));
      if (at >= 0) renamed.splice(at, 1);
      return at >= 0;
    };
    const isNews = (item: JsonObject): boolean => {
      if (item.type === 'message') return !said.message;
      if (item.type === 'reasoning') return !said.reasoning && !hasItems;
      return !known.has(idOf(item)) && (idOf(item) !== '' || !hasItems) && !isRenamed(item);
    };
    const rest = arrayAt(sent, 'output').flatMap((item, at) =>
      isJsonObject(item) && isNews(item) ? takeItem(items.has(String(at)) ? `${at}.5` : String(at), item) : [],
    );
    return [...rest, ...[...begun].flatMap(([place, call]) => takeBegun(place, call))];
  };

  const takeBegun = (place: string, { item, raw }: BegunCall): StreamedEvent[] =>
    known.has(idOf(item)) ? [] : takeItem(place, { ...item, [argumentsKey(item)]: raw });

  return {
    read(event) {
      switch (stringAt(event, 'type')) {
        case 'response.output_text.delta':
          return delta('text', event);
        case 'response.refusal.delta':
          return delta('refusal', event);
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
        // OpenRouter's word for it.
        case 'response.reasoning.delta':
          return delta('reasoning', event);
        // What a model that speaks says, in words.
        case 'response.audio.transcript.delta':
        case 'response.output_audio_transcript.delta':
          return delta('text', event);
        case 'response.output_text.done':
          return whole('text', event, 'text');
        case 'response.refusal.done':
          return whole('refusal', event, 'refusal');
        case 'response.reasoning_summary_text.done':
        case 'response.reasoning_text.done':
          return whole('reasoning', event, 'text');
        case 'response.output_text.annotation.added':
          return mentionOf(isJsonObject(event) ? (event.annotation ?? null) : null, mentions);
        case 'response.output_item.added': {
          const item = objectAt(event, 'item');
          if (item?.type === 'function_call' || item?.type === 'custom_tool_call') {
            begun.set(placeOf(event), { item, raw: stringAt(item, 'arguments') ?? stringAt(item, 'input') ?? '' });
          }
          return [];
        }
        case 'response.function_call_arguments.delta':
        case 'response.custom_tool_call_input.delta':
          return growCall(event, 'delta', false);
        case 'response.function_call_arguments.done':
          return growCall(event, 'arguments', true);
        case 'response.custom_tool_call_input.done':
          return growCall(event, 'input', true);
        case 'response.output_item.done': {
          const item = objectAt(event, 'item');
          return item ? takeItem(placeOf(event), item) : [];
        }
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
        case 'response.cancelled':
        case 'response.done': {
          const sent = objectAt(event, 'response') ?? {};
          // Some gateways say the status in the name of the event only, and repeat the response as it began.
          const status = (stringAt(event, 'type') ?? '').replace('response.', '').replace('done', 'completed');
          const isSaid = !UNFINISHED.has(stringAt(sent, 'status') ?? '');
          response = isSaid ? sent : { ...sent, status };
          return takeOutput(response);
        }
        case 'error':
          // `response.failed` follows, if anything does, and says no more.
          isBroken = true;
          return [];
        default:
          // A server that does not stream sends the response itself.
          if (stringAt(event, 'object') !== 'response' || !isJsonObject(event)) return [];
          response = event;
          return takeOutput(event);
      }
    },
    isComplete: () => response !== null,
    failure: () => (response === null ? null : failureOf(response)),
    usage: () => readUsage(response),
    sent: () => sentEnd(response, isBroken),
    finish: () => ({
      rest: [],
      message: {
        role: 'assistant',
        text: text + refusal,
        ...(refusal !== '' && { refusal }),
        ...(reasoning !== '' && { reasoning }),
        calls,
        ...(items.size > 0 && { native: { protocol: RESPONSES, items: inOrder(items) } }),
      },
      stopReason: withCalls(stopReasonOf(response, refusal), calls),
    }),
  };
}

interface BegunCall {
  item: JsonObject;
  /** Its arguments or its text, as far as they were streamed. */
  raw: string;
}

const UNFINISHED: ReadonlySet<string> = new Set(['', 'queued', 'in_progress']);

function argumentsKey(item: JsonObject): 'input' | 'arguments' {
  return item.type === 'custom_tool_call' ? 'input' : 'arguments';
}

/** A call with its arguments as text, which are those that were streamed where the item itself has none. */
function withArguments(sent: JsonObject, begun: BegunCall | undefined): JsonObject {
  if (sent.type !== 'function_call' && sent.type !== 'custom_tool_call') return { ...sent };
  const key = argumentsKey(sent);
  const streamed = begun && idOf(begun.item) === idOf(sent) ? begun.raw : '';
  const whole = isJsonObject(sent[key]) ? JSON.stringify(sent[key]) : stringAt(sent, key);
  return { ...sent, [key]: whole || streamed };
}

/** What a call or a tool's use is known by. An output has the id of its call. */
function idOf(item: JsonObject): string {
  const id = stringAt(item, 'call_id') || stringAt(item, 'id') || '';
  return id !== '' && stringAt(item, 'type')?.endsWith('_output') ? `${id} output` : id;
}

/** What two tellings of one item have in common, whatever their ids. */
function likenessOf(item: JsonObject): string {
  const { type = '', name = '', arguments: args = '', input = '' } = item;
  return JSON.stringify([type, name, args, input]);
}

function placeOf(event: unknown): string {
  const id = stringAt(event, 'item_id') ?? stringAt(objectAt(event, 'item'), 'id') ?? '';
  return String(numberAt(event, 'output_index') ?? id);
}

/** A part of an item. */
function partOf(event: unknown): string {
  return `${placeOf(event)}/${numberAt(event, 'content_index') ?? numberAt(event, 'summary_index') ?? 0}`;
}

function inOrder(items: ReadonlyMap<string, JsonObject>): JsonObject[] {
  return [...items].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}

function joined(parts: JsonValue | undefined, type: string, field: string): string {
  if (!Array.isArray(parts)) return '';
  return parts.map((part) => (stringAt(part, 'type') === type ? (stringAt(part, field) ?? '') : '')).join('');
}

/** Pages and files that a text refers to. */
function mentionsOf(part: JsonValue, mentions: Mentions): StreamedEvent[] {
  return arrayAt(part, 'annotations').flatMap((note) => mentionOf(note, mentions));
}

function mentionOf(note: JsonValue, mentions: Mentions): StreamedEvent[] {
  if (stringAt(note, 'type') === 'url_citation') return mentions.page(stringAt(note, 'url'), stringAt(note, 'title'));
  const [name, id, container] = [stringAt(note, 'filename'), stringAt(note, 'file_id'), stringAt(note, 'container_id')];
  return container === null ? mentions.file(name, id) : mentions.made(name, id, container);
}

function imagesOf(item: JsonObject, mentions: Mentions): StreamedEvent[] {
  if (item.type === 'code_interpreter_call') {
    return arrayAt(item, 'outputs').flatMap((output, at) => {
      const name = `image ${at + 1} of ${stringAt(item, 'id') ?? 'code'}`;
      const data = readDataUrl(stringAt(output, 'url') ?? '');
      return data ? mentions.file(name, null, data.mediaType, data.base64) : [];
    });
  }
  const image = stringAt(item, 'result');
  if (item.type !== 'image_generation_call' || image === null) return [];
  return mentions.file('image', stringAt(item, 'id'), `image/${stringAt(item, 'output_format') ?? 'png'}`, image);
}
