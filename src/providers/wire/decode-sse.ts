import { isJsonObject } from '../../events/json.ts';
import type { SseEvent } from './sse-parser.ts';

/**
 * The JSON of an event as it is on the wire (`sseEvents`); undefined for one that says nothing. The SDKs' own iteration
 * costs more than all the rest, and some of them write what they cannot parse to the console. Throws a SyntaxError for
 * what is no JSON, and at an error of the server, which the watched `fetch` has kept.
 */
export function decodeSse(raw: unknown): unknown {
  const { event, data } = raw as SseEvent;
  if (event === 'ping' || data === '') return undefined;
  if (event === 'error') throw new Error('The server reported an error.');
  return JSON.parse(data);
}

/** The same for OpenAI's protocols, where any event may hold an error. */
export function decodeOpenAiSse(raw: unknown): unknown {
  const sent = decodeSse(raw);
  if (isJsonObject(sent) && sent.error) throw new Error('The server reported an error.');
  return sent;
}
