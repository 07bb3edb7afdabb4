import { clipText } from '../text/clip.ts';
import type { StyleId } from '../theme/style.ts';
import { span, type Line, type Span } from './line.ts';

/** A piece that only frames: a copy has `copied` in its place. */
export function mark(text: string, id: StyleId, copied = ''): Span {
  return { text, style: id, copied };
}

/** The beginning of a text that fits; a copy has all of it. */
export function clipSpan(text: string, id: StyleId, width: number, sign: string): Span {
  const shown = clipText(text, width, sign);
  return shown === text ? span(text, id) : mark(shown, id, text);
}

/** A row that a copy has as `copied`, whatever it looks like. */
export function copiedAs(line: Line, copied: string): Line {
  return line.map((piece, i) => mark(piece.text, piece.style, i === 0 ? copied : ''));
}

/** A row that goes on the one before it; `joint` is what the break between them left out. */
export function continued(line: Line, joint: string): Line {
  return line.map((piece, i) => (i === 0 ? { ...piece, joint } : piece));
}

/** Rows as they were before they were wrapped, without what only frames them and without blank rows around them. */
export function copiedText(rows: readonly Line[]): string {
  const lines: string[] = [];
  for (const row of rows) {
    const from = row.findIndex((piece) => piece.joint !== undefined);
    const pieces = row.slice(Math.max(0, from));
    const text = pieces.map((piece) => piece.copied ?? piece.text).join('');
    const before = from < 0 ? undefined : lines.pop();
    lines.push(before === undefined ? text : before + (pieces[0]?.joint ?? '') + text);
  }
  const whole = lines.map((line) => line.trimEnd()).join('\n');
  return whole.replace(/^\n+|\n+$/g, '');
}
