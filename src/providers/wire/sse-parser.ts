/** One server-sent event. `event` is null when the block had no `event:` line. */
export interface SseEvent {
  event: string | null;
  data: string;
}

/** A server that sends this much without an end of line is broken or hostile. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024;

/**
 * Parses a stream of server-sent events, however it is cut into pieces: any line ends (LF, CRLF, lone CR, mixed),
 * comments, `id:` and `retry:` lines, several `data:` lines. Linear in the size of the stream.
 * Expects decoded text (`TextDecoder` removes a byte order mark and joins split characters).
 */
export interface SseParser {
  /** Throws an Error when one event is larger than 64 MB. */
  push(text: string): SseEvent[];
  /**
   * What is left when the body ended. A last event without its blank line counts only if `isWhole` says that its
   * data is all there; otherwise the body was cut inside an event, and the rest is dropped.
   */
  end(isWhole: (data: string) => boolean): SseEvent[];
}

export function createSseParser(): SseParser {
  let pieces: string[] = [];
  let pending = 0;
  let isAfterCr = false;
  let event: string | null = null;
  let data: string[] = [];

  const takeLine = (line: string): SseEvent | null => {
    if (line === '') {
      const done = data.length > 0 ? { event, data: data.join('\n') } : null;
      event = null;
      data = [];
      return done;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    return null;
  };

  return {
    push(text) {
      const events: SseEvent[] = [];
      let start = isAfterCr && text.startsWith('\n') ? 1 : 0;
      if (text.length > 0) isAfterCr = false;
      for (let end = nextLineEnd(text, start); end >= 0; end = nextLineEnd(text, start)) {
        pieces.push(text.slice(start, end));
        const done = takeLine(pieces.length === 1 ? (pieces[0] ?? '') : pieces.join(''));
        pieces = [];
        pending = 0;
        if (done) events.push(done);
        const isCr = text[end] === '\r';
        isAfterCr = isCr && end === text.length - 1;
        start = isCr && text[end + 1] === '\n' ? end + 2 : end + 1;
      }
      if (start < text.length) {
        pieces.push(text.slice(start));
        pending += text.length - start;
        if (pending > MAX_EVENT_CHARS) throw new Error('The server sent an event of more than 64 MB.');
      }
      return events;
    },
    end(isWhole) {
      if (pieces.length > 0) takeLine(pieces.join(''));
      pieces = [];
      const rest = takeLine('');
      return rest && isWhole(rest.data) ? [rest] : [];
    },
  };
}

function nextLineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const cr = text.slice(from, lf < 0 ? undefined : lf).indexOf('\r');
  return cr >= 0 ? from + cr : lf;
}
