import { finalRowCount } from '../view/final-view.ts';
import type { Rect } from '../view/frame.ts';
import { helpRowCount } from '../view/help-view.ts';
import { layoutBody } from '../view/layout.ts';
import type { Model, Scroll } from '../view/model.ts';
import { paneFlow } from '../view/pane.ts';
import { placesOf } from '../view/screen.ts';

export type ScrollMove =
  | 'scroll-down'
  | 'scroll-up'
  | 'half-down'
  | 'half-up'
  | 'page-down'
  | 'page-up'
  | 'top'
  | 'bottom';

/** The model after a scroll key, in whatever is in front. Pure. */
export function scrolled(model: Model, move: ScrollMove): Model {
  if (model.isHelpOpen) {
    const { rows, height } = helpRowCount(model);
    return { ...model, helpTop: moved(Math.min(model.helpTop, Math.max(0, rows - height)), move, rows, height) };
  }
  const { body } = placesOf(model);
  const state = model.run?.state;
  if (!state || !model.run) return model;
  if (model.view === 'final') {
    const rows = finalRowCount(model, state, body);
    return {
      ...model,
      finalTop: moved(Math.min(model.finalTop, Math.max(0, rows - body.height + 1)), move, rows, body.height - 1),
    };
  }
  if (model.view === 'timeline') {
    const rows = model.run.timeline.length;
    return { ...model, timelineScroll: movedScroll(model.timelineScroll, move, rows, body.height - 1) };
  }
  const alias = model.run.panes[model.focus];
  if (model.view !== 'panes' || alias === undefined) return model;
  const rect = focusedRect(model, body);
  const rows = paneFlow(model, alias, rect.width).rowCount;
  const scroll = movedScroll(model.paneScroll.get(alias) ?? 'follow', move, rows, rect.height - 1);
  return { ...model, paneScroll: new Map([...model.paneScroll, [alias, scroll]]) };
}

/** Follow on, or off where it is on. */
export function toggledFollow(model: Model): Model {
  const { body } = placesOf(model);
  if (!model.run) return model;
  if (model.view === 'timeline') {
    const rows = model.run.timeline.length;
    return { ...model, timelineScroll: toggled(model.timelineScroll, rows, body.height - 1) };
  }
  const alias = model.run.panes[model.focus];
  if (model.view !== 'panes' || alias === undefined) return model;
  const rect = focusedRect(model, body);
  const rows = paneFlow(model, alias, rect.width).rowCount;
  const scroll = toggled(model.paneScroll.get(alias) ?? 'follow', rows, rect.height - 1);
  return { ...model, paneScroll: new Map([...model.paneScroll, [alias, scroll]]) };
}

/** Where the focused pane stands now. */
function focusedRect(model: Model, body: Rect): Rect {
  const count = model.run?.panes.length ?? 0;
  const layout = layoutBody(body, count, model.isZoomed);
  if (layout.kind === 'grid') return layout.panes[model.focus] ?? body;
  if (layout.kind === 'zoom' && count > 1) return { ...body, y: body.y + 1, height: body.height - 1 };
  return layout.pane;
}

function toggled(scroll: Scroll, rows: number, height: number): Scroll {
  return scroll === 'follow' ? { top: Math.max(0, rows - height) } : 'follow';
}

/** Scrolling up stops following; arriving at the end follows again. */
function movedScroll(scroll: Scroll, move: ScrollMove, rows: number, height: number): Scroll {
  const last = Math.max(0, rows - height);
  const from = scroll === 'follow' ? last : scroll.top;
  const top = moved(from, move, rows, height);
  return top >= last ? 'follow' : { top };
}

function moved(top: number, move: ScrollMove, rows: number, height: number): number {
  const last = Math.max(0, rows - height);
  const steps: Record<ScrollMove, number> = {
    'scroll-down': 1,
    'scroll-up': -1,
    'half-down': Math.max(1, Math.floor(height / 2)),
    'half-up': -Math.max(1, Math.floor(height / 2)),
    'page-down': Math.max(1, height - 1),
    'page-up': -Math.max(1, height - 1),
    top: -Infinity,
    bottom: Infinity,
  };
  return Math.max(0, Math.min(last, top + steps[move]));
}
