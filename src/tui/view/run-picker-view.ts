import { sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import { formatCost } from './format.ts';
import type { Area } from './frame.ts';
import { boxed, centred } from './help-view.ts';
import { span, spread, type Line } from './line.ts';
import type { Model, RunPicker } from './model.ts';
import { keyWord } from './key-of.ts';

const FG = style('fg', [], 'bar');

/** Earlier runs over the middle of the screen, newest first. */
export function runPickerArea(model: Model, { runs, pick }: RunPicker): Area {
  const { glyphs } = model;
  const width = Math.min(model.cols - 2, 100);
  const room = Math.max(1, Math.min(runs.length, model.rows - 6));
  const top = Math.max(0, Math.min(pick - Math.floor(room / 2), runs.length - room));
  const rows = runs.slice(top, top + room).map((run, i): Line => {
    const isPicked = top + i === pick;
    const ground = isPicked ? 'pick' : 'bar';
    const isGood = run.outcome === 'answered';
    const left: Line = [
      span(isPicked ? '> ' : '  ', style('focus', ['bold'], ground)),
      span(`${sanitizeLine(run.when)}  `, style('dim', [], ground)),
      span(sanitizeLine(run.question) || run.id, style('fg', isPicked ? ['bold'] : [], ground)),
    ];
    const right: Line = [
      span(` ${run.outcome}`, style(isGood ? 'ok' : 'warn', [], ground)),
      span(run.cost === null ? '' : `  ${formatCost(run.cost)}`, style('dim', [], ground)),
    ];
    return spread(left, right, width - 4, style('fg', [], ground), glyphs.cut);
  });
  const rect = centred(model, width, room + 2);
  const foot = `${pick + 1} of ${runs.length}  ${keyWord(model, 'open-run')} opens`;
  return { layer: 'overlay', ...rect, lines: boxed(rows, 'earlier runs', foot, width, model), fill: FG };
}
