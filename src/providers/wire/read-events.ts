import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { parseJson } from './json-fields.ts';
import { createSseParser, type SseEvent } from './sse-parser.ts';
import type { WireLog } from './wire-log.ts';

/** OpenAI's end mark; servers that send it may leave the connection open for long. */
const END_MARK = '[DONE]';
const MAX_JSON_CHARS = 64 * 1024 * 1024;

/**
 * The events of a body, those of each piece that arrives together, none of them empty. The end mark and an error of the
 * server end them and let the body go. Notes errors, the end mark and cuts in the log. An answer that is one JSON value
 * counts as a stream of one event. Rejects with what reading `source` throws. The SDKs' own iteration differs in what
 * it survives, costs more than all the rest, and in parts writes what it cannot parse to the console.
 * Written out instead of as a generator, which would double its cost.
 */
export function readEvents(
  source: ReadableStream<Uint8Array>,
  { log, onBytes }: { log: WireLog; onBytes: () => void },
): AsyncIterator<readonly SseEvent[], undefined> {
  const reader = source.getReader();
  const decoder = new TextDecoder();
  const stream = createEventReader(log);
  let isOver = false;
  const leave = async (): Promise<void> => {
    isOver = true;
    await reader.cancel().catch(() => undefined);
  };
  return {
    async next() {
      while (!isOver) {
        const read = await reader.read();
        if (!read.done) onBytes();
        isOver = read.done;
        const events = read.done
          ? stream.end(decoder.decode())
          : stream.push(decoder.decode(read.value, { stream: true }));
        const last = noteEnd(events, log);
        if (last < events.length) await leave();
        if (last > 0) return { value: last === events.length ? events : events.slice(0, last), done: false };
      }
      return { value: undefined, done: true };
    },
    async return() {
      await leave();
      return { value: undefined, done: true };
    },
  };
}

/** How many of the events come before an end mark or an error, which it notes. */
export function noteEnd(events: readonly SseEvent[], log: WireLog): number {
  for (const [i, { event, data }] of events.entries()) {
    if (data.length < 2 * END_MARK.length && data.trim() === END_MARK) {
      log.isDone = true;
      return i;
    }
    // A whole parse for the few events that may hold an error.
    if (event === 'error' || data.includes('"error"')) {
      const body = parseJson(data);
      if (event === 'error' || isErrorBody(body)) {
        log.streamError = isJsonObject(body) ? body : { message: data };
        return i;
      }
    }
  }
  return events.length;
}

/** Some servers answer with JSON and call it a stream: that is collected. */
function createEventReader(log: WireLog): { push(text: string): SseEvent[]; end(text: string): SseEvent[] } {
  const parser = createSseParser();
  let json = '';
  let isJson: boolean | null = null;

  const collectJson = (text: string): boolean => {
    if (isJson === null && text.trim() !== '') isJson = /^\s*[{[]/.test(text);
    if (isJson === true) json += text;
    if (json.length > MAX_JSON_CHARS) throw new Error('The server sent an answer of more than 64 MB.');
    return isJson === true;
  };

  return {
    push: (text) => (collectJson(text) ? [] : parser.push(text)),
    end(text) {
      if (collectJson(text)) {
        const body = parseJson(json);
        log.isCut = body === null;
        log.isDone = body !== null;
        return body === null ? [] : jsonEvents(body);
      }
      const isWhole = (data: string): boolean => {
        const isComplete = data.trim() === END_MARK || parseJson(data) !== null;
        log.isCut = !isComplete;
        return isComplete;
      };
      return [...parser.push(text), ...parser.end(isWhole)];
    },
  };
}

/** An answer in one piece as the events that it would have been. Gemini sends its chunks as a list. */
export function jsonEvents(body: JsonValue): SseEvent[] {
  return (Array.isArray(body) ? body : [body]).map((item) => ({ event: null, data: JSON.stringify(item) }));
}

export function isErrorBody(body: JsonValue): boolean {
  if (!isJsonObject(body)) return false;
  const { error } = body;
  // Some local servers mark an error by `object`; others send the field with nothing in it where all is well.
  return (
    body.type === 'error' ||
    body.object === 'error' ||
    (isJsonObject(error) && Object.values(error).some((value) => value !== null && value !== '')) ||
    (typeof error === 'string' && error !== '')
  );
}
