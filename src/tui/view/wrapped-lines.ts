import { textWidth } from '../text/width.ts';
import { WrappedText } from '../text/wrap.ts';
import type { StyleId } from '../theme/style.ts';
import { span, type Line, type Span } from './line.ts';

/** One row of a wrapped text. It knows when it goes on the row before. */
export function wrappedLine(text: WrappedText, row: number, id: StyleId): Line {
  const joint = text.joint(row);
  return [joint === null ? span(text.row(row), id) : { text: text.row(row), style: id, joint }];
}

/** Sanitized text in one style, wrapped. */
export function wrappedLines(text: string, width: number, id: StyleId): Line[] {
  const wrapped = new WrappedText(width);
  wrapped.append(text);
  return Array.from({ length: wrapped.rowCount }, (_, row) => wrappedLine(wrapped, row, id));
}

/** Rows behind a piece that stands in the first of them. */
export function behind(head: Span, rows: readonly Line[]): Line[] {
  const indent = span(' '.repeat(textWidth(head.text)), head.style);
  return rows.map((row, i) => [i === 0 ? head : indent, ...row]);
}
