import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ResultsFile } from '../../../src/evaluation/trials/results-file.ts';
import type { TrialRecord } from '../../../src/evaluation/trials/trial-record.ts';
import type { RedisServer } from './redis-server.ts';

const ENTRY = fileURLToPath(new URL('../../../src/massgen.js', import.meta.url));
const LEASE_SECONDS = 2;

export interface ChaosReport {
  /** Lines of the results files, in the order of the trials. */
  undisturbed: TrialRecord[];
  disturbed: TrialRecord[];
  /** Lines in the file of the disturbed run, doubles included. */
  lines: number;
  /** Runs below the folder of each trial that have a log. */
  runsPerTrial: number[];
  seconds: { undisturbed: number; disturbed: number };
  /** What was done to it, and when: trials done by then. */
  done: string[];
}

/**
 * Runs a suite of scripted teams in one process, and again by two workers of which one is killed and one is stopped for
 * longer than its lease, while Redis is killed and started again. Everything is the real command.
 */
export async function runChaos(redis: RedisServer, cases: number): Promise<ChaosReport> {
  const folder = mkdtempSync(join(tmpdir(), 'massgen-chaos-'));
  const workers: ChildProcess[] = [];
  try {
    writeSuite(folder, cases);
    const startWorker = async (): Promise<ChildProcess> => {
      const options = ['--queue', redis.address, '--lease', String(LEASE_SECONDS), '-j', '2'];
      const worker = command(folder, ['worker', ...options]);
      workers.push(worker);
      await firstLine(worker);
      return worker;
    };
    const begun = performance.now();
    await ended(command(folder, ['eval', 'run', 'suite.yaml', '--out', 'undisturbed', '--json', '-j', '4']));
    const between = performance.now();
    const [killed, stopped] = await Promise.all([startWorker(), startWorker()]);
    const started = performance.now();
    const run = command(folder, [
      'eval',
      'run',
      'suite.yaml',
      '--out',
      'disturbed',
      '--json',
      '-j',
      '8',
      '--queue',
      redis.address,
    ]);
    const total = 2 * cases;
    const done: string[] = [];
    let count = 0;
    const steps: [share: number, name: string, act: () => Promise<unknown>][] = [
      [0.15, 'kill -9 of a worker', () => Promise.resolve(killed.kill('SIGKILL')).then(startWorker)],
      [0.35, 'SIGSTOP of the other', () => Promise.resolve(stopped.kill('SIGSTOP'))],
      [0.6, 'kill -9 and restart of Redis', () => redis.restart()],
      [0.8, 'SIGCONT', () => Promise.resolve(stopped.kill('SIGCONT'))],
    ];
    const acting: Promise<unknown>[] = [];
    if (run.stdout) {
      createInterface(run.stdout).on('line', () => {
        count += 1;
        while (steps[0] && count >= steps[0][0] * total) {
          const [, name, act] = steps.shift()!;
          done.push(`${name} after ${count}`);
          acting.push(act());
        }
      });
    }
    await ended(run);
    await Promise.all(acting);
    const after = performance.now();
    const results = join(folder, 'disturbed', 'results.jsonl');
    const runs = join(folder, 'disturbed', 'runs');
    return {
      undisturbed: byKey(await new ResultsFile(join(folder, 'undisturbed', 'results.jsonl')).read()),
      disturbed: byKey(await new ResultsFile(results).read()),
      lines: readFileSync(results, 'utf8').trim().split('\n').length,
      runsPerTrial: readdirSync(runs).map((trial) => readdirSync(join(runs, trial)).length),
      seconds: { undisturbed: (between - begun) / 1_000, disturbed: (after - started) / 1_000 },
      done,
    };
  } finally {
    await Promise.all(workers.map(kill));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A record without what may differ between two runs of the same trial: names, and the time it took. */
export function essence({ run: _run, dir: _dir, durationMs: _ms, ...rest }: TrialRecord): object {
  return rest;
}

/** A team that votes and an agent alone, each right half of the time. */
function writeSuite(folder: string, cases: number): void {
  // Each takes a time of its own (which passes at once), so that the order of what they do is the same every time.
  const script = (answer: string, delayMs: number): string =>
    [
      `delay_ms: ${delayMs}`,
      'turns:',
      `  - { when: draft, answer: "Answer: ${answer}", usage: { input: 100, output: 10 }, repeat: true }`,
      '  - { when: judge, vote: { for: first, ranking: [first, last] }, usage: { input: 50, output: 5 }, repeat: true }',
      `  - { when: [present, solo], text: "Answer: ${answer}", usage: { input: 100, output: 10 }, repeat: true }`,
    ].join('\n');
  const agent = (id: string): string =>
    `  - { id: ${id}, backend: { type: scripted, model: ${id}, script: ${id}-script.yaml } }`;
  const files = {
    'ann-script.yaml': script('yes', 10),
    'ben-script.yaml': script('no', 25),
    'cid-script.yaml': script('yes', 45),
    'trio.yaml': `agents:\n${['ann', 'ben', 'cid'].map(agent).join('\n')}`,
    'alone.yaml': `agents:\n${agent('ann')}`,
    'cases.jsonl': Array.from({ length: cases }, (_, index) =>
      JSON.stringify({ id: `c${index}`, question: `Is ${index} even?`, expected: index % 2 === 0 ? 'yes' : 'no' }),
    ).join('\n'),
    'suite.yaml': 'teams: [{ config: trio.yaml }, { config: alone.yaml }]\ncases: [{ file: cases.jsonl }]\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function command(cwd: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [ENTRY, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function firstLine(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => child.stderr?.once('data', resolve));
  child.stderr?.resume();
  child.stdout?.resume();
}

async function ended(child: ChildProcess): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  child.stdout?.resume();
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the command ended with ${String(code)}: ${errors}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

function byKey(records: readonly TrialRecord[]): TrialRecord[] {
  return records.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
