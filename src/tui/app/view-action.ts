import type { ActionId } from '../input/keymap.ts';
import { isInputShown } from '../view/input-view.ts';
import type { Model } from '../view/model.ts';
import { shownTeams } from '../view/team-list.ts';
import { timelineAction } from './timeline-action.ts';
import { scrolled, toggledFollow } from './scroll.ts';

/**
 * What an action changes in what is shown; null if it changes the world instead. Where an agent was named by its
 * number, that is `digit`. Pure.
 */
export function viewAction(model: Model, action: ActionId, digit = 0): Partial<Model> | null {
  switch (action) {
    case 'scroll-down':
    case 'scroll-up':
    case 'half-down':
    case 'half-up':
    case 'page-down':
    case 'page-up':
    case 'top':
    case 'bottom':
      return scrolled(model, action);
    case 'follow':
      return toggledFollow(model);
    case 'focus-number':
      return focusOn(model, digit - 1);
    case 'focus-next':
      return focusBy(model, 1);
    case 'focus-previous':
      return focusBy(model, -1);
    case 'zoom':
      return { isZoomed: !model.isZoomed };
    case 'toggle-reasoning':
      return { showReasoning: !model.showReasoning };
    case 'toggle-tools':
      return { showTools: !model.showTools };
    case 'toggle-plan':
      return { showPlan: !model.showPlan };
    case 'timeline':
      return {
        view: model.view === 'timeline' ? 'panes' : 'timeline',
        timeline: { ...model.timeline, pick: null, fromMs: null },
      };
    case 'answer':
      return { view: model.view === 'final' ? 'panes' : 'final' };
    case 'answers':
    case 'ballots':
    case 'events':
    case 'cost':
    case 'context':
      return { view: model.view === action ? 'panes' : action };
    case 'diff':
      return { isDiff: !model.isDiff, browse: { ...model.browse, answers: { ...model.browse.answers, top: 0 } } };
    case 'help':
      return { isHelpOpen: !model.isHelpOpen, helpTop: 0 };
    case 'back':
      return goBack(model);
    case 'ask':
      return isInputShown(model)
        ? { isEditing: true }
        : { message: { tone: 'info', text: 'A run is going: Ctrl+C cancels it.' } };
    case 'leave-input':
      return { isEditing: false };
    case 'refuse':
      return { isQuitAsked: false };
    case 'pick-next':
      return { picked: Math.min(Math.max(0, shownTeams(model).length - 1), model.picked + 1) };
    case 'pick-previous':
      return { picked: Math.max(0, model.picked - 1) };
    default:
      return timelineAction(model, action);
  }
}

function focusOn(model: Model, index: number): Partial<Model> {
  const count = model.run?.panes.length ?? 0;
  return index >= 0 && index < count ? { focus: index } : {};
}

function focusBy(model: Model, step: number): Partial<Model> {
  const count = model.run?.panes.length ?? 0;
  return count === 0 ? {} : { focus: (model.focus + step + count) % count };
}

/** One level back, the nearest one first. */
function goBack(model: Model): Partial<Model> {
  if (model.isHelpOpen) return { isHelpOpen: false };
  if (model.search) return { search: null };
  if (model.view !== 'panes' && model.view !== 'picker' && model.view !== 'home') return { view: 'panes' };
  if (model.isZoomed) return { isZoomed: false };
  const alias = model.run?.panes[model.focus];
  if (alias !== undefined && model.paneScroll.has(alias)) {
    return { paneScroll: new Map([...model.paneScroll].filter(([key]) => key !== alias)) };
  }
  return {};
}
