import { glyphAt, isAsciiText } from './width.ts';

const TAB = '    ';

/**
 * Greedy word wrap that grows at its end only. Appending text touches the last row and adds rows after it; the rows
 * before it never change. The rows after any way of cutting a text into chunks are those of the whole text.
 * Takes sanitized text.
 */
export class WrappedText {
  readonly width: number;
  /** Rows with the spaces at which they were broken still on them; the last one is open. */
  #rows: string[] = [''];
  /** Which of them go on a line that was broken. */
  #isOn: boolean[] = [false];

  constructor(width: number) {
    this.width = Math.max(1, width);
  }

  append(text: string): void {
    const lines = text.replaceAll('\t', TAB).split('\n');
    for (const [i, line] of lines.entries()) {
      if (i > 0) {
        this.#rows.push('');
        this.#isOn.push(false);
      }
      if (line !== '') this.#extend(line);
    }
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  /** Row `index` without the spaces that the break left at its end. */
  row(index: number): string {
    return clipSpaces(this.#rows[index] ?? '', this.width);
  }

  /** What the break before row `index` left out: spaces, or nothing within a word. Null where a line begins there. */
  joint(index: number): string | null {
    if (this.#isOn[index] !== true) return null;
    return (this.#rows[index - 1] ?? '').slice(this.row(index - 1).length);
  }

  rows(): string[] {
    return this.#rows.map((row) => clipSpaces(row, this.width));
  }

  #extend(text: string): void {
    const line = (this.#rows.pop() ?? '') + text;
    for (let start = 0; ;) {
      const end = rowEnd(line, start, this.width);
      this.#rows.push(start === 0 && end === line.length ? line : line.slice(start, end));
      if (end >= line.length) return;
      this.#isOn.push(true);
      start = end;
    }
  }
}

/** A whole text at once. */
export function wrapText(text: string, width: number): string[] {
  const wrapped = new WrappedText(width);
  wrapped.append(text);
  return wrapped.rows();
}

/** Where the row that begins at `start` ends: after the spaces at its last break, or where the room ends. */
function rowEnd(line: string, start: number, width: number): number {
  if (line.length - start <= width && isAsciiText(line)) return line.length;
  let column = 0;
  let afterSpace = -1;
  let hasWord = false;
  for (let i = start; i < line.length;) {
    const glyph = glyphAt(line, i);
    if (glyph.ch === ' ') {
      // Spaces hang over the edge; they never begin a row of their own.
      column += 1;
      i += 1;
      if (hasWord) afterSpace = i;
      continue;
    }
    if (column + glyph.width > width && i > start) return afterSpace > start ? afterSpace : i;
    hasWord = true;
    column += glyph.width;
    i += glyph.size;
  }
  return line.length;
}

function clipSpaces(row: string, width: number): string {
  let end = row.length;
  // Only these hang over the edge; other blanks have taken their columns.
  while (row[end - 1] === ' ') end -= 1;
  return row.slice(0, end === 0 ? width : end);
}
