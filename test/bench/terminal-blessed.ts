/**
 * Stock blessed with the same stream, for comparison:
 * `node terminal-blessed.ts <agents> <tokens per second> <seconds> <setContent|log> <report file>`.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { earlierText, tokenAt } from './terminal-stream.ts';

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
const windowMs = Number(secondsText) * 1000;
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
const SOURCE_MS = 10;
const texts = boxes.map((_, i) => earlierText(i + 1));
// At once: `log` renders the whole screen for every line.
if (kind === 'log') for (const [i, box] of boxes.entries()) box.setContent(texts[i] ?? '');
const lines = boxes.map(() => '');
const frameMs: number[] = [];
let sent = 0;
const startedAt = performance.now();
const cpu = process.cpuUsage();
let frameAt = startedAt;
const timer = setInterval(() => {
  // What this timer missed is lost, as in the measurements of the study: real streams would queue up instead.
  const count = Math.round((SOURCE_MS * Number(rateText)) / 1000);
  for (let n = 0; n < count; n++, sent++) {
    for (const [i, box] of boxes.entries()) {
      const token = tokenAt(sent * 17 + i + 1, false);
      if (kind === 'log') {
        lines[i] += token;
        if (!token.includes('\n') && (lines[i] ?? '').length < 60) continue;
        box.log(lines[i] ?? '');
        lines[i] = '';
      } else texts[i] = ((texts[i] ?? '') + token).slice(-TAIL);
    }
  }
  const now = performance.now();
  if (now - frameAt >= 33) {
    frameAt = now;
    if (kind !== 'log') {
      for (const [i, box] of boxes.entries()) {
        box.setContent(texts[i] ?? '');
        box.setScrollPerc(100);
      }
    }
    screen.render();
    frameMs.push(performance.now() - now);
  }
  if (now - startedAt < windowMs) return;
  clearInterval(timer);
  const used = process.cpuUsage(cpu);
  const seconds = (now - startedAt) / 1000;
  const cpuPercent = ((used.user + used.system) / 1e6 / seconds) * 100;
  writeFileSync(report, JSON.stringify({ cpuPercent, seconds, tokens: sent * agents, frameMs }));
}, SOURCE_MS);
