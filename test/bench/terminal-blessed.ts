/**
 * Stock blessed with the same stream, for comparison:
 * `node terminal-blessed.ts <agents> <tokens per second> <seconds> <setContent|log> <report file>`.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import { measureOther } from './terminal-other.ts';
import { earlierText } from './terminal-stream.ts';

interface Box {
  setContent(text: string): void;
  setScrollPerc(percent: number): void;
  log(text: string): void;
}
interface Blessed {
  screen(options: object): { render(): void };
  box(options: object): Box;
  log(options: object): Box;
}
const blessed = createRequire(import.meta.url)('neo-blessed') as Blessed;
const [agentsText = '16', rateText = '200', secondsText = '5', kind = 'setContent', report = ''] =
  process.argv.slice(2);
const agents = Number(agentsText);
const screen = blessed.screen({ fullUnicode: true });
const columns = Math.ceil(Math.sqrt(agents));
const boxes = Array.from({ length: agents }, (_, i) =>
  blessed[kind === 'log' ? 'log' : 'box']({
    parent: screen,
    left: `${Math.floor((100 / columns) * (i % columns))}%`,
    top: `${Math.floor((100 / columns) * Math.floor(i / columns))}%`,
    width: `${Math.floor(100 / columns)}%`,
    height: `${Math.floor(100 / columns)}%`,
    border: 'line',
    scrollable: true,
  }),
);
/** As much as a pane of a screen can show, several times over: blessed need not wrap the whole text. */
const TAIL = 40_000;
const texts = boxes.map((_, i) => earlierText(i + 1));
// At once: `log` renders the whole screen for every line.
if (kind === 'log') for (const [i, box] of boxes.entries()) box.setContent(texts[i] ?? '');
const lines = boxes.map(() => '');
/** A whole line at a time: `log` takes lines. */
const log = (i: number, token: string): void => {
  lines[i] += token;
  if (!token.includes('\n') && (lines[i] ?? '').length < 60) return;
  boxes[i]?.log(lines[i] ?? '');
  lines[i] = '';
};
const keep = (i: number, token: string): void => {
  texts[i] = ((texts[i] ?? '') + token).slice(-TAIL);
};
const fill = (): void => {
  for (const [i, box] of boxes.entries()) {
    box.setContent(texts[i] ?? '');
    box.setScrollPerc(100);
  }
};
measureOther(
  { agents, rate: Number(rateText), seconds: Number(secondsText), report },
  {
    say: kind === 'log' ? log : keep,
    draw: () => {
      if (kind !== 'log') fill();
      screen.render();
    },
  },
);
