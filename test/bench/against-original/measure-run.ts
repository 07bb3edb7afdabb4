import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { createEmulator, emulatorText } from '../../screens/emulator.ts';
import { FIRST_MARK, LAST_MARK, startModelServer } from './model-server.ts';
import type { Measured, Side } from './side.ts';

const SIZE = { cols: 120, rows: 40 };
const LIMIT_MS = 120_000;
/** Over, when the answer is there and no request came for so long. */
const QUIET_MS = 1_500;
const LOOK_MS = 25;
/** Clock ticks per second in /proc: fixed at 100 for programs on Linux. */
const TICKS = 100;

/** Asks a team of that many agents one question in a terminal. Rejects when no answer comes in two minutes. */
export async function measureRun(side: Side, agents: number, folder: string): Promise<Measured> {
  const model = await startModelServer();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'team.yaml'), configOf(agents, model.url));
  const terminal = createEmulator(SIZE.cols, SIZE.rows);
  const [program = '', ...first] = side.command;
  const startedAt = performance.now();
  const pty = spawn(program, [...first, '--config', 'team.yaml', 'What is six times seven?'], {
    ...SIZE,
    cwd: folder,
    name: 'xterm-256color',
    env: environmentOf(folder),
  });
  let terminalBytes = 0;
  let isGone = false;
  pty.onExit(() => (isGone = true));
  terminal.onData((data) => {
    if (!isGone) pty.write(data);
  });
  let firstTokenMs = NaN;
  let answer: { ms: number; busyMs: number } | null = null;
  pty.onData((data) => {
    terminalBytes += Buffer.byteLength(data);
    terminal.write(data, () => {
      if (!Number.isNaN(firstTokenMs) && answer) return;
      const ms = performance.now() - startedAt;
      const screen = emulatorText(terminal).join('\n');
      if (Number.isNaN(firstTokenMs) && screen.includes(FIRST_MARK)) firstTokenMs = ms;
      if (!answer && screen.includes(LAST_MARK)) answer = { ms, busyMs: model.figures().busyMs };
    });
  });
  const usage = { cpuSeconds: 0, peakMb: 0 };
  let quietSince = performance.now();
  let requests = 0;
  while (!isGone && performance.now() - startedAt < LIMIT_MS) {
    look(pty.pid, usage);
    if (model.inFlight() > 0 || model.figures().requests !== requests || !answer) quietSince = performance.now();
    requests = model.figures().requests;
    if (answer && performance.now() - quietSince > QUIET_MS) break;
    await sleep(LOOK_MS);
  }
  if (!isGone) pty.kill('SIGKILL');
  const figures = model.figures();
  await model.close();
  const screen = emulatorText(terminal).join('\n').trim();
  terminal.dispose();
  const ended = answer as { ms: number; busyMs: number } | null;
  if (!ended) throw new Error(`${side.name} gave no answer with ${agents} agents. Its screen:\n${screen}`);
  return {
    firstTokenMs,
    answerMs: ended.ms,
    beyondModelMs: ended.ms - ended.busyMs,
    ...usage,
    requests: figures.requests,
    promptBytes: figures.promptBytes,
    terminalBytes,
  };
}

/** A config that both read, in the words of the original. */
function configOf(agents: number, url: string): string {
  const backendOf = (number: number): string => `{ type: chatcompletion, model: bench-${number}, base_url: "${url}" }`;
  const list = Array.from({ length: agents }, (_, i) => `  - { id: a${i + 1}, backend: ${backendOf(i + 1)} }`);
  return ['agents:', ...list, 'ui: { display_type: rich_terminal, logging_enabled: true }', ''].join('\n');
}

function environmentOf(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    OPENAI_API_KEY: 'sk-bench-000000000000',
  };
}

/** Adds up what the process and its children have used so far. */
function look(pid: number, usage: { cpuSeconds: number; peakMb: number }): void {
  let ticks = 0;
  let kb = 0;
  for (const each of [pid, ...childrenOf(pid)]) {
    try {
      const fields = readFileSync(`/proc/${each}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      for (const index of [11, 12, 13, 14]) ticks += Number(fields[index]);
      kb += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  usage.cpuSeconds = Math.max(usage.cpuSeconds, ticks / TICKS);
  usage.peakMb = Math.max(usage.peakMb, kb / 1024);
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
