import { spawn as spawnProcess } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { startLoopback } from '../support/loopback-server.ts';
import { median, type Figure } from './measure.ts';

const RUNS = 11;
const ENTRY = fileURLToPath(new URL('../../dist/massgen.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The built command, from `exec` to the first picture and to the first model request. Run `npm run build` first. */
export async function benchStartup(folder: string): Promise<Figure[]> {
  const bare: number[] = [];
  const blessed: number[] = [];
  const frame: number[] = [];
  const request: number[] = [];
  let requests = 0;
  // Side by side, so that a busy moment of the machine hits all of them.
  for (let run = -2; run < RUNS; run += 1) {
    const measured = [
      await untilOutput(['-e', '0'], folder, null),
      await untilOutput(['-e', `require(${JSON.stringify(join(ROOT, 'node_modules/neo-blessed'))})`], folder, null),
      await untilOutput([ENTRY, '--demo'], folder, 'massgen'),
    ];
    const headless = await untilRequest(folder);
    requests = headless.requests;
    if (run < 0) continue;
    [bare, blessed, frame].forEach((list, i) => list.push(measured[i] ?? NaN));
    request.push(headless.ms);
  }
  const base = median(blessed);
  return [
    { name: 'node -e 0', value: median(bare), unit: 'ms', limit: null },
    { name: 'node -e "require(\'neo-blessed\')"', value: base, unit: 'ms', limit: null },
    { name: 'built command: first picture', value: median(frame), unit: 'ms', limit: null },
    { name: '… as a multiple of node with neo-blessed loaded', value: median(frame) / base, unit: '×', limit: 2.5 },
    { name: 'built command, headless: first model request', value: median(request), unit: 'ms', limit: 350 },
    { name: 'requests for one question to one agent', value: requests, unit: '', limit: 1 },
  ];
}

/** Milliseconds until a text shows on a terminal, or until the process ends where no text is named. */
function untilOutput(args: string[], cwd: string, text: string | null): Promise<number> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const terminal = spawn(process.execPath, args, {
      cols: 120,
      rows: 40,
      cwd,
      env: { ...process.env, HOME: cwd, CI: '', TERM: 'xterm-256color' } as Record<string, string>,
    });
    let output = '';
    let at: number | null = null;
    terminal.onData((data) => {
      output += data;
      if (text === null || at !== null || !output.includes(text)) return;
      at = performance.now();
      terminal.kill('SIGKILL');
    });
    terminal.onExit(() => resolve((at ?? performance.now()) - startedAt));
  });
}

async function untilRequest(folder: string): Promise<{ ms: number; requests: number }> {
  const server = await startLoopback(() => ({ text: 'Forty-two.' }));
  const cwd = await mkdtemp(join(folder, 'headless-'));
  const agent = `agent:\n  id: only\n  backend: { type: openai, model: gpt-5-mini, api_key: sk-bench-000000000000, base_url: "${server.url}/v1" }\n`;
  await writeFile(join(cwd, 'one.yaml'), agent);
  const startedAt = performance.now();
  const child = spawnProcess(process.execPath, [ENTRY, '--config', 'one.yaml', 'What is six times seven?'], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const failed = ended.then(() => Promise.reject(new Error('the command ended before it asked the model anything')));
  await Promise.race([server.arrived(1), failed]);
  const ms = performance.now() - startedAt;
  await ended;
  await server.close();
  return { ms, requests: server.requests.length };
}
