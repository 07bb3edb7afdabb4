import type { SseEvent } from './sse-parser.ts';

const DONE: IteratorReturnResult<undefined> = { value: undefined, done: true };

/** OpenAI's end mark; servers that send it may leave the connection open for long. */
const END_MARK = '[DONE]';

/**
 * The events of a body that `cleanEvents` has cleaned, piece by piece: every piece holds whole events. An end mark ends
 * them and lets the body go. Rejects with what reading it throws.
 */
export function sseEvents(body: AsyncIterable<Uint8Array>): AsyncIterable<readonly SseEvent[]> {
  return { [Symbol.asyncIterator]: () => iterate(body[Symbol.asyncIterator]()) };
}

function iterate(pieces: AsyncIterator<Uint8Array>): AsyncIterator<readonly SseEvent[], undefined> {
  const decoder = new TextDecoder();
  let isOver = false;
  const leave = async (): Promise<IteratorReturnResult<undefined>> => {
    isOver = true;
    await pieces.return?.();
    return DONE;
  };
  return {
    async next() {
      if (isOver) return leave();
      const piece = await pieces.next();
      if (piece.done === true) return DONE;
      const events = readPlain(decoder.decode(piece.value));
      const end = events.findIndex(({ data }) => data === END_MARK);
      if (end < 0) return { value: events, done: false };
      isOver = true;
      return { value: events.slice(0, end), done: false };
    },
    return: leave,
  };
}

/** Whole events in their plainest form: `event: NAME`, if there is one, `data: JSON`, a blank line. */
function readPlain(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  for (let at = 0, end = text.indexOf('\n\n'); end >= 0; at = end + 2, end = text.indexOf('\n\n', at)) {
    const nameEnd = text.startsWith('event: ', at) ? text.indexOf('\n', at) : -1;
    const event = nameEnd < 0 ? null : text.slice(at + 7, nameEnd);
    events.push({ event, data: text.slice((nameEnd < 0 ? at : nameEnd + 1) + 6, end) });
  }
  return events;
}
