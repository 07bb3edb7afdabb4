import { isAsciiText } from './width.ts';

/** A piece of text as it is shown; `isOdd` marks what was spelled out, or looks like something it is not. */
export interface Revealed {
  text: string;
  isOdd: boolean;
}

/**
 * For text that somebody has to judge word for word, such as a command: nothing is left out. What a terminal would obey,
 * hide or reorder is spelled out (`\x1b`, `\u{202e}`), and characters beyond ASCII are marked, since some of them look like
 * others. One list of pieces per line of the text.
 */
export function reveal(text: string): Revealed[][] {
  return text.split('\n').map(revealLine);
}

function revealLine(line: string): Revealed[] {
  // Most lines are; a long one must not hold up the screen.
  if (isAsciiText(line)) return line === '' ? [] : [{ text: line, isOdd: false }];
  const pieces: Revealed[] = [];
  let marks = 0;
  for (const ch of line) {
    const cp = ch.codePointAt(0) ?? 0;
    const isPlain = cp >= 0x20 && cp < 0x7f;
    marks = MARK.test(ch) ? marks + 1 : 0;
    const shown =
      isPlain || !(HIDDEN.test(ch) || marks > MOST_MARKS || (marks > 0 && pieces.length === 0)) ? ch : spell(cp);
    const last = pieces.at(-1);
    if (last?.isOdd === !isPlain) last.text += shown;
    else pieces.push({ text: shown, isOdd: !isPlain });
  }
  return pieces;
}

/** The characters beyond ASCII that a text shows, with their numbers: `а U+0430`. Each once, in their order. */
export function beyondAscii(text: string): string[] {
  const found = new Set<string>();
  if (isAsciiText(text)) return [];
  for (const ch of text) {
    const cp = ch.codePointAt(0) ?? 0;
    if (cp >= 0x7f && !HIDDEN.test(ch) && !MARK.test(ch)) found.add(ch);
  }
  return [...found].map((ch) => `${ch} ${number(ch.codePointAt(0) ?? 0)}`);
}

function spell(cp: number): string {
  if (cp === 0x09) return '\\t';
  if (cp === 0x0d) return '\\r';
  if (cp < 0x100) return `\\x${cp.toString(16).padStart(2, '0')}`;
  return `\\u{${cp.toString(16)}}`;
}

function number(cp: number): string {
  return `U+${cp.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** More marks on one character than this are not drawn by every terminal. */
const MOST_MARKS = 1;
const MARK = /\p{M}/u;
/** Controls, format characters, blanks that are no space, what is not assigned, and everything that draws nothing. */
const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}]|(?! )\p{Zs}/u;
