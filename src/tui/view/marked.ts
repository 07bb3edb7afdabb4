import { onGround, withAttr } from '../theme/style.ts';
import { lineText, span, type Line } from './line.ts';

/** The line with what was searched for marked. */
export function marked(line: Line, text: string): Line {
  const query = text.toLowerCase();
  const whole = lineText(line);
  // Where lower case has another length, places in one are no places in the other.
  const lower = whole.toLowerCase();
  if (query === '' || lower.length !== whole.length || !lower.includes(query)) return line;
  const ranges: [number, number][] = [];
  for (let at = lower.indexOf(query); at >= 0; at = lower.indexOf(query, at + query.length)) {
    ranges.push([at, at + query.length]);
  }
  const out: Line = [];
  let offset = 0;
  for (const piece of line) {
    let at = offset;
    const end = offset + piece.text.length;
    for (const [from, to] of ranges) {
      if (to <= at || from >= end) continue;
      if (from > at) out.push(span(whole.slice(at, from), piece.style));
      const first = Math.max(at, from);
      const last = Math.min(end, to);
      out.push(span(whole.slice(first, last), withAttr(onGround(piece.style, 'pick'), 'underline')));
      at = last;
    }
    if (at < end) out.push(span(whole.slice(at, end), piece.style));
    offset = end;
  }
  return out;
}
