import { browserParts } from './browser.ts';
import { documentLines } from './document-view.ts';
import { finalTextRows } from './final-view.ts';
import type { Rect } from './frame.ts';
import type { Line } from './line.ts';
import { isBrowser, isDocument, type Model } from './model.ts';
import { paneFlow, paneHeight } from './pane.ts';
import { focusedRect } from './pane-layout.ts';
import { placesOf } from './screen.ts';

/** The text in front, in rows, of which some are seen. */
export interface TextRows {
  /** The agent of a pane; null for other texts. */
  alias: string | null;
  count: number;
  slice: (from: number, count: number) => Line[];
  top: number;
  height: number;
  /** Where the rows that are seen stand. */
  rect: Rect;
  /** What shows it from another row on, and lets it stand there. */
  at: (top: number) => Partial<Model>;
}

/** The text that rows can be selected in; null where there is none. Pure. */
export function textRows(model: Model): TextRows | null {
  const { run, view, browse } = model;
  const { body } = placesOf(model);
  const state = run?.state ?? null;
  // The first row of each of these panels is its title.
  const made = (rows: readonly Line[], wanted: number, panel: Rect, at: TextRows['at']): TextRows => {
    const height = panel.height - 1;
    return {
      alias: null,
      count: rows.length,
      slice: (from, count) => rows.slice(from, from + count),
      top: Math.max(0, Math.min(wanted, rows.length - height)),
      height,
      rect: { ...panel, y: panel.y + 1, height },
      at,
    };
  };
  if (isDocument(view)) {
    const at = (top: number): Partial<Model> => ({ browse: { ...browse, [view]: { ...browse[view], top } } });
    return made(documentLines(model, state, view, body), browse[view].top, body, at);
  }
  if (!run || !state) return null;
  if (view === 'final') {
    const { rows, width } = finalTextRows(model, state, body);
    return made(rows, model.finalTop, { ...body, width }, (top) => ({ finalTop: top }));
  }
  if (isBrowser(view)) {
    const { page, pick, detail } = browserParts(model, state, view, body);
    const rows = page.count === 0 ? [] : page.detail(pick, detail.width - 2);
    // What is picked stays picked, whatever comes.
    const at = (top: number): Partial<Model> => ({ browse: { ...browse, [view]: { ...browse[view], pick, top } } });
    return made(rows, browse[view].top, detail, at);
  }
  const alias = run.panes[model.focus];
  if (view !== 'panes' || alias === undefined) return null;
  const rect = focusedRect(model, body);
  const flow = paneFlow(model, alias, rect.width);
  const height = paneHeight(model, alias, rect);
  const scroll = model.paneScroll.get(alias) ?? 'follow';
  return {
    alias,
    count: flow.rowCount,
    slice: (from, count) => flow.slice(from, count),
    top: scroll === 'follow' ? Math.max(0, flow.rowCount - height) : scroll.top,
    height,
    rect: { ...rect, y: rect.y + rect.height - height, height },
    at: (top) => ({ paneScroll: new Map([...model.paneScroll, [alias, { top }]]) }),
  };
}
