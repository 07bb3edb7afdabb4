import { clipText } from '../text/clip.ts';
import { textWidth } from '../text/width.ts';
import type { StyleId } from '../theme/style.ts';

/** A piece of one row in one style. The text is sanitized and has no line breaks and no tabs. */
export interface Span {
  text: string;
  style: StyleId;
  /** What a copy has in the place of the text: `''` for what only frames it, the whole where it is cut. */
  copied?: string;
  /** Its row goes on a line that was broken before this piece, where this was left out. What stands before it is indent. */
  joint?: string;
}

export type Line = Span[];

export function span(text: string, style: StyleId): Span {
  return { text, style };
}

export function lineWidth(line: Line): number {
  let width = 0;
  for (const piece of line) width += textWidth(piece.text);
  return width;
}

/** The beginning of a line that fits. A cut is marked with the sign. */
export function clipLine(line: Line, width: number, sign = '…'): Line {
  if (lineWidth(line) <= width) return line;
  const out: Line = [];
  let room = width;
  for (const [i, piece] of line.entries()) {
    const size = textWidth(piece.text);
    const isLast = i === line.length - 1;
    // The sign needs a column of its own unless everything that is left fits.
    if (size < room || (size === room && isLast)) {
      out.push(piece);
      room -= size;
      continue;
    }
    const rest = size + lineWidth(line.slice(i + 1));
    out.push(
      span(
        rest > room && size <= room ? clipText(`${piece.text} `, room, sign) : clipText(piece.text, room, sign),
        piece.style,
      ),
    );
    break;
  }
  return out;
}

/** Left and right parts of one row; the left one gives way. */
export function spread(left: Line, right: Line, width: number, fill: StyleId, sign = '…'): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth >= width) return clipLine(right, width, sign);
  const clipped = clipLine(left, rightWidth > 0 ? width - rightWidth - 1 : width, sign);
  const gap = width - rightWidth - lineWidth(clipped);
  return gap > 0 ? [...clipped, span(' '.repeat(gap), fill), ...right] : [...clipped, ...right];
}

export function lineText(line: Line): string {
  return line.map((piece) => piece.text).join('');
}
