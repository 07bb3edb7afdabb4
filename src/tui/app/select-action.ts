import type { Selection } from '../view/model.ts';
import type { Model } from '../view/model.ts';
import { lineText } from '../view/line.ts';
import { paneFlow, paneHeight } from '../view/pane.ts';
import { focusedRect } from '../view/pane-layout.ts';
import { placesOf } from '../view/screen.ts';
import { moved, type ScrollMove } from './scroll-move.ts';
import { keyWord } from '../view/key-of.ts';

/** Begins to select rows of the focused pane at the last one that is seen, or ends it. Pure. */
export function toggledSelection(model: Model): Partial<Model> {
  if (model.selection) return { selection: null };
  const pane = focusedPane(model);
  if (!pane || pane.rows === 0) return { message: { tone: 'info', text: 'There is no text here yet.' } };
  const { alias, rows, height } = pane;
  const scroll = model.paneScroll.get(alias) ?? 'follow';
  const top = scroll === 'follow' ? Math.max(0, rows - height) : scroll.top;
  const row = Math.min(rows, top + height) - 1;
  return {
    selection: { alias, from: row, to: row },
    // What is selected stands still, whatever comes.
    paneScroll: new Map([...model.paneScroll, [alias, { top }]]),
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
  const pane = focusedPane(model);
  if (!pane) return model;
  const { alias, rows, height } = pane;
  const to = moved(selection.to, move, rows, height, Math.max(0, rows - 1));
  const scroll = model.paneScroll.get(alias);
  const before = typeof scroll === 'object' ? scroll.top : Math.max(0, rows - height);
  const top = Math.max(to - height + 1, Math.min(before, to));
  return { ...model, selection: { ...selection, to }, paneScroll: new Map([...model.paneScroll, [alias, { top }]]) };
}

/** The selected rows as they are shown. */
export function selectedText(model: Model, { alias, from, to }: Selection): string {
  const { width } = focusedRect(model, placesOf(model).body);
  const first = Math.min(from, to);
  const rows = paneFlow(model, alias, width).slice(first, Math.abs(to - from) + 1);
  return rows.map((row) => lineText(row).trimEnd()).join('\n');
}

function focusedPane(model: Model): { alias: string; rows: number; height: number } | null {
  const alias = model.run?.panes[model.focus];
  if (model.view !== 'panes' || alias === undefined) return null;
  const rect = focusedRect(model, placesOf(model).body);
  return { alias, rows: paneFlow(model, alias, rect.width).rowCount, height: paneHeight(model, alias, rect) };
}
