import type { ActionId } from '../input/keymap.ts';
import { nextScale } from '../view/lane-cells.ts';
import type { Model } from '../view/model.ts';
import { paneFlow, paneHeight } from '../view/pane.ts';
import { focusedRect } from '../view/pane-layout.ts';
import { placesOf } from '../view/screen.ts';
import { pickedEntry, pickedIndex, shownEntries, timelineParts } from '../view/timeline-screen.ts';
import { moved, type ScrollMove } from './scroll-move.ts';

/** What an action changes on the timeline; null if it is none of its actions. Pure. */
export function timelineAction(model: Model, action: ActionId): Partial<Model> | null {
  const state = model.run?.state;
  if (!state) return null;
  const { window } = timelineParts(model, state, placesOf(model).body);
  const pan = (columns: number): Partial<Model> => {
    const fromMs = Math.max(0, window.fromMs + Math.round(columns) * window.msPerCol);
    return { timeline: { ...model.timeline, fromMs } };
  };
  switch (action) {
    case 'zoom-in':
    case 'zoom-out': {
      const msPerCol = nextScale(window.msPerCol, action === 'zoom-in' ? -1 : 1);
      // What is in the middle stays there.
      const middle = window.fromMs + (window.cols / 2) * window.msPerCol;
      const fromMs = Math.max(0, middle - (window.cols / 2) * msPerCol);
      return { timeline: { ...model.timeline, msPerCol, fromMs } };
    }
    case 'pan-left':
      return pan(-window.cols / 4);
    case 'pan-right':
      return pan(window.cols / 4);
    case 'open-moment':
      return openMoment(model);
    default:
      return null;
  }
}

/** The timeline after a scroll key: it moves the picked event, and the lanes go along. Pure. */
export function pickMoved(model: Model, move: ScrollMove): Model {
  const state = model.run?.state;
  if (!state) return model;
  const entries = shownEntries(model);
  const last = Math.max(0, entries.length - 1);
  const { body } = placesOf(model);
  const parts = timelineParts(model, state, body);
  const pick = moved(pickedIndex(model, entries), move, entries.length, parts.listHeight, last);
  const entry = entries[pick];
  const { fromMs, msPerCol, cols } = parts.window;
  const isShown = !entry || (entry.atMs >= fromMs && entry.atMs < fromMs + cols * msPerCol);
  return {
    ...model,
    timeline: {
      ...model.timeline,
      // A live run goes on: at the newest event the pick follows it.
      pick: pick >= last && !model.playback ? null : pick,
      fromMs: isShown ? model.timeline.fromMs : Math.max(0, entry.atMs - (cols / 2) * msPerCol),
    },
  };
}

/** The picked event in its agent's pane. */
function openMoment(model: Model): Partial<Model> {
  const entry = pickedEntry(model);
  if (!entry) return {};
  const focus = entry.alias === null ? -1 : (model.run?.panes.indexOf(entry.alias) ?? -1);
  if (entry.alias === null || focus < 0) {
    return { message: { tone: 'info', text: 'This event is about the run as a whole, no pane shows it.' } };
  }
  const next: Model = { ...model, view: 'panes', focus };
  const rect = focusedRect(next, placesOf(next).body);
  const flow = paneFlow(next, entry.alias, rect.width);
  const height = paneHeight(next, entry.alias, rect);
  const top = Math.max(0, flow.rowOfEvent(entry.seq) - Math.floor(height / 3));
  const scroll = top + height >= flow.rowCount ? 'follow' : { top };
  return { view: 'panes', focus, paneScroll: new Map([...model.paneScroll, [entry.alias, scroll]]) };
}
