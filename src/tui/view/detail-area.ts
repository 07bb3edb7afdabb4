import { style } from '../theme/style.ts';
import { plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import { keyWord } from './key-of.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { titleRule } from './timeline-view.ts';

/** What stands beside the choice of a team and in the set-up: more of it than fits, maybe. */
export interface Details {
  title: string;
  rows: readonly Line[];
  rect: Rect;
}

const FG = style('fg');

/** Details from the row on that they were scrolled to. */
export function detailArea(model: Model, { title, rows, rect }: Details): Area {
  const height = rect.height - 1;
  const top = Math.max(0, Math.min(model.detailTop, rows.length - height));
  const shown = rows.slice(top, top + height).map((row): Line => [span(' ', FG), ...row]);
  const below = rows.length - top - shown.length;
  const key = keyWord(model, below > 0 ? 'list-down' : 'list-up');
  const more =
    below > 0
      ? `  ${model.glyphs.down} ${plural(below, 'more line')}, ${key}`
      : top > 0
        ? `  ${model.glyphs.up} ${key}`
        : '';
  const lines = [titleRule(title, rect.width, model.glyphs, false, more), ...shown];
  return { layer: 'main', ...rect, lines, fill: FG };
}
