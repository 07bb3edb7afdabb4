import type { RunState } from '../../coordination/state.ts';
import { countingBallots } from '../../coordination/views.ts';
import { style } from '../theme/style.ts';
import type { Area, Rect } from './frame.ts';
import { clipLine, span, type Line } from './line.ts';
import type { Model, ViewName } from './model.ts';
import { reviewStage } from './review.ts';

/** The sides of a run that is over, in the order of the tabs. */
const TABS = ['final', 'ballots', 'changes', 'cost'] as const satisfies readonly ViewName[];
export type Tab = (typeof TABS)[number];

const WORDS: Record<Tab, string> = { final: 'answer', ballots: 'votes', changes: 'files', cost: 'cost and figures' };
/** A smaller screen has no row to spare. */
const LEAST_ROWS = 16;

export function tabOf(view: ViewName): Tab | null {
  return TABS.find((tab) => tab === view) ?? null;
}

/** The tabs that have something to show. */
export function tabsOf(state: RunState): readonly Tab[] {
  return TABS.filter((tab) => tab !== 'changes' || state.changes !== null);
}

/** True where the screen is one of the tabs, there is an answer, and a row for them. */
export function hasTabs(model: Model): boolean {
  return model.rows >= LEAST_ROWS && tabOf(model.view) !== null && Boolean(model.run?.state?.final);
}

/** One row with all tabs, the one in front marked. */
export function tabsArea(model: Model, state: RunState, rect: Rect): Area {
  const line: Line = [];
  for (const tab of tabsOf(state)) {
    const isFront = tab === model.view;
    const id = isFront ? style('focus', ['bold', 'underline'], 'pick') : style('dim', [], 'bar');
    line.push(span(` ${WORDS[tab]}${countOf(model, state, tab)} `, id), span(' ', style('fg', [], 'bar')));
  }
  return {
    layer: 'strip',
    ...rect,
    lines: [clipLine(line, rect.width, model.glyphs.cut)],
    fill: style('fg', [], 'bar'),
  };
}

function countOf(model: Model, state: RunState, tab: Tab): string {
  if (tab === 'ballots') return ` ${countingBallots(state).length}`;
  if (tab !== 'changes' || !state.changes) return '';
  return ` ${state.changes.files.length}${reviewStage(model) === 'now' ? ', for you' : ''}`;
}
