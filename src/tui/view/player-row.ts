import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import { formatClock } from './format.ts';
import type { Area } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { playedMs, totalMs, type Playback } from './playback.ts';

const BAR = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');
const PLAYED = style('accent', ['bold'], 'bar');
const HEAD = style('focus', ['bold'], 'bar');

/** Where the line of time stands in the row of a replay. */
export interface PlayerBar {
  x: number;
  width: number;
}

/** What a replay shows of itself: whether it plays, how fast, where it is, and how much there is. */
export function playerArea(model: Model, playback: Playback, y: number): Area {
  const { cols, glyphs } = model;
  const head = headText(playback, cols, glyphs);
  const { x, width } = playerBar(playback, cols, glyphs);
  const lines = [[span(head, BAR), ...barLine(playback, width, glyphs), span(' ', BAR)]];
  return { layer: 'strip', x: 0, y, width: cols, height: 1, lines: x > 0 ? lines : [], fill: BAR };
}

/** Where a click moves it to. Pure but for the state of the replay. */
export function playerBar(playback: Playback, cols: number, glyphs: Glyphs): PlayerBar {
  const x = textWidth(headText(playback, cols, glyphs));
  return { x, width: Math.max(1, cols - x - 1) };
}

function headText(playback: Playback, cols: number, glyphs: Glyphs): string {
  const { replay } = playback;
  const sign = replay.isOver ? glyphs.status.completed : replay.isPaused ? glyphs.bar : glyphs.folded;
  const word = replay.isOver ? 'end' : replay.isPaused ? 'paused' : 'plays';
  const total = String(replay.events.at(-1)?.seq ?? 0);
  const at = String(replay.at).padStart(total.length);
  const clock = `${formatClock(playedMs(playback))} of ${formatClock(totalMs(playback))}`;
  const speed = `${speedText(replay.speed)}x`.padEnd(4);
  if (cols < 60) return ` ${sign} ${word.padEnd(6)} ${at}/${total} `;
  return ` ${sign} ${word.padEnd(6)} ${speed}  ${clock}  event ${at} of ${total}  `;
}

export function speedText(speed: number): string {
  return speed === Infinity ? 'max' : String(Number(speed.toPrecision(3)));
}

/** The way so far, the way to go, and what happened on it. */
function barLine(playback: Playback, width: number, glyphs: Glyphs): Line {
  const total = Math.max(1, totalMs(playback));
  const columnOf = (ms: number): number => Math.min(width - 1, Math.floor((ms / total) * width));
  const signs: string[] = Array.from({ length: width }, () => glyphs.rule);
  const { answer, ballot } = glyphs.lane;
  for (const { event, ms } of playback.moments) {
    const column = columnOf(ms);
    if (event.type === 'answer.submitted') signs[column] = answer;
    else if (event.type === 'ballot.cast' && signs[column] !== answer) signs[column] = ballot;
  }
  const head = columnOf(playedMs(playback));
  return [
    span(signs.slice(0, head).join(''), PLAYED),
    span(glyphs.full, HEAD),
    span(signs.slice(head + 1).join(''), DIM),
  ];
}
