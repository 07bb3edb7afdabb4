import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median, type Figure } from './measure.ts';
import { benchTerminalParts } from './terminal-parts.ts';
import { runOnPty, type PtyRun } from './terminal-pty.ts';

const ENTRY = fileURLToPath(new URL('../../dist/massgen.js', import.meta.url));
const APP = fileURLToPath(new URL('./terminal-app.ts', import.meta.url));
const BLESSED = fileURLToPath(new URL('./terminal-blessed.ts', import.meta.url));
const INK = fileURLToPath(new URL('./terminal-ink.ts', import.meta.url));
const MODEL = fileURLToPath(new URL('./terminal-model.ts', import.meta.url));
const STARTS = 11;
const SECONDS = 5;
const STALL_MS = 2500;
const KEYS = 30;
const MILLION = 1_000_000;
const FLOOD_LIMIT_MS = 40_000;
/** An application that takes less of a core than this has taken everything that was sent. */
const CALM_PERCENT = 10;

/** The screen on a real terminal. Needs the built command for the figures that name it: run `npm run build` first. */
export async function* benchTerminal(folder: string): AsyncGenerator<Figure[]> {
  // The parts need an exact heap size.
  setFlagsFromString('--expose-gc');
  Object.assign(globalThis, { gc: runInNewContext('gc') as () => void });
  const isBuilt = existsSync(ENTRY);
  if (isBuilt) yield await firstFrame(folder);
  else console.log('dist/ is missing: the figures of the built command are left out');
  const app = await streamed(folder, [16, 200]);
  yield [...loadFigures('16 agents × 200 tokens/s', app, 12), ...frameFigures(app)];
  yield loadFigures('16 agents × 1,000 tokens/s', await streamed(folder, [16, 1000]), 18);
  yield loadFigures('16 agents × 200, 15 % wide text', await streamed(folder, [16, 200], 'mixed'), 12);
  const economy = await streamed(folder, [16, 200], 'plain', 'economy');
  yield [
    ...loadFigures('16 agents × 200, economy', economy, 12),
    { name: 'bytes per frame, economy', value: perFrame(economy), unit: 'B', limit: 2500 },
  ];
  yield await stalled(folder);
  yield await keys(folder);
  yield await idle(folder);
  yield benchTerminalParts();
  if (isBuilt) {
    yield [await wholeApp(folder, 3, 10)];
    yield [await wholeApp(folder, 16, 35)];
    yield await flood(folder);
  }
  yield await compared('stock blessed, setContent', [BLESSED, '16', '200', String(SECONDS), 'setContent'], folder, app);
  yield await compared('stock blessed, log', [BLESSED, '16', '200', String(SECONDS), 'log'], folder, app);
  yield await compared('ink', [INK, '16', '200', String(SECONDS)], folder, app);
}

interface Report {
  cpuPercent: number;
  seconds: number;
  tokens: number;
  frameMs: number[];
  frameCpuMs: number[];
  frameBytes: number[];
  gaps: number[];
  marks: string[];
  rssMb: number;
}

interface Streamed extends Report {
  /** Panes whose last token is on the screen at the end. */
  shown: number;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

async function firstFrame(folder: string): Promise<Figure[]> {
  const bare: number[] = [];
  const frame: number[] = [];
  const size = { cols: 120, rows: 40 };
  for (let run = -1; run < STARTS; run += 1) {
    for (const [args, text, list] of [
      [['-e', 'process.stdout.write("massgen")'], 'massgen', bare],
      [[ENTRY, '--demo'], 'massgen', frame],
    ] as const) {
      const startedAt = performance.now();
      const pty = runOnPty(args, folder, {}, size);
      const at = await pty.until(text, 0, 10_000);
      await pty.kill();
      if (run >= 0) list.push(at - startedAt);
    }
  }
  const [floor, ours] = [median(bare), median(frame)];
  return [
    { name: 'bare node, first text', value: floor, unit: 'ms', limit: null },
    {
      name: 'built command, first frame, p50',
      value: ours,
      unit: 'ms',
      limit: 150,
      note: '(where bare node takes 70)',
    },
    { name: '… as a multiple of bare node', value: ours / floor, unit: '×', limit: 2.1 },
  ];
}

async function streamed(
  folder: string,
  [agents, rate]: readonly [number, number],
  kind: 'plain' | 'mixed' = 'plain',
  pace: 'normal' | 'economy' = 'normal',
): Promise<Streamed> {
  const { pty, report } = await startApp(folder, agents, rate, SECONDS, kind, pace);
  const read = await waitForReport(report, (SECONDS + 10) * 1000);
  const text = (await pty.screen()).join('\n');
  await pty.kill();
  return { ...read, shown: read.marks.filter((mark) => text.includes(mark)).length };
}

async function startApp(
  folder: string,
  agents: number,
  rate: number,
  seconds: number,
  kind = 'plain',
  pace = 'normal',
): Promise<{ pty: PtyRun; report: string }> {
  const cwd = await mkdtemp(join(folder, 'app-'));
  const report = join(cwd, 'report.json');
  const args = [APP, String(agents), String(rate), String(seconds), kind, pace, report];
  return { pty: runOnPty(args, cwd), report };
}

async function waitForReport(path: string, limitMs: number): Promise<Report> {
  for (let waited = 0; waited < limitMs; waited += 100) {
    await sleep(100);
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Report;
    } catch {
      // It is not there yet, or not whole.
    }
  }
  throw new Error(`no report at ${path}`);
}

