import type { ActionId } from '../input/keymap.ts';
import type { SessionChoice, TurnChoice } from '../sessions.ts';
import { pageParts } from '../view/browser.ts';
import type { Model } from '../view/model.ts';
import { placesOf } from '../view/screen.ts';
import { sessionsPage, shownSessions, turnsPage } from '../view/session-pages.ts';
import { moved } from './scroll-move.ts';

/** What an action changes in the lists of sessions and of questions; null if it changes the world. Pure. */
export function sessionAction(model: Model, action: ActionId): Partial<Model> | null {
  const { view, sessions, turns } = model;
  if (action === 'delete-no') return sessions && { sessions: { ...sessions, asked: null } };
  if (view !== 'sessions' && view !== 'turns') return null;
  const place = view === 'sessions' ? sessions : turns;
  if (!place) return null;
  const put = (change: { pick?: number; top: number }): Partial<Model> =>
    view === 'sessions'
      ? { sessions: sessions && { ...sessions, ...change } }
      : { turns: turns && { ...turns, ...change } };
  const page = view === 'sessions' ? sessionsPage(model) : turnsPage(model);
  const { pick, detail } = pageParts(page, place.pick, placesOf(model).body);
  switch (action) {
    case 'list-next':
    case 'list-previous': {
      const next = pick + (action === 'list-next' ? 1 : -1);
      return put({ pick: Math.max(0, Math.min(page.count - 1, next)), top: 0 });
    }
    case 'list-down':
    case 'list-up': {
      const rows = page.count === 0 ? 0 : page.detail(pick, detail.width - 2).length;
      const height = detail.height - 1;
      const top = Math.min(place.top, Math.max(0, rows - height));
      return put({ top: moved(top, action === 'list-down' ? 'page-down' : 'page-up', rows, height) });
    }
    default:
      return null;
  }
}

export function pickedSession(model: Model): SessionChoice | null {
  const { sessions } = model;
  if (!sessions) return null;
  const page = sessionsPage(model);
  return shownSessions(model)[Math.min(sessions.pick ?? page.start, page.count - 1)] ?? null;
}

export function pickedTurn(model: Model): TurnChoice | null {
  const { turns } = model;
  return turns?.session.turns[turns.pick ?? turns.session.turns.length - 1] ?? null;
}
