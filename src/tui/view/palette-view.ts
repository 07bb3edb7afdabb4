import { textWidth } from '../text/width.ts';
import { onGround, style } from '../theme/style.ts';
import { commandsOf, matchingCommands } from './commands.ts';
import type { Area } from './frame.ts';
import { keyLabel } from './glyphs.ts';
import { boxed, centred } from './help-view.ts';
import { fieldRows } from './input-view.ts';
import { span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import type { Prompt } from './prompt.ts';

const FG = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');

/** The palette over the middle of the screen: what is typed, and the commands that fit it. */
export function paletteArea(model: Model, prompt: Prompt): { area: Area; cursor: { x: number; y: number } } {
  const { glyphs } = model;
  const all = commandsOf(model);
  const found = matchingCommands(all, prompt.editor.text);
  const width = Math.min(model.cols - 2, 76);
  const height = Math.max(6, Math.min(model.rows - 4, 20));
  const rect = centred(model, width, height);
  const room = height - 4;
  const pick = Math.min(prompt.pick, Math.max(0, found.length - 1));
  const top = Math.max(0, Math.min(pick - Math.floor(room / 2), found.length - room));
  const inner = width - 4;
  const rows = found.slice(top, top + room).map((command, i): Line => {
    const isPicked = top + i === pick;
    const ground = isPicked ? 'pick' : 'bar';
    const left: Line = [
      span(isPicked ? '> ' : '  ', style('focus', ['bold'], ground)),
      span(command.title, onGround(isPicked ? style('fg', ['bold']) : FG, ground)),
    ];
    const right: Line =
      inner < 50
        ? [span(keyLabel(command.key, glyphs), style('accent', [], ground))]
        : [
            span(`/${command.name}`.padEnd(16), style('dim', [], ground)),
            span(keyLabel(command.key, glyphs).padStart(7), style('accent', [], ground)),
          ];
    return spread(left, right, inner, style('fg', [], ground), glyphs.cut);
  });
  if (found.length === 0) rows.push([span('  no command fits', DIM)]);
  while (rows.length < room) rows.push([]);
  const { rows: typed, cursor } = fieldRows(prompt.editor.text, prompt.editor.cursor, inner - 3);
  const head: Line = [span('> ', style('focus', ['bold'], 'bar')), span(typed[cursor.row] ?? '', FG)];
  const rule: Line = [span(glyphs.rule.repeat(inner), style('border', [], 'bar'))];
  const foot = `${found.length} of ${all.length}`;
  return {
    area: { layer: 'overlay', ...rect, lines: boxed([head, rule, ...rows], 'commands', foot, width, model), fill: FG },
    cursor: { x: rect.x + 2 + textWidth('> ') + cursor.column, y: rect.y + 1 },
  };
}