function loadFigures(name: string, app: Streamed, limit: number): Figure[] {
  const perSecond = Math.round(app.frameMs.length / app.seconds);
  return [
    { name: `${name}: CPU of a core`, value: app.cpuPercent, unit: '%', limit, note: `${perSecond} frames/s` },
    { name: `${name}: panes without their last token`, value: app.marks.length - app.shown, unit: '', limit: 0 },
  ];
}

function perFrame(app: Report): number {
  return app.frameBytes.reduce((sum, bytes) => sum + bytes, 0) / app.frameBytes.length;
}

function frameFigures(app: Streamed): Figure[] {
  return [
    { name: 'frame, p50', value: median(app.frameMs), unit: 'ms', limit: 2 },
    { name: 'frame, p99', value: percentile(app.frameMs, 0.99), unit: 'ms', limit: 8 },
    { name: 'frame, own processor time, p50', value: median(app.frameCpuMs), unit: 'ms', limit: 2 },
    { name: 'frame, own processor time, p99', value: percentile(app.frameCpuMs, 0.99), unit: 'ms', limit: 8 },
    { name: 'bytes per frame', value: perFrame(app), unit: 'B', limit: 7000 },
    { name: 'event loop held up, p99', value: percentile(app.gaps, 0.99), unit: 'ms', limit: 5 },
  ];
}

/** The terminal stops reading in the middle of the stream. */
async function stalled(folder: string): Promise<Figure[]> {
  const { pty, report } = await startApp(folder, 16, 200, 5);
  await pty.until('massgen', 0, 20_000);
  await sleep(2000);
  await pty.stall(STALL_MS);
  const read = await waitForReport(report, 15_000);
  const text = (await pty.screen()).join('\n');
  await pty.kill();
  const missing = read.marks.filter((mark) => !text.includes(mark)).length;
  return [
    {
      name: `event loop held up, terminal stalled for ${STALL_MS / 1000} s`,
      value: Math.max(...read.gaps),
      unit: 'ms',
      limit: 20,
    },
    { name: 'panes without their last token after the stall', value: missing, unit: '', limit: 0 },
  ];
}

/** From a key to its effect on the terminal while tokens stream in: the help is opened, which only it does with corners. */
async function keys(folder: string): Promise<Figure[]> {
  const { pty } = await startApp(folder, 16, 200, 60);
  await pty.until('massgen', 0, 20_000);
  await sleep(1500);
  const delays: number[] = [];
  for (let i = 0; i < KEYS; i++) {
    const from = pty.raw().length;
    const startedAt = performance.now();
    pty.write('?');
    delays.push((await pty.until('╭', from, 3000)) - startedAt);
    await sleep(37);
    pty.write('?');
    // Long enough that the closing is drawn by itself: together with the next opening it would change nothing.
    await sleep(161 + i);
  }
  await pty.kill();
  return [
    { name: 'key to screen under load, p50', value: median(delays), unit: 'ms', limit: 5 },
    { name: 'key to screen under load, p95', value: percentile(delays, 0.95), unit: 'ms', limit: 20 },
  ];
}

async function idle(folder: string): Promise<Figure[]> {
  const { pty } = await startApp(folder, 16, 0, 60);
  await pty.until('massgen', 0, 20_000);
  await sleep(2000);
  const [bytes, cpu] = [pty.bytes(), pty.cpuSeconds()];
  await sleep(SECONDS * 1000);
  const figures: Figure[] = [
    { name: 'idle: bytes written', value: pty.bytes() - bytes, unit: 'B', limit: 0 },
    { name: 'idle: CPU of a core', value: ((pty.cpuSeconds() - cpu) / SECONDS) * 100, unit: '%', limit: 0.5 },
  ];
  await pty.kill();
  return figures;
}

