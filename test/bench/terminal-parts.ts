import { performance } from 'node:perf_hooks';
import { createModel } from '../../src/tui/app/model.ts';
import { RunStore } from '../../src/tui/store/run-store.ts';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { Surface } from '../../src/tui/widgets/surface.ts';
import { median, type Figure } from './measure.ts';
import { COLS, ROWS } from './terminal-pty.ts';
import { eventMaker, opening, textEvent, tokenAt } from './terminal-stream.ts';

const LINE = `${'some words of a long answer that fill a row '.repeat(2).slice(0, 71)}\n`;
const APPENDS = 20_000;
const DIALOGS = 1000;
const MB = 1_048_576;

/** The parts of a picture, without a terminal. */
export function benchTerminalParts(): Figure[] {
  const small = paneOf(1000);
  const large = paneOf(100_000);
  // In turns, so that a busy moment of the machine hits both.
  const smallMs: number[] = [];
  const largeMs: number[] = [];
  for (let i = 0; i < 150; i++) {
    smallMs.push(small.frame());
    largeMs.push(large.frame());
  }
  const { p50, p99 } = appendMicros();
  return [
    { name: 'append of one token, p50', value: p50, unit: 'µs', limit: 10 },
    { name: 'append of one token, p99', value: p99, unit: 'µs', limit: 50 },
    { name: 'frame of one pane with 1,000 lines', value: median(smallMs), unit: 'ms', limit: null },
    {
      name: 'frame of one pane after 100,000 lines, as a multiple',
      value: median(largeMs) / median(smallMs),
      unit: '×',
      limit: 1.2,
    },
    { name: `${DIALOGS} dialogs opened and closed: growth`, value: dialogGrowthMb(), unit: 'MB', limit: 1 },
  ];
}

function modelWith(agents: number): { model: Model; run: RunStore; say: (agent: number, text: string) => void } {
  const run = new RunStore();
  const make = eventMaker(() => 1000);
  for (const draft of opening(agents)) run.apply(make(draft));
  const base = createModel({ cols: COLS, rows: ROWS, now: 1000, ascii: false, team: null, teams: [] });
  const model: Model = { ...base, run, view: 'panes', isRunActive: true };
  return { model, run, say: (agent, text) => run.apply(make(textEvent(agent, text))) };
}

function paneOf(lines: number): { frame(): number } {
  const { model, say } = modelWith(1);
  const surface = new Surface(COLS, ROWS);
  const table = new StyleTable(loadTheme('dark'), 'truecolor');
  for (let i = 0; i < lines; i++) say(1, LINE);
  let n = 0;
  const frame = (): number => {
    say(1, tokenAt(n++, false));
    const startedAt = performance.now();
    surface.show(buildFrame(model), table, false);
    return performance.now() - startedAt;
  };
  for (let i = 0; i < 20; i++) frame();
  return { frame };
}

function appendMicros(): { p50: number; p99: number } {
  const { say } = modelWith(16);
  const micros: number[] = [];
  for (let i = 0; i < APPENDS * 2; i++) {
    const token = tokenAt(i, false);
    const startedAt = performance.now();
    say((i % 16) + 1, token);
    if (i >= APPENDS) micros.push((performance.now() - startedAt) * 1000);
  }
  const sorted = micros.toSorted((a, b) => a - b);
  return { p50: median(sorted), p99: sorted[Math.floor(sorted.length * 0.99)] ?? NaN };
}

/** Needs `--expose-gc`; NaN without it. */
function dialogGrowthMb(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) return NaN;
  const { model } = modelWith(16);
  const surface = new Surface(COLS, ROWS);
  const table = new StyleTable(loadTheme('dark'), 'truecolor');
  const toggle = (times: number): void => {
    for (let i = 0; i < times; i++) {
      surface.show(buildFrame({ ...model, isHelpOpen: true }), table, false);
      surface.show(buildFrame({ ...model, isHelpOpen: false }), table, false);
    }
  };
  toggle(50);
  gc();
  const before = process.memoryUsage().heapUsed;
  toggle(DIALOGS);
  gc();
  return (process.memoryUsage().heapUsed - before) / MB;
}
