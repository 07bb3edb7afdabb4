import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { parseJson } from './json-fields.ts';
import { createSseParser, type SseEvent } from './sse-parser.ts';
import { unhurriedDispatcher } from './unhurried-dispatcher.ts';

/** An answer of the server that is no stream of events. */
export interface Refusal {
  status: number;
  headers: Headers;
  /** Parsed body, or its text. */
  body: JsonValue;
  isWebPage: boolean;
}

/** What one HTTP request brought besides its events. */
export interface WireLog {
  refusal: Refusal | null;
  /** The error that the server put into the stream. */
  streamError: JsonObject | null;
  /** `data: [DONE]` came. */
  isDone: boolean;
  /** The body ended inside an event. */
  isCut: boolean;
}

/** How an SDK wants events framed: the event's name and its JSON; null leaves the event out. */
export type Framing = (event: SseEvent) => SseEvent | null;

const MAX_REFUSAL_CHARS = 64 * 1024;
const MAX_JSON_CHARS = 64 * 1024 * 1024;

/**
 * A `fetch` for one model call, to be given to a vendor's SDK. It rewrites the event stream into its plainest form
 * (one LF-framed block per event in one piece, no comments, no byte order mark) before the SDK sees it, because the
 * SDKs differ in what they survive. It notes errors of the server in their own words, the end mark, and cuts, which
 * the SDKs lose; answers with an error status it keeps and then rejects. Calls `onBytes` whenever anything arrives.
 */
export function createWatchedFetch(framing: Framing, onBytes: () => void): { fetch: typeof fetch; log: WireLog } {
  const log: WireLog = { refusal: null, streamError: null, isDone: false, isCut: false };
  const watched = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const dispatcher = unhurriedDispatcher();
    const response = await fetch(input, { ...init, ...(dispatcher && { dispatcher }) } as RequestInit);
    onBytes();
    const type = response.headers.get('content-type')?.toLowerCase() ?? '';
    const refuse = (body: JsonValue): never => {
      log.refusal = {
        status: response.status,
        headers: response.headers,
        body,
        isWebPage: type.includes('text/html'),
      };
      throw new Error(`The server refused the request with status ${response.status}.`);
    };
    if (!response.ok || type.includes('text/html')) {
      const text = await readText(response, MAX_REFUSAL_CHARS, onBytes);
      return refuse(parseJson(text.replace(/^data:\s*/, '')) ?? text);
    }
    if (type.includes('json')) {
      const body = parseJson(await readText(response, MAX_JSON_CHARS, onBytes));
      if (isErrorBody(body)) return refuse(body);
      const events = jsonEvents(body);
      log.isDone = true;
      return streamResponse(response, frameAll(events, framing));
    }
    if (response.body === null) return refuse('The answer has no body.');
    return streamResponse(response, response.body.pipeThrough(cleanEvents(log, framing, onBytes)));
  };
  return { fetch: watched, log };
}

/** An answer in one piece as the events that it would have been. Gemini sends its chunks as a list. */
function jsonEvents(body: JsonValue): SseEvent[] {
  return (Array.isArray(body) ? body : [body]).map((item) => ({ event: null, data: JSON.stringify(item) }));
}

function streamResponse(from: Response, body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>): Response {
  const headers = new Headers(from.headers);
  // They describe the bytes as they were sent.
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name);
  headers.set('content-type', 'text/event-stream; charset=utf-8');
  return new Response(body, { status: from.status, statusText: from.statusText, headers });
}

function cleanEvents(log: WireLog, framing: Framing, onBytes: () => void): TransformStream<Uint8Array, Uint8Array> {
  const parser = createSseParser();
  const decoder = new TextDecoder();
  let whole = '';
  let isWhole: boolean | null = null;
  /** Some servers answer with JSON and call it a stream: collects it. False where it is a stream. */
  const collectJson = (text: string): boolean => {
    if (isWhole === null && text.trim() !== '') isWhole = /^[\ufeff\s]*[{[]/.test(text);
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
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      onBytes();
      const text = decoder.decode(bytes, { stream: true });
      if (collectJson(text)) return;
      const framed = frameAll(note(parser.push(text)), framing);
      if (framed.length > 0) controller.enqueue(framed);
    },
    flush(controller) {
      const rest = decoder.decode();
      if (collectJson(rest)) {
        const framed = frameAll(note(endOfJson()), framing);
        if (framed.length > 0) controller.enqueue(framed);
        return;
      }
      const events = parser.push(rest);
      events.push(
        ...parser.end((data) => {
          const isWhole = data.trim() === '[DONE]' || parseJson(data) !== null;
          log.isCut = !isWhole;
          return isWhole;
        }),
      );
      const framed = frameAll(note(events), framing);
      if (framed.length > 0) controller.enqueue(framed);
    },
  });
}

function frameAll(events: SseEvent[], framing: Framing): Uint8Array<ArrayBuffer> {
  let text = '';
  for (const raw of events) {
    const event = framing(raw);
    // A line break in the data can only stand between tokens of the JSON, where a space means the same.
    if (event)
      text += `${event.event === null ? '' : `event: ${event.event}\n`}data: ${event.data.replaceAll('\n', ' ')}\n\n`;
  }
  return new TextEncoder().encode(text);
}

function isErrorBody(body: JsonValue): boolean {
  if (!isJsonObject(body)) return false;
  const { error } = body;
  return body.type === 'error' || isJsonObject(error) || (typeof error === 'string' && error !== '');
}

async function readText(response: Response, maxChars: number, onBytes: () => void): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body as AsyncIterable<Uint8Array>) {
    onBytes();
    text += decoder.decode(bytes, { stream: true });
    if (text.length > maxChars) return text.slice(0, maxChars);
  }
  return text + decoder.decode();
}
