import { reveal, type Revealed } from '../text/reveal.ts';
import { glyphAt, isAsciiText } from '../text/width.ts';
import type { StyleId } from '../theme/style.ts';
import { span, type Line } from './line.ts';

/**
 * Text in rows of that width, character by character: no blank is dropped at a break, and what would be hidden is spelled
 * out in the style `odd`. Pure.
 */
export function exactRows(text: string, width: number, plain: StyleId, odd: StyleId): Line[] {
  return reveal(text).flatMap((pieces) => broken(pieces, Math.max(2, width), plain, odd));
}

function broken(pieces: readonly Revealed[], width: number, plain: StyleId, odd: StyleId): Line[] {
  const rows: Line[] = [[]];
  let column = 0;
  for (const { text, isOdd } of pieces) {
    let from = 0;
    const put = (to: number): void => {
      if (to > from) rows.at(-1)?.push(span(text.slice(from, to), isOdd ? odd : plain));
      from = to;
    };
    if (isAsciiText(text)) {
      for (let i = width - column; i < text.length; i += width) {
        put(i);
        rows.push([]);
        column = 0;
      }
      column += text.length - from;
      put(text.length);
      continue;
    }
    for (let i = 0; i < text.length;) {
      const glyph = glyphAt(text, i);
      if (column + glyph.width > width) {
        put(i);
        rows.push([]);
        column = 0;
      }
      column += glyph.width;
      i += glyph.size;
    }
    put(text.length);
  }
  return rows;
}
