import { mkdir, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import type { CallingTurn } from '../../../src/tools/tool.ts';
import { testDesk, type TestDesk } from './agent-desk.ts';

const ATTACKS = 12_000;
const BATCH = 20;
const CANARY = 'canary-7f3a';

/** Everything that must neither be told nor changed, by path. */
async function treeOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    found[path] = entry.isFile() ? await readFile(path, 'utf8') : entry.isSymbolicLink() ? 'link' : 'folder';
  }
  return found;
}

/**
 * A workspace full of traps, beside everything that an agent must not reach: the user's files, another agent's
 * workspace, an answer it has not seen, protected and guarded parts of a context path.
 */
async function trappedDesk(): Promise<TestDesk & { outside: string[] }> {
  const made = await testDesk({
    contexts: async (base) => {
      const project = join(base, 'project');
      await mkdir(join(project, '.git'), { recursive: true });
      await mkdir(join(project, 'kept'));
      await mkdir(join(project, 'Straße'));
      await writeFile(join(project, '.git', 'config'), 'git');
      await writeFile(join(project, '.env'), 'env');
      await writeFile(join(project, 'kept', 'k.txt'), 'kept');
      await writeFile(join(project, 'Straße', 'k.txt'), 'kept');
      return [
        {
          root: project,
          isFile: false,
          permission: 'write',
          protectedPaths: [join(project, 'kept'), join(project, 'Straße')],
        },
      ];
    },
  });
  const { base } = made;
  const home = join(base, 'home');
  const run = join(base, 'runs', 'run');
  const other = join(run, 'workspaces', 'agent2');
  const unseen = join(run, 'snapshots', 'agent2.2');
  for (const folder of [home, other, unseen, join(run, 'snapshots', 'agent2.1')])
    await mkdir(folder, { recursive: true });
  for (const folder of [home, other, unseen]) await writeFile(join(folder, 'secret.txt'), CANARY);
  await writeFile(join(run, 'run.jsonl'), CANARY);
  await writeFile(join(run, 'snapshots', 'agent2.1', 'seen.txt'), 'seen');
  await writeFile(join(base, 'secret.txt'), CANARY);
  await resetTraps(made);
  const project = join(base, 'project');
  return {
    ...made,
    outside: [
      home,
      other,
      join(run, 'snapshots'),
      join(project, '.git'),
      join(project, 'kept'),
      join(project, 'Straße'),
    ],
  };
}

/** Empties the workspace and sets the traps in it. */
async function resetTraps({ base, workspace, put }: TestDesk): Promise<void> {
  for (const name of await readdir(workspace)) await rm(join(workspace, name), { recursive: true, force: true });
  const home = join(base, 'home');
  const run = join(base, 'runs', 'run');
  await mkdir(join(workspace, 'sub'));
  await put('own.txt', 'own');
  const links: [string, string][] = [
    ['out', home],
    ['outfile', join(home, 'secret.txt')],
    ['up', '..'],
    ['root', '/'],
    ['dangling', join(home, 'new.txt')],
    ['danglingdir', join(home, 'newdir')],
    ['loop', 'loop'],
    ['chain', 'sub/next'],
    ['sub/next', '../out'],
    ['other', join(run, 'workspaces', 'agent2')],
    ['git', join(base, 'project', '.git')],
    ['kept', join(base, 'project', 'kept')],
    ['self', '/proc/self/root'],
    ['snap', join(run, 'snapshots', 'agent2.2')],
  ];
  for (const [name, target] of links) await symlink(target, join(workspace, name));
}

const TURNS: CallingTurn[] = [
  { kind: 'draft', view: [] },
  { kind: 'judge', view: ['agent2.1'] },
  { kind: 'present', view: ['agent2.1', 'agent1.1'] },
  // Labels come from the log, but a broken one must not open anything either.
  { kind: 'judge', view: ['..', '../..', '/'] },
];

