import type { ActionId } from '../input/keymap.ts';
import { allAnswers } from '../view/answers-page.ts';
import { browserParts } from '../view/browser.ts';
import { shownLabel } from '../view/files-page.ts';
import { tabOf, tabsOf } from '../view/tabs-row.ts';
import { splitOf } from '../view/pane-layout.ts';
import { inspectJump } from '../view/inspect-page.ts';
import { isInputShown } from '../view/input-view.ts';
import type { Model } from '../view/model.ts';
import { shownTeams } from '../view/team-list.ts';
import { placesOf } from '../view/screen.ts';
import { timelineAction } from './timeline-action.ts';
import { toggledSelection } from './select-action.ts';
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
    case 'next-tab':
      return turnedTab(model, 1);
    case 'previous-tab':
      return turnedTab(model, -1);
    case 'changes':
      if (!model.run?.state?.changes) return { message: { tone: 'info', text: 'No files of yours would be changed.' } };
      return { view: model.view === 'changes' ? 'panes' : 'changes' };
    case 'select':
      return toggledSelection(model);
    case 'split':
      return toggledSplit(model);
    case 'larger':
      return changedDensity(model, 1);
    case 'smaller':
      return changedDensity(model, -1);
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
    case 'files':
    case 'cost':
    case 'context':
    case 'status':
    case 'config':
      return { view: model.view === action ? overview(model) : action };
    case 'inspect':
      return { view: model.view === 'inspect' ? overview(model) : model.run?.state ? 'inspect' : 'status' };
    case 'inspect-open':
      return inspected(model);
    case 'diff':
      return {
        isDiff: !model.isDiff,
        browse: {
          ...model.browse,
          answers: { ...model.browse.answers, top: 0 },
          files: { ...model.browse.files, top: 0 },
        },
      };
    case 'compare':
      return toggledCompare(model);
    case 'help':
      return { isHelpOpen: !model.isHelpOpen, helpTop: 0 };
    case 'back':
      return goBack(model);
    case 'ask':
      if (model.isRunActive && !model.playback) return { isEditing: true, fieldFor: 'all' };
      return isInputShown(model) ? { isEditing: true, fieldFor: 'question' } : {};
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

/** From a row of the inspection to the screen that has all of it. */
function inspected(model: Model): Partial<Model> {
  const state = model.run?.state;
  const jump = state ? inspectJump(model, state) : null;
  if (!jump) return {};
  const { view, index } = jump;
  if (view === 'panes') return { view, focus: index, isZoomed: true };
  if (view !== 'answers' && view !== 'ballots') return { view: 'final', finalTop: 0 };
  return { view, browse: { ...model.browse, [view]: { ...model.browse[view], pick: index, top: 0 } } };
}

function focusOn(model: Model, index: number): Partial<Model> {
  const count = model.run?.panes.length ?? 0;
  if (index < 0 || index >= count) return {};
  const pair = splitOf(model);
  if (!pair || pair.includes(index)) return { focus: index };
  // The agent takes the place of the focused one.
  const [left, right] = pair;
  return { focus: index, split: left === model.focus ? [index, right] : [left, index] };
}

function focusBy(model: Model, step: number): Partial<Model> {
  const count = model.run?.panes.length ?? 0;
  const pair = splitOf(model);
  if (pair) return { focus: pair[0] === model.focus ? pair[1] : pair[0] };
  return count === 0 ? {} : { focus: (model.focus + step + count) % count };
}

function toggledSplit(model: Model): Partial<Model> {
  const count = model.run?.panes.length ?? 0;
  if (model.split) return { split: null };
  if (count < 2) return { message: { tone: 'info', text: 'There is only one agent.' } };
  return { split: [model.focus, (model.focus + 1) % count], isZoomed: false };
}

/** The next side of a run that is over. */
function turnedTab(model: Model, step: 1 | -1): Partial<Model> {
  const state = model.run?.state;
  const tab = tabOf(model.view);
  if (!state?.final || tab === null) return {};
  const tabs = tabsOf(state);
  return { view: tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? 'final' };
}

/** Marks the picked answer; the next ones that are picked stand beside it. */
function toggledCompare(model: Model): Partial<Model> {
  const state = model.run?.state;
  if (!state) return {};
  const { pick } = browserParts(model, state, 'answers', placesOf(model).body);
  const label = model.view === 'files' ? shownLabel(model) : (allAnswers(state)[pick]?.label ?? null);
  if (label === null) return {};
  if (model.compared === label) return { compared: null };
  return { compared: label, message: { tone: 'info', text: `pick another answer: it is shown beside ${label}` } };
}

/** Larger panes until there is one, smaller ones until all are there. */
function changedDensity(model: Model, step: 1 | -1): Partial<Model> {
  const count = model.run?.panes.length ?? 0;
  const most = Math.ceil(Math.log2(Math.max(1, count)));
  return { density: Math.max(-1, Math.min(most, model.density + step)), split: null, isZoomed: false };
}

/** Where one comes back to. */
function overview({ run }: Model): Model['view'] {
  return run ? 'panes' : 'home';
}

/** One level back, the nearest one first. */
function goBack(model: Model): Partial<Model> {
  if (model.isHelpOpen) return { isHelpOpen: false };
  if (model.selection) return { selection: null };
  if (model.search) return { search: null };
  if (model.view !== 'panes' && model.view !== 'picker' && model.view !== 'home') return { view: overview(model) };
  if (model.isZoomed) return { isZoomed: false };
  if (model.split) return { split: null };
  if (model.density > 0) return { density: 0 };
  const alias = model.run?.panes[model.focus];
  if (alias !== undefined && model.paneScroll.has(alias)) {
    return { paneScroll: new Map([...model.paneScroll].filter(([key]) => key !== alias)) };
  }
  return {};
}
