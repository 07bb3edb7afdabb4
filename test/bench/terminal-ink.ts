/**
 * Ink with the same stream, for comparison: `node terminal-ink.ts <agents> <tokens per second> <seconds> <report file>`.
 * It is given the last rows of each pane only, as a careful program would do.
 */
import process from 'node:process';
import { measureOther } from './terminal-other.ts';
import { earlierText } from './terminal-stream.ts';

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
measureOther(
  { agents, rate: Number(rateText), seconds: Number(secondsText), report },
  {
    say: (i, token) => (texts[i] = (texts[i] ?? '').slice(-tail) + token),
    draw: () => screen.rerender(picture()),
  },
);
