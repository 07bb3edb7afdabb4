import { finalRowCount } from '../view/final-view.ts';
import { helpRowCount } from '../view/help-view.ts';
import { isBrowser, isDocument, type Model, type Scroll } from '../view/model.ts';
import { paneFlow, paneHeight } from '../view/pane.ts';
import { focusedRect } from '../view/pane-layout.ts';
import { selectionHere } from '../view/selected-rows.ts';
import { placesOf } from '../view/screen.ts';
import { moved, type ScrollMove } from './scroll-move.ts';
import { movedSelection } from './select-action.ts';
import { browsed } from './browse.ts';
import { pickMoved } from './timeline-action.ts';

/** The model after a scroll key, in whatever is in front. Pure. */
export function scrolled(model: Model, move: ScrollMove): Model {
  if (model.isHelpOpen) {
    const { rows, height } = helpRowCount(model);
    return { ...model, helpTop: moved(Math.min(model.helpTop, Math.max(0, rows - height)), move, rows, height) };
  }
  const selection = selectionHere(model);
  if (selection) return movedSelection(model, selection, move);
  const { body } = placesOf(model);
  const state = model.run?.state;
  if (isDocument(model.view)) return browsed(model, state ?? null, model.view, move);
  if (!state || !model.run) return model;
  if (model.view === 'final') {
    const rows = finalRowCount(model, state, body);
    return {
      ...model,
      finalTop: moved(Math.min(model.finalTop, Math.max(0, rows - body.height + 1)), move, rows, body.height - 1),
    };
  }
  if (isBrowser(model.view)) return browsed(model, state, model.view, move);
  if (model.view === 'timeline') {
    return pickMoved(model, move);
  }
  const alias = model.run.panes[model.focus];
  if (model.view !== 'panes' || alias === undefined) return model;
  const rect = focusedRect(model, body);
  const rows = paneFlow(model, alias, rect.width).rowCount;
  const scroll = movedScroll(model.paneScroll.get(alias) ?? 'follow', move, rows, paneHeight(model, alias, rect));
  return { ...model, paneScroll: new Map([...model.paneScroll, [alias, scroll]]) };
}

/** Follow on, or off where it is on. */
export function toggledFollow(model: Model): Model {
  const { body } = placesOf(model);
  if (!model.run) return model;
  if (model.view === 'timeline') {
    const { pick } = model.timeline;
    return {
      ...model,
      timeline: { ...model.timeline, pick: pick === null ? model.run.timeline.length - 1 : null, fromMs: null },
    };
  }
  const alias = model.run.panes[model.focus];
  if (model.view !== 'panes' || alias === undefined) return model;
  const rect = focusedRect(model, body);
  const rows = paneFlow(model, alias, rect.width).rowCount;
  const scroll = toggled(model.paneScroll.get(alias) ?? 'follow', rows, paneHeight(model, alias, rect));
  return { ...model, paneScroll: new Map([...model.paneScroll, [alias, scroll]]) };
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