const TOOLS: [tool: string, args: (path: string, other: string) => JsonObject][] = [
  ['read_file', (path) => ({ path })],
  ['write_file', (path) => ({ path, content: 'attack' })],
  ['edit_file', (path) => ({ path, old_text: 'a', new_text: 'b', replace_all: true })],
  ['list_files', (path) => ({ path })],
  ['list_files', (path) => ({ path, pattern: '**', hidden: true })],
  ['list_files', (path) => ({ pattern: path.slice(0, 900) })],
  ['search_files', (path) => ({ path, text: CANARY })],
  ['delete_file', (path) => ({ path })],
  ['delete_file', (path) => ({ path, recursive: true })],
  ['copy_file', (source, destination) => ({ source, destination })],
  ['move_file', (source, destination) => ({ source, destination })],
  ['diff_files', (old_path, new_path) => ({ old_path, new_path })],
];

function attackPaths(base: string): fc.Arbitrary<string> {
  const names = [
    'out',
    'outfile',
    'up',
    'root',
    'dangling',
    'danglingdir',
    'loop',
    'chain',
    'other',
    'git',
    'kept',
    'self',
  ];
  const step = fc.oneof(
    fc.constantFrom(
      ...names,
      'snap',
      'sub',
      'next',
      'own.txt',
      'secret.txt',
      'k.txt',
      'home',
      'project',
      'run',
      'runs',
    ),
    fc.constantFrom(
      '..',
      '..',
      '.',
      '',
      '...',
      '.. ',
      ' ..',
      '..\\',
      '%2e%2e',
      '%2f',
      '~',
      '$HOME',
      '${HOME}',
      '*',
      'NUL',
    ),
    fc.constantFrom('.git', '.GIT', '.Git', '.g\u200cit', '.git ', '.git.', '.env', '.ENV', 'KEPT', 'Kept', 'kept.'),
    fc.constantFrom(
      'Straße',
      'STRASSE',
      'Strasse',
      'Stra\u00dfe'.normalize('NFD'),
      '\uff0e\uff0e',
      '\u2024\u2024',
      '．．',
    ),
    fc.constantFrom(
      'a\0b',
      '\n',
      '\u001b',
      '\ud800',
      'x'.repeat(300),
      '-rf',
      '--',
      'proc',
      'self',
      'fd',
      'root',
      'etc',
    ),
    fc.string({ maxLength: 6 }),
  );
  const start = fc.constantFrom('', '', '', './', '/', '//', '~/', `${base}/`, `${base}/home/`, `${base}/project/`);
  const deep = fc.constantFrom(
    `${base}/runs/run/workspaces/agent1/`,
    `${base}/runs/run/workspaces/agent1x/`,
    `${base}/runs/run/workspaces/agent2/`,
    `${base}/runs/run/snapshots/`,
    '/proc/self/cwd/',
    '/proc/self/root/',
    '/dev/fd/0',
    'file:///',
  );
  return fc
    .tuple(
      fc.oneof({ weight: 3, arbitrary: start }, { weight: 1, arbitrary: deep }),
      fc.array(step, { minLength: 1, maxLength: 6 }),
    )
    .map(([from, steps]) => from + steps.join('/'));
}

