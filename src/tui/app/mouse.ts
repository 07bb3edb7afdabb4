import type { ActionId } from '../input/keymap.ts';
import type { MouseToken } from '../input/tokenizer.ts';
import { askParts } from '../view/ask-view.ts';
import { asksOf, openAsk } from '../view/asks.ts';
import { browserParts, listRowAt } from '../view/browser.ts';
import { contextOf } from '../view/footer.ts';
import { isIn } from '../view/frame.ts';
import { isBrowser, type Model, type Place } from '../view/model.ts';
import { paneLayout } from '../view/pane-layout.ts';
import { ratingParts } from '../view/rating-view.ts';
import { placesOf } from '../view/screen.ts';
import { entryAt, timelineParts } from '../view/timeline-screen.ts';
import { viewAction } from './view-action.ts';

/** Rows that one step of the wheel moves. */
const WHEEL_ROWS = 3;

/** What the mouse changes: a click focuses, a double click is left to `Enter`, the wheel scrolls what it is over. Pure. */
export function mouseAction(model: Model, token: MouseToken): Partial<Model> | null {
  if (model.isQuitAsked || openAsk(model) || token.action === 'drag' || token.action === 'release') return null;
  const moment = token.action === 'press' && !model.isHelpOpen ? clickedMoment(model, token) : null;
  if (moment) return moment;
  const browsing = isTextInFront(model) ? mouseInBrowser(model, token) : null;
  if (browsing) return browsing;
  const index = model.view === 'panes' && !model.isHelpOpen ? agentAt(model, token.x, token.y) : null;
  if (token.action === 'press') return index === null || index === model.focus ? null : { focus: index };
  let next: Model = index === null ? model : { ...model, focus: index };
  for (let i = 0; i < WHEEL_ROWS; i++) {
    const changed = viewAction(next, token.action === 'wheelup' ? 'scroll-up' : 'scroll-down');
    if (changed) next = { ...next, ...changed };
  }
  return next;
}

/** In a list with details, a click picks a row of the list, and the wheel scrolls the details that it is over. */
function mouseInBrowser(model: Model, { action, x, y }: MouseToken): Partial<Model> | null {
  const { view, browse } = model;
  const state = model.run?.state;
  if (!state || !isBrowser(view)) return null;
  const parts = browserParts(model, state, view, placesOf(model).body);
  const { page, pick, detail } = parts;
  const put = (change: Partial<Place>): Partial<Model> => ({
    browse: { ...browse, [view]: { ...browse[view], ...change } },
  });
  if (action === 'press') {
    const row = listRowAt(parts, x, y);
    return row === null ? null : put({ pick: row, top: 0 });
  }
  if (page.count === 0 || !isIn(detail, x, y)) return null;
  const last = Math.max(0, page.detail(pick, detail.width - 2).length - detail.height + 1);
  const step = action === 'wheelup' ? -WHEEL_ROWS : WHEEL_ROWS;
  return put({ top: Math.max(0, Math.min(last, Math.min(last, browse[view].top) + step)) });
}

/** False while a dialog or a list stands over the text. Pure. */
export function isTextInFront(model: Model): boolean {
  const context = contextOf(model);
  return context === model.view || context === 'select' || context === 'input';
}

/** What a click on the dialog over what agents ask does, on the sign that there is something, or on a rating; else null. */
export function askClick(model: Model, { x, y, action }: MouseToken): { action: ActionId; digit: number } | null {
  if (action !== 'press' || model.isQuitAsked) return null;
  const parts = askParts(model);
  if (!parts) {
    if (y === 0 && asksOf(model).length > 0) return { action: 'open-ask', digit: 0 };
    const state = model.run?.state;
    if (model.view !== 'final' || !state || model.isHelpOpen) return null;
    const rated = ratingParts(state, placesOf(model).body).hits.find(({ rect }) => isIn(rect, x, y));
    return rated ? { action: rated.action, digit: 0 } : null;
  }
  return parts.hits.find(({ rect }) => isIn(rect, x, y)) ?? null;
}

/** A click on the timeline picks a moment; another one on the same opens it in its pane. */
function clickedMoment(model: Model, { x, y }: MouseToken): Partial<Model> | null {
  const state = model.run?.state;
  if (model.view !== 'timeline' || !state) return null;
  const pick = entryAt(model, state, placesOf(model).body, x, y);
  if (pick === null) return null;
  if (model.timeline.pick === pick) return viewAction(model, 'open-moment');
  // The lanes stay where they are, under the pointer.
  const { fromMs } = timelineParts(model, state, placesOf(model).body).window;
  return { timeline: { ...model.timeline, pick, fromMs } };
}

/** Which agent stands at a cell; null for none. */
function agentAt(model: Model, x: number, y: number): number | null {
  const count = model.run?.panes.length ?? 0;
  if (count === 0) return null;
  const { body } = placesOf(model);
  const layout = paneLayout(model, body);
  if (layout.kind === 'grid') {
    const index = layout.panes.findIndex((pane) => isIn(pane, x, y));
    return layout.shown[index] ?? null;
  }
  return isIn(layout.pane, x, y) ? model.focus : null;
}
