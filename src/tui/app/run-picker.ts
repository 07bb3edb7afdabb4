import type { ActionId } from '../input/keymap.ts';
import { shownRuns } from '../view/run-picker-view.ts';
import type { Model } from '../view/model.ts';

/** What an action changes in the list of earlier runs; null if it has nothing to do with it. Pure. */
export function runPickerAction(model: Model, action: ActionId): Partial<Model> | null {
  const { runPicker } = model;
  if (!runPicker) return null;
  const move = (step: number): Partial<Model> => ({
    runPicker: { ...runPicker, pick: Math.max(0, Math.min(shownRuns(runPicker).length - 1, runPicker.pick + step)) },
  });
  switch (action) {
    case 'run-next':
      return move(1);
    case 'run-previous':
      return move(-1);
    case 'leave-runs':
      return { runPicker: runPicker.filter === '' ? null : { ...runPicker, filter: '', pick: 0 } };
    default:
      return null;
  }
}
