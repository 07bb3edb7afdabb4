import type { JsonValue } from '../../events/json.ts';
import { parseJson } from './json-fields.ts';
import { cleanEvents, frameAll, isErrorBody, jsonEvents, type Framing } from './clean-events.ts';
import { streamBody, type StreamBody } from './stream-body.ts';
import type { WireLog } from './wire-log.ts';
import { unhurriedDispatcher } from './unhurried-dispatcher.ts';

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
      return streamResponse(response, streamBody(inOnePiece(frameAll(events, framing))));
    }
    if (response.body === null) return refuse('The answer has no body.');
    return streamResponse(response, streamBody(cleanEvents(response.body, { log, framing, onBytes })));
  };
  return { fetch: watched, log };
}

function streamResponse(from: Response, body: StreamBody): Response {
  const headers = new Headers(from.headers);
  // They describe the bytes as they were sent.
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name);
  headers.set('content-type', 'text/event-stream; charset=utf-8');
  const response = new Response(null, { status: from.status, statusText: from.statusText, headers });
  Object.defineProperty(response, 'body', { value: body });
  return response;
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
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
