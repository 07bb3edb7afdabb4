import { WIDE } from './width-tables.ts';

/** What one or two neighbouring cells show. */
export interface Glyph {
  /**
   * What is written to the terminal: one character with its marks. Emoji sequences are cut down to their first one where
   * terminals disagree about them.
   */
  readonly ch: string;
  readonly width: 1 | 2;
  /** Terminals disagree about its width, so whatever follows it must be addressed absolutely. */
  readonly isUncertain: boolean;
  /** Length of the source text it stands for, in UTF-16 units. */
  readonly size: number;
}

const MARK = /[\p{Mn}\p{Me}\p{Cf}\p{Emoji_Modifier}]/u;
const PICTOGRAPH = /\p{Extended_Pictographic}/u;
/** Letters that terminals of clusters put into the cell before or after them: Thai and Lao am, a dot of Malayalam. */
const SPACING_MARK = /[\p{Mc}\u0e33\u0eb3\u0d4e]/u;
const MAX_MARKS = 3;
/** The longest emoji in use have eleven code points; what is longer is shown by its first one. */
const MAX_CLUSTER = 30;
const ZWJ = 0x200d;
const TEXT_STYLE = '\ufe0e';
const FIRST_RULE = 0x2500;
const LAST_RULE = 0x257f;
/** What a screen is mostly made of, made once. */
const ASCII_GLYPHS = Array.from({ length: 0x7f }, (_, code) => plainGlyph(code));
const RULE_GLYPHS = Array.from({ length: LAST_RULE - FIRST_RULE + 1 }, (_, i) => plainGlyph(FIRST_RULE + i));

/** How wide the terminal takes emoji of several code points: one by one, or as the one picture that they are. */
export type WidthModel = 'characters' | 'clusters';

let widthModel: WidthModel = 'characters';

/**
 * The model for all texts from now on; there is one terminal, and so one of it. Rows that were wrapped before must be
 * wrapped anew.
 */
export function setWidthModel(model: WidthModel): void {
  widthModel = model;
}

/**
 * The glyph at `index` of a sanitized text without line breaks and tabs. The width never shrinks when text is
 * appended, which keeps wrapping stable.
 */
export function glyphAt(text: string, index: number): Glyph {
  const first = text.charCodeAt(index);
  const next = text.charCodeAt(index + 1);
  // Plain text, or the end of it: nothing can join.
  if (first < 0x7f && !(next >= 0x300)) return ASCII_GLYPHS[first] ?? plainGlyph(first);
  if (isRule(first) && !(next >= 0x300 && !isRule(next))) return RULE_GLYPHS[first - FIRST_RULE] ?? plainGlyph(first);
  const cp = text.codePointAt(index) ?? 0x20;
  const size = cp > 0xffff ? 2 : 1;
  if (isRegional(cp)) return flagAt(text, index);
  const base = text.slice(index, index + size);
  let end = index + size;
  let marks = '';
  let markCount = 0;
  let isEmoji = PICTOGRAPH.test(base);
  while (end < text.length) {
    const mark = text.codePointAt(end) ?? 0;
    if (mark < 0x300 || !isJoining(mark)) break;
    const markSize = mark > 0xffff ? 2 : 1;
    if (mark === 0x20e3 || isModifier(mark)) isEmoji = true;
    else if (markCount++ < MAX_MARKS) marks += text.slice(end, end + markSize);
    end += markSize;
    if (mark === ZWJ && end < text.length && isEmoji) end += pictographSize(text, end);
  }
  const length = end - index;
  // A mark with nothing before it gets a base of its own.
  if (isJoining(cp)) return { ch: `\u25cc${base}`, width: 1, isUncertain: true, size: length };
  const width = isWide(cp) ? 2 : 1;
  if (isEmoji) {
    const isUncertain = cp > 0x7f || length > 1;
    if (widthModel === 'clusters' && length > size) return clusterOf(text.slice(index, end), width);
    return { ch: base, width, isUncertain, size: length };
  }
  const isUncertain = marks !== '' || isAmbiguous(cp) || SPACING_MARK.test(base);
  return { ch: base + marks, width, isUncertain, size: length };
}

/** Columns that a text takes: sanitized, no line breaks, no tabs. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (let i = 0; i < text.length;) {
    const glyph = glyphAt(text, i);
    width += glyph.width;
    i += glyph.size;
  }
  return width;
}

/** True if every unit of the text is one column and stands alone. */
export function isAsciiText(text: string): boolean {
  return ASCII.test(text);
}

const ASCII = /^[\x20-\x7e]*$/;

function plainGlyph(code: number): Glyph {
  return { ch: String.fromCharCode(code), width: 1, isUncertain: false, size: 1 };
}

/** The lines of boxes: of one column everywhere, and nothing but a mark joins them. */
function isRule(code: number): boolean {
  return code >= FIRST_RULE && code <= LAST_RULE;
}

/** A cluster as a picture. One that asks for the look of text is shown by its first character, as elsewhere. */
function clusterOf(whole: string, width: 1 | 2): Glyph {
  const isShown = whole.length <= MAX_CLUSTER && !whole.includes(TEXT_STYLE);
  const ch = isShown ? whole : String.fromCodePoint(whole.codePointAt(0) ?? 0x20);
  return { ch, width: isShown ? 2 : width, isUncertain: true, size: whole.length };
}

function flagAt(text: string, index: number): Glyph {
  const second = text.codePointAt(index + 2);
  const isPair = second !== undefined && isRegional(second);
  const size = isPair ? 4 : 2;
  return { ch: text.slice(index, index + size), width: isPair ? 2 : 1, isUncertain: true, size };
}

function pictographSize(text: string, index: number): number {
  const cp = text.codePointAt(index) ?? 0;
  const size = cp > 0xffff ? 2 : 1;
  return PICTOGRAPH.test(text.slice(index, index + size)) ? size : 0;
}

function isRegional(cp: number): boolean {
  return cp >= 0x1f1e6 && cp <= 0x1f1ff;
}

function isModifier(cp: number): boolean {
  return cp >= 0x1f3fb && cp <= 0x1f3ff;
}

function isJoining(cp: number): boolean {
  return MARK.test(String.fromCodePoint(cp)) || (cp >= 0x1160 && cp <= 0x11ff) || (cp >= 0xd7b0 && cp <= 0xd7ff);
}

/** Symbols that are two columns wide in some East Asian set-ups; our own status glyphs are among them. */
function isAmbiguous(cp: number): boolean {
  return (cp >= 0x2190 && cp <= 0x21ff) || (cp >= 0x25a0 && cp <= 0x27bf);
}

function isWide(cp: number): boolean {
  if (cp < 0x1100) return false;
  let low = 0;
  let high = WIDE.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (cp < (WIDE[middle * 2] ?? 0)) high = middle - 1;
    else if (cp > (WIDE[middle * 2 + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}
