import { continued } from './copied.ts';
import type { Glyphs } from './glyphs.ts';
import { lineWidth, type Line } from './line.ts';
import { isPlainBegin, isSettled, safeCut } from './safe-cut.ts';

export type MarkdownRenderer = (source: string, width: number, glyphs: Glyphs) => Line[];

/** A part this long is ended where a row or a word ends, so that what is still growing stays cheap to draw. */
const MAX_PART = 4000;
/** Code is ended after this many rows, for the same reason. */
const MAX_CODE_ROWS = 60;
/** From this length on, a paragraph or a list is ended where nobody can see it. */
const LONG_PART = 400;
/** How much longer a line must be before another place for a cut is looked for. */
const CUT_STEP = 200;
/** Rows are let go in heaps of at least that many. */
const LET_GO_STEP = 200;

const LIST_ITEM = /^\s*(?:[-*+]|\d+[.)])(?:\s|$)/;
const UNDERLINE = /^ {0,3}(?:-+|=+)\s*$/;

interface Fence {
  /** What opens it, to open the next part with. */
  opener: string;
  sign: string;
  size: number;
  /** It stands at the left edge, so a part may begin with it. */
  isFlush: boolean;
}

/**
 * Markdown that grows at its end, as rows. The text is cut where blocks end; every part but the last is drawn once.
 * The rows after any way of cutting a text into chunks are those of the whole text.
 */
export class MarkdownRows {
  readonly #render: (source: string) => Line[];
  #rows: Line[] = [];
  #gone = 0;
  /** Lines of the open part that are complete, and the last line as far as it came. */
  #lines: string[] = [];
  #size = 0;
  #last = '';
  /** The open part goes on where the one before it ended: no blank row between them. */
  #isContinued = false;
  /** The open part goes on a line of the one before it: what the cut left out. */
  #joint: string | null = null;
  #fence: Fence | null = null;
  /** Blank lines were seen: the part ends here if the next line is not indented. */
  #isBlank = false;
  #tail: Line[] | null = null;
  /** The last line is looked through for a cut when it is this long. */
  #cutAt = CUT_STEP;
  /** The open part is a paragraph in which nothing can change any more. */
  #isSettled = true;
  /** It has a list somewhere. */
  #hasList = false;
  #hasBlank = false;

  constructor(render: MarkdownRenderer, width: number, glyphs: Glyphs) {
    this.#render = (source) => render(source, width, glyphs);
  }

  /** Adds sanitized text. */
  append(text: string): void {
    if (text === '') return;
    this.#tail = null;
    const [first = '', ...rest] = text.split('\n');
    this.#last += first;
    this.#cutLast();
    for (const line of rest) {
      this.#line(this.#last);
      this.#last = line;
      this.#cutAt = CUT_STEP;
      this.#cutLast();
    }
  }

  /** Ends parts within a line that gets long. Where it is cut depends on its text only, not on how that came. */
  #cutLast(): void {
    for (;;) {
      const { length } = this.#last;
      if (length >= this.#cutAt && this.#cutAt <= MAX_PART) {
        const isBegin = this.#fence === null && (this.#isBlank || this.#lines.length === 0);
        const cut = isBegin ? safeCut(this.#last.slice(0, this.#cutAt), this.#render) : null;
        if (cut) this.#cut(cut.at, cut.rows);
        else this.#cutAt += CUT_STEP;
      } else if (length > MAX_PART) {
        const at = this.#fence ? -1 : this.#last.lastIndexOf(' ', MAX_PART);
        this.#cut(at > 0 ? at + 1 : MAX_PART);
      } else return;
    }
  }

  /** Ends a part within the last line; `drawn` are the rows of what stands before the cut, where they are known. */
  #cut(at: number, drawn?: Line[]): void {
    const head = this.#last.slice(0, at);
    this.#last = this.#last.slice(at);
    this.#cutAt = CUT_STEP;
    if (this.#fence?.isFlush === true) {
      this.#push(head);
      this.#endCode(this.#fence);
      this.#joint = '';
      return;
    }
    this.#line(head);
    if (this.#fence !== null) return;
    this.#end(true, this.#lines.length === 1 ? drawn : undefined);
    // Several blanks are drawn as one.
    this.#joint = head.endsWith(' ') ? ' ' : '';
  }

