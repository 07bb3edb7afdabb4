import type { JsonValue } from '../../events/json.ts';
import { parseJson } from './json-fields.ts';
import { isErrorBody, jsonEvents, noteEnd, readEvents } from './read-events.ts';
import type { SseEvent } from './sse-parser.ts';
import { unhurriedDispatcher } from './unhurried-dispatcher.ts';
import type { WireLog } from './wire-log.ts';

const MAX_REFUSAL_CHARS = 64 * 1024;
const MAX_JSON_CHARS = 64 * 1024 * 1024;

export interface WatchedFetch {
  /** For the SDK. Resolves to an empty answer once the real one has begun. */
  fetch: typeof fetch;
  log: WireLog;
  /** The events of the answer, to be asked for once `fetch` has resolved. */
  events(): AsyncIterator<readonly SseEvent[], undefined>;
}

/**
 * A `fetch` for one model call, to be given to a vendor's SDK, which sends the request with it. The answer is kept from
 * the SDK: the SDKs differ in the streams that they survive, and lose errors of the server in their own words, the end
 * mark, cuts, and fields that they do not know. An error status is kept too; then `fetch` rejects. Calls `onBytes`
 * whenever anything arrives.
 */
export function createWatchedFetch(onBytes: () => void): WatchedFetch {
  const log: WireLog = { refusal: null, streamError: null, isDone: false, isCut: false };
  let events: AsyncIterator<readonly SseEvent[], undefined> | null = null;
  const read = async (response: Response): Promise<AsyncIterator<readonly SseEvent[], undefined>> => {
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
      log.isDone = true;
      const parts = jsonEvents(body);
      // An error may follow what was sent before it.
      return inOnePiece(parts.slice(0, noteEnd(parts, log)));
    }
    if (response.body === null) return refuse('The answer has no body.');
    return readEvents(response.body, { log, onBytes });
  };
  return {
    async fetch(input, init) {
      const dispatcher = unhurriedDispatcher();
      const response = await fetch(input, { ...init, ...(dispatcher && { dispatcher }) } as RequestInit);
      onBytes();
      events = await read(response);
      return new Response('', { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    },
    log,
    events() {
      if (events === null) throw new Error('The request was not sent.');
      return events;
    },
  };
}

async function* inOnePiece(events: SseEvent[]): AsyncGenerator<SseEvent[], undefined> {
  yield events;
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
