import type { Alias } from '../../events/event.ts';
import { findMatches } from '../view/matches.ts';
import type { Model } from '../view/model.ts';
import { paneHeight } from '../view/pane.ts';
import { focusedRect } from '../view/pane-layout.ts';
import { placesOf } from '../view/screen.ts';
import { keyWord } from '../view/key-of.ts';

/** The next row that holds what is searched for, or the one before (−1), brought into sight. Goes round. Pure. */
export function nextMatch(model: Model, step: 1 | -1): Partial<Model> {
  const { search, run } = model;
  if (!search || !run) return {};
  const matches = findMatches(model, search.text, widthsOf(model, search.isAll));
  if (matches.length === 0) {
    return { message: { tone: 'warn', text: `"${search.text}" stands nowhere${search.isAll ? '' : ' in this pane'}` } };
  }
  const { at } = search;
  const known = at ? matches.findIndex((match) => match.alias === at.alias && match.row === at.row) : -1;
  // At first the newest one: that is what one sees.
  const start = at && known < 0 ? 0 : known;
  const index = at ? (start + step + matches.length) % matches.length : firstMatch(model, matches);
  const match = matches[index];
  if (!match) return {};
  const focus = run.panes.indexOf(match.alias);
  const next: Model = { ...model, focus };
  const rect = focusedRect(next, placesOf(next).body);
  const top = Math.max(0, match.row - Math.floor(paneHeight(next, match.alias, rect) / 2));
  return {
    focus,
    search: { ...search, at: match },
    paneScroll: new Map([...model.paneScroll, [match.alias, { top }]]),
    message: {
      tone: 'info',
      text: `"${search.text}": ${index + 1} of ${matches.length}, ${keyWord(model, 'next-match')} next, ${keyWord(model, 'back')} ends`,
    },
  };
}

function firstMatch(model: Model, matches: readonly { alias: Alias }[]): number {
  const focused = model.run?.panes[model.focus];
  const own = matches.findLastIndex((match) => match.alias === focused);
  return own >= 0 ? own : matches.length - 1;
}

/** Widths at which the panes would be shown: rows are counted at these. */
function widthsOf(model: Model, isAll: boolean): Map<Alias, number> {
  const panes = model.run?.panes ?? [];
  const { body } = placesOf(model);
  const widths = panes.map((alias, i): [Alias, number] => [alias, focusedRect({ ...model, focus: i }, body).width]);
  return new Map(widths.filter((_, i) => isAll || i === model.focus));
}
