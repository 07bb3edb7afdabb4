import type { RunState } from '../../coordination/state.ts';
import { browserParts } from '../view/browser.ts';
import { documentLines } from '../view/document-view.ts';
import { isDocument, type BrowserName, type DocumentName, type Model, type Place } from '../view/model.ts';
import { placesOf } from '../view/screen.ts';
import { moved, type ScrollMove } from './scroll-move.ts';

/** The model after a scroll key in a browser: lines move in the list, pages in the details. Pure. */
export function browsed(
  model: Model,
  state: RunState | null,
  name: BrowserName | DocumentName,
  move: ScrollMove,
): Model {
  const { body } = placesOf(model);
  const place = model.browse[name];
  const put = (change: Partial<Place>): Model => ({
    ...model,
    browse: { ...model.browse, [name]: { ...place, ...change } },
  });
  if (isDocument(name)) {
    const rows = documentLines(model, state, name, body).length;
    return put({ top: scrollTo(place.top, move, rows, body.height - 1) });
  }
  if (!state) return model;
  const { page, pick, detail } = browserParts(model, state, name, body);
  if (move === 'scroll-down' || move === 'scroll-up' || move === 'top' || move === 'bottom') {
    const next = moved(pick, move, page.count, 1, Math.max(0, page.count - 1));
    // At the end of the events the newest one is picked, whatever comes.
    return put({ pick: name === 'events' && next === page.count - 1 ? null : next, top: 0 });
  }
  const rows = page.detail(pick, detail.width - 2).length;
  return put({ top: scrollTo(place.top, move, rows, detail.height - 1) });
}

function scrollTo(top: number, move: ScrollMove, rows: number, height: number): number {
  return moved(Math.min(top, Math.max(0, rows - height)), move, rows, height);
}
