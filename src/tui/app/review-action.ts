import type { FileChange } from '../../events/event.ts';
import type { ActionId } from '../input/keymap.ts';
import { browserParts } from '../view/browser.ts';
import { patchParts } from '../view/changes-page.ts';
import type { Model } from '../view/model.ts';
import { openPrompt } from '../view/prompt.ts';
import { partCount, reviewStage, withFileToggled, withPartToggled } from '../view/review.ts';
import { placesOf } from '../view/screen.ts';

/** What an action changes in the review of files; null if it is none of its, or changes the world. Pure. */
export function reviewAction(model: Model, action: ActionId): Partial<Model> | null {
  switch (action) {
    case 'leave-out':
      return toggled(model, 'file');
    case 'leave-part':
      return toggled(model, 'part');
    case 'next-part':
      return movedPart(model, 1);
    case 'previous-part':
      return movedPart(model, -1);
    case 'decide-files':
      return reviewStage(model) === 'now' ? { prompt: openPrompt('review') } : null;
    case 'send-back':
      if (reviewStage(model) !== 'now') return said('Nothing waits for you here: a new question may ask for more.');
      return { prompt: openPrompt('send-back') };
    default:
      return null;
  }
}

/** The file that is picked, and the part of it that keys are about. */
function picked(model: Model): { file: FileChange; part: number; width: number; height: number } | null {
  const state = model.run?.state;
  if (!state?.changes) return null;
  const { pick, detail } = browserParts(model, state, 'changes', placesOf(model).body);
  const file = state.changes.files[pick];
  if (!file) return null;
  const part = Math.min(model.review.at, partCount(file) - 1);
  return { file, part, width: detail.width - 2, height: detail.height - 1 };
}

function toggled(model: Model, what: 'file' | 'part'): Partial<Model> {
  const at = picked(model);
  if (!at) return {};
  if (reviewStage(model) === null) return said('There is nothing to choose here any more.');
  const { review } = model;
  return {
    review: what === 'file' ? withFileToggled(review, at.file.path) : withPartToggled(review, at.file, at.part),
  };
}

/** The next part, brought in sight. */
function movedPart(model: Model, step: 1 | -1): Partial<Model> {
  const at = picked(model);
  const state = model.run?.state;
  if (!at || !state?.changes) return {};
  const next = Math.max(0, Math.min(at.part + step, partCount(at.file) - 1));
  const moved = { ...model, review: { ...model.review, at: next } };
  const { rows, partAt } = patchParts(moved, state.changes, at.file, at.width);
  const from = partAt[next] ?? 0;
  const to = (partAt[next + 1] ?? rows.length) - 1;
  const { changes } = model.browse;
  const isSeen = from >= changes.top && Math.min(to, from + at.height - 1) < changes.top + at.height;
  const top = isSeen ? changes.top : Math.max(0, Math.min(from, rows.length - at.height));
  return { review: moved.review, browse: { ...model.browse, changes: { ...changes, top } } };
}

function said(text: string): Partial<Model> {
  return { message: { tone: 'info', text } };
}
