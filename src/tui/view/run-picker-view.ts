import type { RunChoice } from '../ports.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import { formatCost } from './format.ts';
import type { Area } from './frame.ts';
import { boxed, centred } from './help-view.ts';
import { span, spread, type Line } from './line.ts';
import type { Model, RunPicker } from './model.ts';
import { keyWord } from './key-of.ts';

const FG = style('fg', [], 'bar');

/** The runs that the filter lets through: every word of it stands in the row. */
export function shownRuns({ runs, filter }: RunPicker): readonly RunChoice[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return runs;
  return runs.filter(({ id, when, question, outcome }) => {
    const text = `${id} ${when} ${question} ${outcome}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Earlier runs over the middle of the screen, newest first. */
export function runPickerArea(model: Model, picker: RunPicker): Area {
  const { glyphs } = model;
  const runs = shownRuns(picker);
  const pick = Math.min(picker.pick, Math.max(0, runs.length - 1));
  const width = Math.min(model.cols - 2, 100);
  const room = Math.max(1, Math.min(picker.runs.length, model.rows - 6));
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
  if (runs.length === 0) {
    rows.push([span(`no run fits: ${keyWord(model, 'leave-runs')} takes the filter away`, style('dim', [], 'bar'))]);
  }
  while (rows.length < room) rows.push([]);
  const rect = centred(model, width, room + 2);
  const filter = picker.filter === '' ? '' : `, filter "${sanitizeLine(picker.filter)}"`;
  const foot = `${Math.min(pick + 1, runs.length)} of ${runs.length}${filter}  ${keyWord(model, 'open-run')} opens`;
  return { layer: 'overlay', ...rect, lines: boxed(rows, 'earlier runs', foot, width, model), fill: FG };
}
