import type { RunState } from '../../coordination/state.ts';
import type { ActionId } from '../input/keymap.ts';
import { style } from '../theme/style.ts';
import type { Area, Rect } from './frame.ts';
import { lineWidth, span, type Line } from './line.ts';

const FG = style('fg');

/** Columns of the title's row that it takes, the last one of the row included. */
export function ratingWidth(state: RunState, rect: Rect): number {
  const [area] = ratingParts(state, rect).areas;
  return area ? area.width + 1 : 0;
}

/** At the right of the final answer's title: what the user thinks of it, for clicks too. Empty before there is one. */
export function ratingParts(state: RunState, rect: Rect): { areas: Area[]; hits: { rect: Rect; action: ActionId }[] } {
  if (!state.final) return { areas: [], hits: [] };
  const { rating } = state;
  const isWide = rect.width >= 70;
  const sign = (key: string, word: string, isSet: boolean, tone: 'ok' | 'err'): Line => {
    const text = isWide || isSet ? ` ${key} ${isSet ? 'rated ' : ''}${word} ` : ` ${key} `;
    return [span(text, isSet ? style(tone, ['bold'], 'pick') : style('accent', [], 'bar'))];
  };
  const up = sign('+', 'good', rating === 'up', 'ok');
  const down = sign('-', 'bad', rating === 'down', 'err');
  const width = lineWidth(up) + lineWidth(down);
  const x = rect.x + rect.width - width - 1;
  const place = { y: rect.y, height: 1 };
  return {
    areas: [{ layer: 'lines', ...place, x, width, lines: [[...up, ...down]], fill: FG }],
    hits: [
      { action: 'rate-up', rect: { ...place, x, width: lineWidth(up) } },
      { action: 'rate-down', rect: { ...place, x: x + lineWidth(up), width: lineWidth(down) } },
    ],
  };
}
