import type { ActionId } from '../input/keymap.ts';
import type { Model } from '../view/model.ts';
import { placesOf } from '../view/screen.ts';
import { setupDetails } from '../view/setup-view.ts';
import { pickerDetails } from '../view/team-picker-view.ts';
import { moved } from './scroll-move.ts';

/** Scrolls what stands beside a choice of teams or in the set-up; null for any other action. Pure. */
export function detailAction(model: Model, action: ActionId): Partial<Model> | null {
  if (action !== 'list-down' && action !== 'list-up') return null;
  const { view, setup } = model;
  const { body } = placesOf(model);
  const details = view === 'picker' ? pickerDetails(model, body) : setup ? setupDetails(model, setup, body) : null;
  if (!details) return null;
  const { length } = details.rows;
  const height = details.rect.height - 1;
  const top = Math.max(0, Math.min(model.detailTop, length - height));
  return { detailTop: moved(top, action === 'list-down' ? 'page-down' : 'page-up', length, height) };
}

/** True for what shows other details: they are read from their beginning. */
export function endsDetails(model: Model, action: ActionId): boolean {
  return model.detailTop > 0 && action !== 'list-down' && action !== 'list-up';
}
