import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { parseJson } from './json-fields.ts';
import { createSseParser, type SseEvent } from './sse-parser.ts';
import type { WireLog } from './wire-log.ts';

/** How an SDK wants events framed. */
export interface Framing {
  /** The event's name and its JSON; null leaves the event out. */
  frame: (event: SseEvent) => SseEvent | null;
  /** Matches a text that holds nothing but whole events which `frame` would leave as they are. */
  plain: RegExp;
}

/** Events of either form, which most SDKs read. */
export const ANY_FRAMING: Framing = {
  frame: (event) => event,
  plain: /^(?:(?:event: [^\r\n]*\n)?data: [^\r\n]*\n\n)+$/,
};

/** True for what may hold an error or an end mark, and gets a closer look. */
function isMarked(text: string): boolean {
  return text.includes('"error"') || text.includes('[DONE]') || text.includes('event: error');
}

const MAX_JSON_CHARS = 64 * 1024 * 1024;
/** A plain event is smaller; looking for the end of a larger one again and again would cost too much. */
const MAX_CARRY_BYTES = 64 * 1024;
const CR = 0x0d;
const LF = 0x0a;
const NOTHING = new Uint8Array(0);

export interface CleaningContext {
  log: WireLog;
  framing: Framing;
  onBytes: () => void;
}

/**
 * An event stream in its plainest form: one LF-framed block per event in one piece, no comments, no byte order mark.
 * Notes errors of the server, the end mark and cuts in the log. What is plain already passes as it came. Rejects with
 * what reading `source` throws. Written out instead of as a generator, which would double its cost.
 */
export function cleanEvents(
  source: ReadableStream<Uint8Array>,
  { log, framing, onBytes }: CleaningContext,
): AsyncIterator<Uint8Array, undefined> {
  const reader = source.getReader();
  const careful = createCarefulCleaner(log, framing);
  let carry: Uint8Array = NOTHING;
  let isPlain = true;
  let isEnded = false;

  const clean = (bytes: Uint8Array): Uint8Array => {
    onBytes();
    if (!isPlain) return careful.push(bytes);
    const whole = carry.length === 0 ? bytes : joined(carry, bytes);
    const cut = endOfEvents(whole);
    const events = cut === whole.length ? whole : whole.subarray(0, cut);
    const rest = cut === whole.length ? NOTHING : whole.subarray(cut);
    // One character per byte is enough to see the form, and quick.
    const text = Buffer.from(events.buffer, events.byteOffset, cut).toString('latin1');
    if ((cut === 0 || framing.plain.test(text)) && mayBecomePlain(rest)) {
      carry = rest;
      return isMarked(text) ? careful.push(events) : events;
    }
    isPlain = false;
    carry = NOTHING;
    return careful.push(whole);
  };

  return {
    async next() {
      while (!isEnded) {
        const read = await reader.read();
        isEnded = read.done;
        const out = read.done ? careful.end(carry) : clean(read.value);
        if (out.length > 0) return { value: out, done: false };
      }
      return { value: undefined, done: true };
    },
    async return() {
      isEnded = true;
      await reader.cancel().catch(() => undefined);
      return { value: undefined, done: true };
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Where the last whole event ends. */
function endOfEvents(bytes: Uint8Array): number {
  for (let at = bytes.lastIndexOf(LF); at > 0; at = bytes.lastIndexOf(LF, at - 1)) {
    if (bytes[at - 1] === LF) return at + 1;
  }
  return 0;
}

/** Nothing, or the beginning of an event (`event:`, `data:`) that may be waited for. */
function mayBecomePlain(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return true;
  const isBegun = bytes[0] === 0x65 || bytes[0] === 0x64;
  return isBegun && bytes.length <= MAX_CARRY_BYTES && !bytes.includes(CR);
}

/** Understands any framing there is. */
function createCarefulCleaner(
  log: WireLog,
  { frame }: Framing,
): { push(bytes: Uint8Array): Uint8Array; end(bytes: Uint8Array): Uint8Array } {
  const parser = createSseParser();
  const decoder = new TextDecoder();
  let whole = '';
  let isWhole: boolean | null = null;

  /** Some servers answer with JSON and call it a stream: collects it. False where it is a stream. */
  const collectJson = (text: string): boolean => {
    if (isWhole === null && text.trim() !== '') isWhole = /^\s*[{[]/.test(text);
    if (isWhole === true) whole += text;
    if (whole.length > MAX_JSON_CHARS) throw new Error('The server sent an answer of more than 64 MB.');
    return isWhole === true;
  };
  const endOfJson = (): SseEvent[] => {
    const body = parseJson(whole);
    log.isCut = body === null;
    log.isDone = body !== null;
    return body === null ? [] : jsonEvents(body);
  };
  const note = (events: SseEvent[]): SseEvent[] => {
    for (const { event, data } of events) {
      if (data.trim() === '[DONE]') log.isDone = true;
      // A whole parse for the few events that may hold an error; the others are parsed once, by the SDK.
      else if (log.streamError === null && (event === 'error' || data.includes('"error"'))) {
        const body = parseJson(data);
        if (event === 'error' || isErrorBody(body)) log.streamError = isJsonObject(body) ? body : { message: data };
      }
    }
    return events;
  };
  const framed = (events: SseEvent[]): Uint8Array => frameAll(note(events), { frame, plain: /^$/ });

  return {
    push(bytes) {
      const text = decoder.decode(bytes, { stream: true });
      return collectJson(text) ? NOTHING : framed(parser.push(text));
    },
    end(bytes) {
      const rest = decoder.decode(bytes);
      if (collectJson(rest)) return framed(endOfJson());
      const last = parser.push(rest);
      last.push(
        ...parser.end((data) => {
          const isComplete = data.trim() === '[DONE]' || parseJson(data) !== null;
          log.isCut = !isComplete;
          return isComplete;
        }),
      );
      return framed(last);
    },
  };
}

export function frameAll(events: readonly SseEvent[], { frame }: Framing): Uint8Array<ArrayBuffer> {
  let text = '';
  for (const raw of events) {
    const event = frame(raw);
    // A line break in the data can only stand between tokens of the JSON, where a space means the same.
    if (event)
      text += `${event.event === null ? '' : `event: ${event.event}\n`}data: ${event.data.replaceAll('\n', ' ')}\n\n`;
  }
  return new TextEncoder().encode(text);
}

/** An answer in one piece as the events that it would have been. Gemini sends its chunks as a list. */
export function jsonEvents(body: JsonValue): SseEvent[] {
  return (Array.isArray(body) ? body : [body]).map((item) => ({ event: null, data: JSON.stringify(item) }));
}

export function isErrorBody(body: JsonValue): boolean {
  if (!isJsonObject(body)) return false;
  const { error } = body;
  // Some local servers mark an error by `object`.
  return (
    body.type === 'error' ||
    body.object === 'error' ||
    isJsonObject(error) ||
    (typeof error === 'string' && error !== '')
  );
}
