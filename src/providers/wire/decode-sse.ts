import { isJsonObject } from '../../events/json.ts';
import type { SseEvent } from './sse-parser.ts';

/**
 * The JSON of events as they are on the wire (a piece of `sseEvents`), those left out that say nothing. The SDKs' own
 * iteration costs more than all the rest, and some of them write what they cannot parse to the console. Throws a
 * SyntaxError at what is no JSON, and at an error of the server, which the watched `fetch` has kept.
 */
export function* decodeSse(piece: unknown): Generator<unknown> {
  for (const { event, data } of piece as readonly SseEvent[]) {
    if (event === 'ping' || data === '') continue;
    if (event === 'error') throw new Error('The server reported an error.');
    yield JSON.parse(data);
  }
}

/** The same for OpenAI's protocols, where any event may hold an error. */
export function* decodeOpenAiSse(piece: unknown): Generator<unknown> {
  for (const sent of decodeSse(piece)) {
    if (isJsonObject(sent) && sent.error) throw new Error('The server reported an error.');
    yield sent;
  }
}
