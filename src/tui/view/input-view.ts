import { glyphAt, textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import type { Area, Rect } from './frame.ts';
import { keyWord } from './key-of.ts';
import { clipLine, span, type Line } from './line.ts';
import type { Model, ViewName } from './model.ts';
import { nameText } from './names.ts';

const BAR = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');

/**
 * What stands in front of the typed text: whom it goes to, where that are agents at work, and what becomes of it where they
 * are not any more.
 */
function fieldSign(model: Model): string {
  const { fieldFor, run } = model;
  if (fieldFor === 'question') return ' > ';
  if (!model.isRunActive)
    return model.cols < 60 ? ' not sent > ' : ` not sent, ${keyWord(model, 'send')}: make it a question > `;
  const state = run?.state;
  return ` to ${fieldFor === 'all' || !state ? 'all agents' : nameText(state, fieldFor.agent)} > `;
}

/** The question field: its rows, and where the cursor stands in it. */
export interface FieldRows {
  rows: string[];
  cursor: { row: number; column: number };
}

/** Breaks the text at spaces, and where the room ends; every character keeps a place for the cursor. Pure. */
export function fieldRows(text: string, cursor: number, width: number): FieldRows {
  const starts = [0];
  let column = 0;
  let wordAt = 0;
  for (let i = 0; i < text.length;) {
    if (text[i] === '\n') {
      // The cursor before a break needs a place too.
      if (column >= width) starts.push(i);
      i += 1;
      starts.push(i);
      column = 0;
      wordAt = i;
      continue;
    }
    const glyph = glyphAt(text, i);
    if (column + glyph.width > width) {
      const rowAt = starts.at(-1) ?? 0;
      const at = wordAt > rowAt && glyph.ch !== ' ' ? wordAt : i;
      starts.push(at);
      column = textWidth(text.slice(at, i));
    }
    column += glyph.width;
    i += glyph.size;
    if (glyph.ch === ' ') wordAt = i;
  }
  // Behind a full last row the cursor stands on a row of its own.
  if (column >= width) starts.push(text.length);
  const rows = starts.map((start, i) => text.slice(start, starts[i + 1] ?? text.length).replace(/\n$/, ''));
  const row = starts.findLastIndex((start) => start <= cursor);
  return { rows, cursor: { row, column: textWidth(text.slice(starts[row] ?? 0, cursor)) } };
}

/** Rows that the field takes at the bottom of the screen. */
export function inputHeight(model: Model): number {
  if (!isInputShown(model)) return 0;
  if (!model.isEditing) return 1;
  const most = Math.max(1, Math.floor(model.rows / 3));
  return Math.min(
    most,
    fieldRows(model.editor.text, model.editor.cursor, model.cols - textWidth(fieldSign(model)) - 1).rows.length,
  );
}

/** Screens that choose something, and ask nothing. */
const OWN_SCREENS: ReadonlySet<ViewName> = new Set(['picker', 'setup', 'sessions', 'turns']);

/** The field stands at the bottom whenever a question may be asked, and while something is typed for agents at work. */
export function isInputShown(model: Model): boolean {
  if (model.playback?.isOnly === true) return false;
  // While a run is going it takes its rows from the panes only as long as somebody types.
  const isFree = !model.isRunActive || model.isEditing;
  return model.team !== null && isFree && !model.isStarting && !OWN_SCREENS.has(model.view);
}

/** Said where nothing is typed yet. */
function hintOf({ fieldFor }: Model): string {
  return fieldFor === 'question' ? 'Ask the team' : 'read at the next safe point; / begins a command';
}

/** The field, and the cursor in screen coordinates. */
export function inputArea(model: Model, rect: Rect): { area: Area; cursor: { x: number; y: number } | null } {
  const { editor, glyphs } = model;
  if (!model.isEditing) {
    const hint = `${keyWord(model, 'ask')} asks ${model.run ? 'the next' : 'a'} question`;
    const what = editor.text === '' ? hint : editor.text.replaceAll('\n', ' ');
    const line = clipLine([span(' > ', DIM), span(what, DIM)], rect.width, glyphs.cut);
    return { area: { layer: 'input', ...rect, lines: [line], fill: BAR }, cursor: null };
  }
  const first = fieldSign(model);
  const margin = textWidth(first);
  const { rows, cursor } = fieldRows(editor.text, editor.cursor, rect.width - margin - 1);
  const top = Math.max(0, Math.min(cursor.row - rect.height + 1, rows.length - rect.height));
  const lines = rows.slice(top, top + rect.height).map((row, i): Line => {
    const isFirst = top + i === 0;
    const sign = isFirst ? first : i === 0 ? ` ${glyphs.up} `.padEnd(margin) : ' '.repeat(margin);
    if (editor.text === '') return [span(sign, style('focus', ['bold'], 'bar')), span(hintOf(model), DIM)];
    return [span(sign, style('focus', ['bold'], 'bar')), span(row, BAR)];
  });
  return {
    area: { layer: 'input', ...rect, lines, fill: BAR },
    cursor: { x: rect.x + margin + cursor.column, y: rect.y + cursor.row - top },
  };
}
