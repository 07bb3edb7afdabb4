import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What a user gets from `npm install`: built, packed, installed into an empty folder, and run there. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NODE = join(ROOT, 'node_modules/.bin/node');
const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

interface Packed {
  filename: string;
  files: { path: string; mode: number }[];
}

let folder = '';
let packed: Packed;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'massgen-tarball-'));
  execFileSync(NODE, ['build.mjs'], { cwd: ROOT, stdio: 'pipe' });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...QUIET];
  const output: unknown = JSON.parse(execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }));
  // npm 11 lists the packages; npm 12 names them.
  packed = Object.values(output as Record<string, Packed>)[0]!;
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const install = ['install', '--ignore-scripts', '--prefer-offline', ...QUIET, join(folder, packed.filename)];
  execFileSync('npm', install, { cwd: folder, stdio: 'pipe' });
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the installed command with no key, no config and no terminal. */
function massgen(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(NODE, [join(folder, 'node_modules/.bin/massgen'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    input: '',
    timeout: 60_000,
    env: { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  return { status, stdout, stderr };
}

describe('the packed tarball', () => {
  it('holds the built program, its themes and the papers, and nothing else', () => {
    const tops = new Set(packed.files.map(({ path }) => path.split('/')[0]!));
    expect([...tops].toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'themes']);
  });

  it('passes on the licences of the packages that are bundled', () => {
    const text = readFileSync(join(folder, 'node_modules/massgen-tui/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(text).toMatch(/^commander \d/m);
  });

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const { status, stdout, stderr } = massgen('--version');
    expect({ status, isVersion: stdout.includes(version), stderr }).toEqual({ status: 0, isVersion: true, stderr: '' });
  });

  it('answers a puzzle with the demo team, without a key', () => {
    const puzzle = 'Make 952 from 25 50 75 100 3 6';
    const { status, stdout, stderr } = massgen('--demo', '--speed', 'max', '--no-display', puzzle);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(lastStep(stdout)).toEqual({ says: 952, is: 952 });
  });
});

describe('the packed tarball, for programs', () => {
  it('runs the demo team for a program, and prints nothing by itself', () => {
    const { status, stdout, stderr } = program(`
      import { run } from '${entry()}';
      const { outcome, finalAnswer } = await run('Make 952 from 25 50 75 100 3 6', { demo: true, env: {} });
      process.stdout.write(JSON.stringify({ outcome, finalAnswer }));`);
    expect({ status, stderr: status === 0 ? stderr : '' }).toEqual({ status: 0, stderr: '' });
    const { outcome, finalAnswer } = JSON.parse(stdout) as { outcome: string; finalAnswer: string };
    expect({ outcome, last: lastStep(finalAnswer) }).toEqual({ outcome: 'answered', last: { says: 952, is: 952 } });
  });

  it('serves teams over HTTP', async () => {
    const child = spawn(NODE, [join(folder, 'node_modules/.bin/massgen'), 'serve', '--port', '0'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, MASSGEN_SERVER_TOKEN: 'token-of-this-test' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = line.toString('utf8').replace(/^Listening on (\S+)\n$/, '$1');
    const response = await fetch(`${url}/models`, { headers: { authorization: 'Bearer token-of-this-test' } });
    const { data } = (await response.json()) as { data: { id: string }[] };
    child.kill('SIGTERM');
    expect([data.map(({ id }) => id), (await ended)[0]]).toEqual([['massgen/demo'], 0]);
  });

  it('gives a strict compiler its types, which lead to no other package', () => {
    writeFileSync(
      join(folder, 'typed.mts'),
      `import { start, buildConfig, validateConfig, type RunResult } from '${entry()}';
       const stream = start('q', { configObject: buildConfig({ models: ['gpt-5', 'claude/x'] }), seed: 1 });
       for await (const event of stream) if (event.type === 'winner.chosen') event.data.label.toUpperCase();
       const result: RunResult = await stream.result;
       export const valid: boolean = (await validateConfig('team.yaml')).isValid;
       export const answer: string | null = result.finalAnswer;
       // @ts-expect-error a question is a text
       start(42);`,
    );
    const settings = ['--module', 'nodenext', '--target', 'es2024', '--strict', '--noEmit', '--lib', 'es2024,dom'];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(NODE, [tsc, ...settings, 'typed.mts'], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});

/** Runs a program beside the installed package, with no key. */
function program(code: string): { status: number | null; stdout: string; stderr: string } {
  writeFileSync(join(folder, 'program.mjs'), code);
  const { status, stdout, stderr } = spawnSync(NODE, ['program.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env.PATH, HOME: folder },
  });
  return { status, stdout, stderr };
}

/** The package by its name, if its manifest says what that means; else the file that it will mean. */
function entry(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports?: unknown };
  return manifest.exports === undefined ? './node_modules/massgen-tui/dist/index.js' : 'massgen-tui';
}

/** The last line of arithmetic in a text, `106 × 9 = 954`: its result as written, and as it is. */
function lastStep(text: string): { says: number; is: number } | null {
  const last = [...text.matchAll(/(\d+) ([+−×÷]) (\d+) = (\d+)/g)].at(-1);
  if (!last) return null;
  const [left, right] = [Number(last[1]), Number(last[3])];
  const results: Record<string, number> = {
    '+': left + right,
    '−': left - right,
    '×': left * right,
    '÷': left / right,
  };
  return { says: Number(last[4]), is: results[last[2]!]! };
}