  /** Code goes on in a part of its own. */
  #endCode(fence: Fence): void {
    this.#lines.push(fence.sign.repeat(fence.size));
    this.#end(true);
    this.#push(fence.opener);
  }

  get rowCount(): number {
    return this.#done + this.#open().length;
  }

  /** The first row that is still there. */
  get firstRow(): number {
    return this.#gone;
  }

  /** Rows before that one will not be asked for, so they may go. They take many times the room of their text. */
  letGo(before: number): void {
    if (before - this.#gone < LET_GO_STEP) return;
    const count = Math.min(before - this.#gone, this.#rows.length);
    this.#rows = this.#rows.slice(count);
    this.#gone += count;
  }

  rows(from: number, to: number): Line[] {
    const count = this.#done;
    const stable = this.#rows.slice(Math.max(0, from - this.#gone), Math.max(0, to - this.#gone));
    return to <= count ? stable : [...stable, ...this.#open().slice(Math.max(0, from - count), to - count)];
  }

  /** Rows that do not change any more. */
  get #done(): number {
    return this.#gone + this.#rows.length;
  }

  /** The rows of the part that is still growing. */
  #open(): Line[] {
    this.#tail ??= this.#placed(this.#render([...this.#lines, this.#last].join('\n')));
    return this.#tail;
  }

  /** A line is complete. */
  #line(line: string): void {
    const fence = this.#fence;
    if (fence) {
      this.#push(line);
      if (closes(line, fence)) {
        this.#fence = null;
        if (fence.isFlush) this.#end();
      } else if (fence.isFlush && this.#lines.length > MAX_CODE_ROWS) {
        this.#endCode(fence);
      }
      return;
    }
    if (line.trim() === '') {
      this.#isBlank = true;
      this.#hasBlank = true;
      this.#push(line);
      return;
    }
    const opened = opens(line);
    const isFlush = /^\S/.test(line);
    // After a blank line, only a list goes on with a line that is indented a little.
    const isApart = isFlush || (!this.#hasList && /^ {0,3}\S/.test(line));
    if ((this.#isBlank && isApart) || opened?.isFlush === true) this.#end();
    else if (this.#isRule(line)) this.#end();
    else if (this.#size > LONG_PART && this.#canGoOn(line)) this.#end(true);
    else if (this.#size > MAX_PART && isFlush) this.#end(true);
    this.#isBlank = false;
    this.#isSettled &&= opened === null && isPlainBegin(line) && isSettled(line);
    this.#hasList ||= LIST_ITEM.test(line);
    this.#fence = opened;
    this.#push(line);
  }

  /** The line would make a title of the paragraph above it, of which a part is drawn as text already. */
  #isRule(line: string): boolean {
    return this.#isContinued && isPlainBegin(this.#lines[0] ?? '') && UNDERLINE.test(line);
  }

  /** The open part looks the same if this line begins a part of its own right below it. */
  #canGoOn(line: string): boolean {
    const begin = this.#lines[0] ?? '';
    if (this.#hasBlank || line.startsWith(' ')) return false;
    if (this.#isSettled) return isPlainBegin(line);
    return /^[-*+] \S/.test(begin) && line.startsWith(begin.slice(0, 2));
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.#size += line.length + 1;
  }

  #end(isContinued = false, drawn = this.#render(this.#lines.join('\n'))): void {
    this.#rows.push(...this.#placed(drawn));
    this.#lines = [];
    this.#size = 0;
    this.#isBlank = false;
    this.#isContinued = isContinued;
    this.#joint = null;
    this.#isSettled = true;
    this.#hasList = false;
    this.#hasBlank = false;
  }

  /** The rows of the open part as they stand below those before it. */
  #placed(rows: Line[]): Line[] {
    while (rows.length > 0 && lineWidth(rows[0] ?? []) === 0) rows.shift();
    const [first] = rows;
    if (first && this.#joint !== null) rows[0] = continued(first, this.#joint);
    if (rows.length === 0 || this.#done === 0 || this.#isContinued) return rows;
    return [[], ...rows];
  }
}

function opens(line: string): Fence | null {
  const match = /^(\s*(?:[-*+]|\d+[.)])?\s*)(`{3,}|~{3,})([^`]*)$/.exec(line);
  if (!match) return null;
  const [, indent = '', signs = '', lang = ''] = match;
  // The name of the language stands over the first part only; `lang` with a mark after it is not shown again.
  const word = /^\s*(\S*)/.exec(lang)?.[1] ?? '';
  return {
    opener: `${signs}${word === '' ? '' : `${word} continued`}`,
    sign: signs[0] ?? '`',
    size: signs.length,
    isFlush: indent === '',
  };
}

function closes(line: string, fence: Fence): boolean {
  const text = line.trim();
  return text.length >= fence.size && text === fence.sign.repeat(text.length);
}
