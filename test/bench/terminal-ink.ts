/**
 * Ink with the same stream, for comparison: `node terminal-ink.ts <agents> <tokens per second> <seconds> <report file>`.
 * It is given the last rows of each pane only, as a careful program would do.
 */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { earlierText, tokenAt } from './terminal-stream.ts';

type Node = unknown;
interface React {
  createElement(type: unknown, props: object | null, ...children: Node[]): Node;
}
interface Ink {
  render(node: Node, options: object): { rerender(node: Node): void };
  Box: unknown;
  Text: unknown;
}
// Neither package is typed without React's own types, of which nothing else here has any use.
const load = async <T>(name: string): Promise<T> => (await import(name)) as T;
const [react, ink] = await Promise.all([load<React>('react'), load<Ink>('ink')]);

const [agentsText = '16', rateText = '200', secondsText = '5', report = ''] = process.argv.slice(2);
const agents = Number(agentsText);
const windowMs = Number(secondsText) * 1000;
const SOURCE_MS = 10;
const FRAME_MS = 33;
const columns = Math.ceil(Math.sqrt(agents));
const width = Math.floor(process.stdout.columns / columns);
const height = Math.floor((process.stdout.rows - 1) / Math.ceil(agents / columns));
/** More than a pane can show. */
const tail = width * height;

const texts = Array.from({ length: agents }, (_, i) => earlierText(i + 1));
const pane = (text: string, i: number): Node =>
  react.createElement(
    ink.Box,
    {
      key: i,
      width,
      height,
      borderStyle: 'single',
      overflow: 'hidden',
      flexDirection: 'column',
      justifyContent: 'flex-end',
    },
    react.createElement(ink.Text, { wrap: 'wrap' }, text.slice(-tail)),
  );
const picture = (): Node =>
  react.createElement(ink.Box, { flexWrap: 'wrap', width: process.stdout.columns }, ...texts.map(pane));

const screen = ink.render(picture(), { maxFps: 30, exitOnCtrlC: false, patchConsole: false });
const frameMs: number[] = [];
let sent = 0;
const startedAt = performance.now();
const cpu = process.cpuUsage();
let frameAt = startedAt;
const timer = setInterval(() => {
  // What this timer missed is lost, as for blessed: real streams would queue up instead.
  const count = Math.round((SOURCE_MS * Number(rateText)) / 1000);
  for (let n = 0; n < count; n++, sent++)
    for (let i = 0; i < agents; i++) texts[i] = (texts[i] ?? '').slice(-tail) + tokenAt(sent * 17 + i + 1, false);
  const now = performance.now();
  if (now - frameAt >= FRAME_MS) {
    frameAt = now;
    screen.rerender(picture());
    frameMs.push(performance.now() - now);
  }
  if (now - startedAt < windowMs) return;
  clearInterval(timer);
  const used = process.cpuUsage(cpu);
  const seconds = (now - startedAt) / 1000;
  const cpuPercent = ((used.user + used.system) / 1e6 / seconds) * 100;
  writeFileSync(report, JSON.stringify({ cpuPercent, seconds, tokens: sent * agents, frameMs }));
}, SOURCE_MS);
