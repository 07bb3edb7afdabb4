import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import type { Area, Rect } from './frame.ts';
import { spread, span, type Line } from './line.ts';
import type { Completion, Model } from './model.ts';
import { keyWord } from './key-of.ts';

const MOST_ROWS = 8;

/** What may be typed, over the question field. `input` is where the field stands. */
export function completionArea(model: Model, completion: Completion, input: Rect): Area {
  const { items, pick, kind } = completion;
  const height = Math.max(1, Math.min(items.length, MOST_ROWS, input.y - 1));
  const top = Math.max(0, Math.min(pick - Math.floor(height / 2), items.length - height));
  const below = items.length - top - height;
  const sign = kind === 'command' ? '/' : '@';
  const hint = below > 0 ? ` ${model.glyphs.down} ${below} more ` : ` ${keyWord(model, 'complete')} `;
  const widest = Math.max(...items.map((item) => textWidth(item)));
  const width = Math.min(model.cols - 3, widest + textWidth(hint) + 4);
  const rows = items.slice(top, top + height).map((item, i): Line => {
    const ground = top + i === pick ? 'pick' : 'bar';
    const isLast = i === height - 1;
    return spread(
      [span(` ${sign}${item}`, style('fg', top + i === pick ? ['bold'] : [], ground))],
      isLast ? [span(hint, style('dim', [], ground))] : [],
      width,
      style('fg', [], ground),
      model.glyphs.cut,
    );
  });
  return { layer: 'overlay', x: 2, y: input.y - height, width, height, lines: rows, fill: style('fg', [], 'bar') };
}
