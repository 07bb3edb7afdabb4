import type { RunState } from '../../coordination/state.ts';
import { reportRun } from '../../sessions/run-report.ts';
import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import { configLines } from './config-view.ts';
import { contextLines, contextTitle } from './context-view.ts';
import { costLines } from './cost-view.ts';
import { figureLines } from './figures-view.ts';
import { plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import { span, type Line } from './line.ts';
import type { DocumentName, Model } from './model.ts';
import { statusLines } from './status-view.ts';
import { titleRule } from './timeline-view.ts';
import { shownRow } from './selected-rows.ts';

const FG = style('fg');

/** Rows of one of the pages that are read from top to bottom, at the width that the panel has. */
export function documentLines(model: Model, state: RunState | null, name: DocumentName, rect: Rect): Line[] {
  const width = rect.width - 3;
  if (name === 'config') return configLines(model.config, width);
  if (name === 'status' || !state) return statusLines(model, state, width);
  if (name === 'cost') return [...costLines(state, width, model.glyphs), ...figures(model, state, width)];
  return contextLines(model, state, width);
}

export function documentAreas(model: Model, state: RunState | null, name: DocumentName, rect: Rect): Area[] {
  const lines = documentLines(model, state, name, rect);
  const height = rect.height - 1;
  const top = Math.min(model.browse[name].top, Math.max(0, lines.length - height));
  const shown = lines
    .slice(top, top + height)
    .map((line, i) => shownRow(model, null, top + i, [span(' ', FG), ...line], rect.width));
  const below = lines.length - top - shown.length;
  const more = below > 0 ? `  ${model.glyphs.down} ${plural(below, 'more line')}` : '';
  const title = titleOf(model, state, name, rect.width - 4 - textWidth(more));
  return [
    {
      layer: 'main',
      ...rect,
      lines: [titleRule(title, rect.width, model.glyphs, true, more), ...shown],
      fill: FG,
    },
  ];
}

/** Of a run that is over: they are counted from the whole of it. */
function figures(model: Model, state: RunState, width: number): Line[] {
  const { run } = model;
  if (!run || !state.end) return [];
  return model.cache.document(['figures', state.run, state.seq, width].join(' '), () => {
    const report = reportRun(run.events);
    return report ? figureLines(report, width) : [];
  });
}

/** In `width` columns, where the title can be shorter. */
function titleOf(model: Model, state: RunState | null, name: DocumentName, width: number): string {
  if (name === 'config') return 'the team as it runs';
  if (name === 'status' || !state) return 'status';
  return name === 'cost' ? 'cost and usage' : contextTitle(model, state, width);
}
