import { copiedText } from '../view/copied.ts';
import { isIn, type Cell } from '../view/frame.ts';
import { keyWord } from '../view/key-of.ts';
import type { Model, Selection } from '../view/model.ts';
import { textRows } from '../view/text-rows.ts';
import { moved, type ScrollMove } from './scroll-move.ts';

/** Begins to select rows of the text in front at the last one that is seen, or ends it. Pure. */
export function toggledSelection(model: Model): Partial<Model> {
  if (model.selection) return { selection: null };
  const text = textRows(model);
  if (!text || text.count === 0) return { message: { tone: 'info', text: 'There is no text here yet.' } };
  const row = Math.min(text.count, text.top + text.height) - 1;
  return {
    selection: { view: model.view, alias: text.alias, from: row, to: row },
    // What is selected stands still, whatever comes.
    ...text.at(text.top),
    message: { tone: 'info', text: selectingText(model) },
  };
}

function selectingText(model: Model): string {
  const [down, up, copy, back] = (['scroll-down', 'scroll-up', 'copy-selection', 'back'] as const).map((id) =>
    keyWord(model, id),
  );
  return `${down} ${up} select rows, ${copy} copies them, ${back} ends`;
}

/** The selection after a scroll key; its moving end stays in sight. Pure. */
export function movedSelection(model: Model, selection: Selection, move: ScrollMove): Model {
  const text = textRows(model);
  if (!text) return model;
  const to = moved(selection.to, move, text.count, text.height, Math.max(0, text.count - 1));
  const top = Math.max(to - text.height + 1, Math.min(text.top, to));
  return { ...model, ...text.at(top), selection: { ...selection, to } };
}

/**
 * What a drag of the mouse changes that began at the first of these cells: rows of the text there are selected, up to the
 * one that the pointer is in; beyond the text it scrolls. Null where no text stands there. Pure.
 */
export function draggedSelection(model: Model, from: Cell, to: Cell): Model | null {
  const text = textRows(model);
  if (!text) return null;
  const rowAt = (y: number): number => Math.min(text.count - 1, text.top + y - text.rect.y);
  let { selection } = model;
  if (selection?.view !== model.view || selection.alias !== text.alias) {
    const row = isIn(text.rect, from.x, from.y) ? rowAt(from.y) : -1;
    if (row < 0) return null;
    selection = { view: model.view, alias: text.alias, from: row, to: row };
  }
  // What is selected stands still, whatever comes.
  const held: Model = { ...model, ...text.at(text.top), selection };
  if (to.y < text.rect.y) return movedSelection(held, { ...selection, to: text.top }, 'scroll-up');
  if (to.y >= text.rect.y + text.height) {
    const last = Math.min(text.count, text.top + text.height) - 1;
    return movedSelection(held, { ...selection, to: last }, 'scroll-down');
  }
  return { ...held, selection: { ...selection, to: rowAt(to.y) } };
}

/** The text of the selected rows. */
export function selectedText(model: Model, { from, to }: Selection): string {
  const rows = textRows(model)?.slice(Math.min(from, to), Math.abs(to - from) + 1) ?? [];
  return copiedText(rows);
}
