import type { ActionId } from '../input/keymap.ts';
import type { Model } from '../view/model.ts';
import { askAction } from './ask-action.ts';
import { completionAction } from './completion.ts';
import { detailAction } from './detail-action.ts';
import { editAction } from './edit-action.ts';
import { promptAction } from './prompt-action.ts';
import { reviewAction } from './review-action.ts';
import { runPickerAction } from './run-picker.ts';
import { sessionAction } from './session-action.ts';
import { setupAction } from './setup-action.ts';
import { themeAction, type Themes } from './theme-picker.ts';
import { viewAction } from './view-action.ts';

/**
 * What an action changes on the screen and nowhere else (a theme that is tried out aside); null if it changes the world
 * instead. What is in front comes first. Where an agent was named by its number, that is `digit`.
 */
export function modelAction(
  model: Model,
  action: ActionId,
  digit: number,
  themes: Themes | null,
): Partial<Model> | null {
  return (
    askAction(model, action, digit) ??
    themeAction(model, action, themes) ??
    runPickerAction(model, action) ??
    setupAction(model, action) ??
    sessionAction(model, action) ??
    detailAction(model, action) ??
    completionAction(model, action) ??
    editAction(model, action) ??
    reviewAction(model, action) ??
    promptAction(model, action) ??
    viewAction(model, action, digit)
  );
}
