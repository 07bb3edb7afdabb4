import { glyphAt, isAsciiText, textWidth } from './width.ts';

/** The beginning of a text that fits into `width` columns. A cut is always marked with the sign at its end. */
export function clipText(text: string, width: number, sign = '…'): string {
  if (width <= 0) return '';
  if (isAsciiText(text) ? text.length <= width : textWidth(text) <= width) return text;
  const room = width - textWidth(sign);
  return room < 0 ? sliceColumns(text, width) : sliceColumns(text, room).trimEnd() + sign;
}

/** At most `width` columns from the beginning, no sign. */
export function sliceColumns(text: string, width: number): string {
  let column = 0;
  let i = 0;
  while (i < text.length) {
    const glyph = glyphAt(text, i);
    if (column + glyph.width > width) break;
    column += glyph.width;
    i += glyph.size;
  }
  return text.slice(0, i);
}

/** Clips and fills with spaces, so that the result takes exactly `width` columns. */
export function fitText(text: string, width: number, sign = '…'): string {
  const clipped = clipText(text, width, sign);
  return clipped + ' '.repeat(Math.max(0, width - textWidth(clipped)));
}
