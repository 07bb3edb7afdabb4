import { execFileSync, spawnSync } from 'node:child_process';
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