/** The built command with a team of that size on a model server in another process. */
async function openWhole(
  folder: string,
  agents: number,
  rate: number,
  most = Infinity,
): Promise<{ pty: PtyRun; url: string; close: () => Promise<void> }> {
  const server = spawn(process.execPath, [MODEL, String(rate), String(most)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const url = line.toString().trim();
  const cwd = await mkdtemp(join(folder, 'whole-'));
  const team = Array.from(
    { length: agents },
    (_, i) =>
      `  - id: model-${i + 1}\n    backend: { type: chatcompletion, model: bench, api_key: sk-bench-000000000000, base_url: "${url}/v1" }\n`,
  );
  await writeFile(join(cwd, 'team.yaml'), `agents:\n${team.join('')}`);
  const pty = runOnPty([ENTRY, '--config', 'team.yaml', 'A long question'], cwd);
  const close = async (): Promise<void> => {
    await pty.kill();
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return { pty, url, close };
}

async function wholeApp(folder: string, agents: number, limit: number): Promise<Figure> {
  const name = `whole application, ${agents} agents × 200 tokens/s: CPU of a core`;
  const { pty, close } = await openWhole(folder, agents, 200);
  try {
    await sleep(3000);
    const cpu = pty.cpuSeconds();
    const startedAt = performance.now();
    await sleep(SECONDS * 1000);
    const seconds = (performance.now() - startedAt) / 1000;
    return { name, value: ((pty.cpuSeconds() - cpu) / seconds) * 100, unit: '%', limit };
  } catch {
    return { name, value: NaN, unit: '%', limit, note: `it ended: ${(await pty.screen()).join(' ').slice(-200)}` };
  } finally {
    await close();
  }
}

/** A million tokens as fast as the application takes them; measured when it has them all, on the screen and on the disk. */
async function flood(folder: string): Promise<Figure[]> {
  const { pty, url, close } = await openWhole(folder, 16, 0, MILLION);
  try {
    const startedAt = performance.now();
    const isLate = (): boolean => performance.now() - startedAt > FLOOD_LIMIT_MS;
    let sent = 0;
    while (sent < MILLION && !isLate()) {
      await sleep(100);
      sent = Number(await (await fetch(`${url}/sent`)).text());
    }
    await untilCalm(pty, isLate);
    const rssMb = pty.residentMb();
    const note = `after ${sent.toLocaleString('en')} tokens in 16 panes, ${pty.cpuSeconds().toFixed(1)} s of processor time in all`;
    return [{ name: 'whole application: memory', value: rssMb, unit: 'MB', limit: 140, note }];
  } catch {
    return [{ name: 'whole application: memory', value: NaN, unit: 'MB', limit: 140, note: 'it ended' }];
  } finally {
    await close();
  }
}

/** Three quiet moments in a row: on a busy machine one may come by chance. */
async function untilCalm(pty: PtyRun, isLate: () => boolean): Promise<void> {
  const windowMs = 500;
  for (let calm = 0; calm < 3 && !isLate();) {
    const before = pty.cpuSeconds();
    await sleep(windowMs);
    const percent = ((pty.cpuSeconds() - before) / (windowMs / 1000)) * 100;
    calm = percent > CALM_PERCENT ? 0 : calm + 1;
  }
}

/** Another way to draw the same stream. `args` is followed by the path of its report. */
async function compared(name: string, args: readonly string[], folder: string, ours: Streamed): Promise<Figure[]> {
  const cwd = await mkdtemp(join(folder, 'other-'));
  const path = join(cwd, 'report.json');
  // Ink draws nothing but the last picture where it finds CI in the environment.
  const pty = runOnPty([...args, path], cwd, { NODE_ENV: 'production', CI: 'false' });
  const read = await waitForReport(path, (SECONDS + 30) * 1000).catch(() => null);
  await pty.kill();
  if (!read)
    return [{ name: `${name}, 16 × 200`, value: NaN, unit: '%', limit: null, note: 'it did not get to an end' }];
  const taken = read.tokens / read.seconds;
  const costPerToken = read.cpuPercent / taken / (ours.cpuPercent / 3200);
  return [
    { name: `${name}, 16 × 200: CPU of a core`, value: read.cpuPercent, unit: '%', limit: null },
    { name: '… as a multiple of ours', value: read.cpuPercent / ours.cpuPercent, unit: '×', limit: null },
    { name: '… tokens/s taken in, of 3,200', value: taken, unit: '', limit: null },
    { name: '… frame, p50', value: median(read.frameMs), unit: 'ms', limit: null },
    { name: '… CPU per token, as a multiple of ours', value: costPerToken, unit: '×', limit: null },
  ];
}
