import { median } from '../measure.ts';
import type { Measured } from './side.ts';

/** What was measured of both with one number of agents, run by run. */
export interface Comparison {
  agents: number;
  ours: Measured[];
  original: Measured[];
}

interface Row {
  key: keyof Measured;
  name: string;
  show: (value: number) => string;
  /** Why we may be behind; told where we are. */
  whyBehind: string;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** Of English and JSON; no vendor's own counter is at hand, and each has another one. */
const BYTES_PER_TOKEN = 4;

/** In each, less is better. */
const ROWS: readonly Row[] = [
  {
    key: 'firstTokenMs',
    name: 'first token on screen',
    show: seconds,
    whyBehind: 'the start of the process is most of it, and the machine was busy',
  },
  {
    key: 'answerMs',
    name: 'answer on screen',
    show: seconds,
    whyBehind: 'the model is most of it: more turns one after the other take longer',
  },
  {
    key: 'beyondModelMs',
    name: 'of it beyond the model’s own time',
    show: seconds,
    whyBehind: 'the start of the process is most of it, and the machine was busy',
  },
  {
    key: 'cpuSeconds',
    name: 'processor time',
    show: (value) => `${value.toFixed(2)} s`,
    whyBehind: 'the screen is painted for more turns',
  },
  {
    key: 'peakMb',
    name: 'peak memory',
    show: (value) => `${value.toFixed(0)} MB`,
    whyBehind: 'Node.js keeps memory until it needs it',
  },
  {
    key: 'requests',
    name: 'model requests',
    show: (value) => value.toFixed(0),
    whyBehind:
      'every ballot names the versions it saw, so one that was cast before a new answer came is void and is cast again; the original counts votes for answers that their voters have not seen',
  },
  {
    key: 'promptBytes',
    name: 'prompt tokens, about',
    show: (value) => String(Math.round(value / BYTES_PER_TOKEN)),
    whyBehind:
      'a turn goes on in the same conversation, which is sent again with what was said before (a provider’s cache reads it at a tenth of the price), where the original begins anew',
  },
  {
    key: 'terminalBytes',
    name: 'bytes to the terminal',
    show: (value) => `${(value / 1000).toFixed(0)} kB`,
    whyBehind: 'all panes are painted at once',
  },
];

/** Medians of both, side by side, in Markdown; below it every row where we are behind, with its reason. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const behind: string[] = [];
  const parts = comparisons.map(({ agents, ours, original }) => {
    const rows = ROWS.map(({ key, name, show, whyBehind }) => {
      const [a, b] = [ours, original].map((runs) => median(runs.map((run) => run[key])));
      const factor = (b ?? NaN) / (a ?? NaN);
      if (!(factor >= 1)) behind.push(`- ${plural(agents)}, ${name}: ${whyBehind}.`);
      return `| ${name} | ${show(a ?? NaN)} | ${show(b ?? NaN)} | ${factor.toFixed(factor < 10 ? 1 : 0)}× |`;
    });
    return [`## ${plural(agents)}`, '', '| | this | original | factor |', '| --- | --- | --- | --- |', ...rows].join(
      '\n',
    );
  });
  const verdict = behind.length === 0 ? 'We are ahead, or equal, in every row.' : behind.join('\n');
  return `${parts.join('\n\n')}\n\n## Where we are not ahead\n\n${verdict}\n`;
}

function plural(agents: number): string {
  return agents === 1 ? 'One agent' : `${agents} agents`;
}
