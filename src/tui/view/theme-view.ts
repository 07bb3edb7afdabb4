import { sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import { agentToken, type Token } from '../theme/tokens.ts';
import type { Area } from './frame.ts';
import { boxed } from './help-view.ts';
import { span, spread, type Line } from './line.ts';
import type { Model, ThemePicker } from './model.ts';
import { keyWord } from './key-of.ts';

const FG = style('fg', [], 'bar');
const SAMPLES: readonly Token[] = ['accent', 'ok', 'warn', 'err', 'info', 'code', 'heading'];

/** The names of the themes in a corner, so that the screen behind shows what the picked one looks like. */
export function themeArea(model: Model, { names, pick }: ThemePicker): Area {
  const { glyphs } = model;
  const width = Math.min(model.cols - 2, 44);
  const room = Math.max(1, Math.min(names.length, model.rows - 8));
  const height = room + 4;
  const top = Math.max(0, Math.min(pick - Math.floor(room / 2), names.length - room));
  const rows = names.slice(top, top + room).map((name, i): Line => {
    const isPicked = top + i === pick;
    const ground = isPicked ? 'pick' : 'bar';
    return spread(
      [
        span(isPicked ? '> ' : '  ', style('focus', ['bold'], ground)),
        span(sanitizeLine(name), style('fg', isPicked ? ['bold'] : [], ground)),
      ],
      [],
      width - 4,
      style('fg', [], ground),
      glyphs.cut,
    );
  });
  const signs: Line = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => span(`${n} `, style(agentToken(n), ['bold'], 'bar')));
  const words: Line = SAMPLES.map((token) => span(`${token} `, style(token, [], 'bar')));
  const foot = `${pick + 1} of ${names.length}  ${keyWord(model, 'take-theme')} takes`;
  return {
    layer: 'overlay',
    x: Math.max(0, model.cols - width - 1),
    y: 1,
    width,
    height,
    lines: boxed([...rows, signs, words], 'themes', foot, width, model),
    fill: FG,
  };
}
