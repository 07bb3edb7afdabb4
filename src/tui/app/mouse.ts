import type { ActionId } from '../input/keymap.ts';
import type { MouseToken } from '../input/tokenizer.ts';
import { askParts } from '../view/ask-view.ts';
import { asksOf, openAsk } from '../view/asks.ts';
import { contextOf } from '../view/footer.ts';
import { isIn } from '../view/frame.ts';
import type { Model } from '../view/model.ts';
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
  const index = model.view === 'panes' && !model.isHelpOpen ? agentAt(model, token.x, token.y) : null;
  if (token.action === 'press') return index === null || index === model.focus ? null : { focus: index };
  let next: Model = index === null ? model : { ...model, focus: index };
  for (let i = 0; i < WHEEL_ROWS; i++) {
    const changed = viewAction(next, token.action === 'wheelup' ? 'scroll-up' : 'scroll-down');
    if (changed) next = { ...next, ...changed };
  }
  return next;
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