test(`none of ${ATTACKS} generated attacks reads or changes anything outside`, { timeout: 120_000 }, async () => {
  const made = await trappedDesk();
  const { call, base, outside } = made;
  const before = await Promise.all(outside.map(treeOf));
  const topBefore = (await readdir(base)).toSorted();
  const escapes: unknown[] = [];
  let count = 0;
  let refused = 0;
  const attack = fc.tuple(attackPaths(base), attackPaths(base), fc.constantFrom(...TOOLS), fc.constantFrom(...TURNS));
  const attacks = fc.sample(attack, { numRuns: ATTACKS, seed: 20_261_122 });
  for (let from = 0; from < ATTACKS; from += BATCH) {
    const batch = attacks.slice(from, from + BATCH).map(async ([path, other, [tool, args], turn]) => {
      const result = await call(tool, args(path, other), turn);
      count += 1;
      if (result.isError) refused += 1;
      if (result.output.includes(CANARY)) escapes.push({ tool, path, other, turn, result });
    });
    await Promise.all(batch);
    // Traps that attacks removed are put back, and what they made in the workspace goes.
    if (from % (BATCH * 50) === 0) {
      await resetTraps(made);
      const now = await Promise.all(outside.map(treeOf));
      if (!isDeepStrictEqual(now, before)) escapes.push({ from, now });
    }
  }
  expect(escapes).toEqual([]);
  expect(await Promise.all(outside.map(treeOf))).toEqual(before);
  expect(await readFile(join(base, 'secret.txt'), 'utf8')).toBe(CANARY);
  expect(await readFile(join(base, 'runs/run/run.jsonl'), 'utf8')).toBe(CANARY);
  expect((await readdir(base)).toSorted()).toEqual(topBefore);
  expect(count).toBe(ATTACKS);
  // Both happen often, so the attacks neither all fail on their form nor all stay inside.
  expect([refused > ATTACKS / 2, ATTACKS - refused > ATTACKS / 50]).toEqual([true, true]);
});

test('a folder that becomes a link between check and use leads nowhere', { timeout: 60_000 }, async () => {
  const { call, base, workspace } = await trappedDesk();
  const home = join(base, 'home');
  const [real, aside, link] = [join(workspace, 'swap'), join(workspace, 'aside'), join(workspace, 'trap')];
  await mkdir(real);
  await writeFile(join(real, 'secret.txt'), 'harmless');
  await symlink(home, link);
  let isOver = false;
  let swaps = 0;
  const swapping = (async () => {
    while (!isOver) {
      await rename(real, aside);
      // A write may just have made the folder anew; then the link does not take its place this time.
      const isTrapped = await rename(link, real).then(
        () => true,
        () => false,
      );
      if (isTrapped) await rename(real, link);
      await rm(real, { recursive: true, force: true });
      await rename(aside, real);
      if (isTrapped) swaps += 1;
    }
  })();
  const before = await treeOf(home);
  const told: string[] = [];
  // On a busy machine it takes longer until both sides have had their turns often enough.
  for (let i = 0; i < 300 || swaps <= 100; i += 1) {
    const results = await Promise.all([
      call('read_file', { path: 'swap/secret.txt' }),
      call('search_files', { path: 'swap', text: 'c' }),
      call('write_file', { path: `swap/new${i}.txt`, content: 'attack' }),
      call('list_files', { path: 'swap', pattern: '**' }),
      call('delete_file', { path: `swap/new${i}.txt` }),
    ]);
    told.push(...results.map((result) => result.output));
  }
  isOver = true;
  await swapping;
  expect(told.filter((output) => output.includes(CANARY))).toEqual([]);
  expect(await treeOf(home)).toEqual(before);
  expect(swaps).toBeGreaterThan(100);
});

test('a file that becomes a link between check and use is refused', { timeout: 60_000 }, async () => {
  const { call, base, workspace } = await trappedDesk();
  const path = join(workspace, 'flip.txt');
  let isOver = false;
  const flipping = (async () => {
    while (!isOver) {
      await writeFile(`${path}.new`, 'harmless');
      await rename(`${path}.new`, path);
      await symlink(join(base, 'home', 'secret.txt'), `${path}.link`);
      await rename(`${path}.link`, path);
    }
  })();
  const told: string[] = [];
  // On a busy machine it takes longer until the file was met in both of its forms.
  while (told.length < 500 || !told.includes('harmless') || told.every((output) => output === 'harmless')) {
    told.push((await call('read_file', { path: 'flip.txt' })).output);
  }
  isOver = true;
  await flipping;
  await unlink(path);
  expect(told.filter((output) => output.includes(CANARY))).toEqual([]);
});
