import fc from 'fast-check';
import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { applyChanges, type DriftPolicy } from '../../../src/workspace/project/apply-changes.ts';
import {
  changesFolder,
  listJournals,
  readChangeSet,
  writeJournal,
} from '../../../src/workspace/project/change-record.ts';
import { collectChanges, type Collected } from '../../../src/workspace/project/collect-changes.ts';
import { makeCopy } from '../../../src/workspace/project/project.ts';
import { undoChanges } from '../../../src/workspace/project/undo-changes.ts';
import { temporaryFolder } from '../../tools/files/agent-desk.ts';
import { fill, gitIn, open, PATH, pictureOf, repository } from './git-project.ts';

const LABEL = 'agent1.1';

interface Bench {
  root: string;
  copy: string;
  folder: string;
  collect: (protectedPaths?: string[]) => Promise<Collected>;
  apply: (
    paths: string[],
    options?: { drift?: DriftPolicy; hunks?: Record<string, number[]> },
  ) => ReturnType<typeof applyChanges>;
}

async function bench(files: Record<string, string>, mode: 'auto' | 'isolated' = 'auto'): Promise<Bench> {
  const root = await repository(files);
  const { project, runDir, copiesDir } = await open(root, { mode });
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  const folder = changesFolder(runDir, LABEL);
  return {
    root,
    copy,
    folder,
    collect: (protectedPaths = []) =>
      collectChanges({ project, copy, label: LABEL, runDir, protectedPaths, path: PATH }),
    apply: (paths, { drift = 'skip', hunks } = {}) => applyChanges({ folder, paths, drift, ...(hunks && { hunks }) }),
  };
}

const LINES = Array.from({ length: 40 }, (_, i) => `line ${i + 1}\n`).join('');

test('every kind of change is found, counted and told', async () => {
  const { copy, collect } = await bench({
    'mod.txt': 'a\nb\n',
    'del.txt': 'x\n',
    'run.sh': 'echo\n',
    'same.txt': 's',
    'bin.dat': 'a\0b',
  });
  await fill(copy, { 'mod.txt': 'a\nc\nd\n', 'new/deep.txt': 'n\n', 'bin.dat': 'a\0c' });
  await rm(join(copy, 'del.txt'));
  await chmod(join(copy, 'run.sh'), 0o755);
  await symlink('mod.txt', join(copy, 'link'));
  const { set, patch } = await collect();
  const told = set.records.map(({ path, change, added, removed, isBinary, detail }) => ({
    path,
    change,
    added,
    removed,
    isBinary,
    ...(detail !== undefined && { detail }),
  }));
  expect(told).toEqual([
    { path: 'bin.dat', change: 'modified', added: 0, removed: 0, isBinary: true },
    { path: 'del.txt', change: 'deleted', added: 0, removed: 1, isBinary: false },
    { path: 'link', change: 'added', added: 1, removed: 0, isBinary: false, detail: 'a link' },
    { path: 'mod.txt', change: 'modified', added: 2, removed: 1, isBinary: false },
    { path: 'new/deep.txt', change: 'added', added: 1, removed: 0, isBinary: false },
    { path: 'run.sh', change: 'modified', added: 0, removed: 0, isBinary: false, detail: 'executable' },
  ]);
  expect(patch).toBe('changes/agent1.1/changes.patch');
});

test('the patch is one that git applies', async () => {
  const { root, copy, folder, collect } = await bench({ 'mod.txt': LINES, 'del.txt': 'x', 'run.sh': 'echo\n' });
  await fill(copy, {
    'mod.txt': LINES.replace('line 3\n', 'three\n').replace('line 40\n', 'forty'),
    'new.txt': 'n\nm',
  });
  await rm(join(copy, 'del.txt'));
  await chmod(join(copy, 'run.sh'), 0o755);
  await collect();
  gitIn(root, 'apply', join(folder, 'changes.patch'));
  const { '.git': _, ...wanted } = await pictureOf(copy);
  const after = Object.fromEntries(Object.entries(await pictureOf(root)).filter(([path]) => !path.startsWith('.git')));
  expect(after).toEqual(wanted);
});

test('so it is with links, files that become links, empty files and names with quotes and spaces', async () => {
  const { root, copy, folder, collect } = await bench({
    'to-link': 'text\n',
    'say "hi"': 'a\n',
    'two words': 'a\n',
    'gone.txt': '',
    'empty-to-link': '',
  });
  for (const path of ['to-link', 'gone.txt', 'empty-to-link']) await rm(join(copy, path));
  await symlink('two words', join(copy, 'empty-to-link'));
  await symlink('two words', join(copy, 'to-link'));
  await fill(copy, { 'say "hi"': 'b\n', 'two words': 'b\n', 'back\\slash': 'c\n', 'new.txt': '' });
  await symlink('new.txt', join(copy, 'made'));
  await collect();
  gitIn(root, 'apply', join(folder, 'changes.patch'));
  const { '.git': _, ...wanted } = await pictureOf(copy);
  const after = Object.fromEntries(Object.entries(await pictureOf(root)).filter(([path]) => !path.startsWith('.git')));
  expect(after).toEqual(wanted);
});

const NOISE = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * index * 7) % 251));

test.each(['sha1', 'sha256'])('so it is with binary files of all kinds, in a repository of %s', async (format) => {
  const root = await temporaryFolder();
  gitIn(root, 'init', '-q', `--object-format=${format}`);
  const put = (place: string, files: Record<string, Buffer | string>): Promise<void[]> =>
    Promise.all(Object.entries(files).map(([name, bytes]) => writeFile(join(place, name), bytes)));
  await put(root, {
    'a.bin': NOISE,
    'gone.bin': 'a\0b',
    'full.bin': NOISE,
    'linked.bin': 'a\0b',
    'run.bin': '\0',
    'z.txt': 'a\n',
  });
  gitIn(root, 'add', '.');
  gitIn(root, 'commit', '-qm', 'first');
  const { project, runDir, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  await put(copy, {
    'a.bin': Buffer.concat([NOISE, NOISE.subarray(3)]),
    'new "1".bin': '\0new',
    'full.bin': '',
    'run.bin': '\0\0',
    'z.txt': 'b\n',
  });
  await chmod(join(copy, 'run.bin'), 0o755);
  for (const name of ['gone.bin', 'linked.bin']) await rm(join(copy, name));
  await symlink('z.txt', join(copy, 'linked.bin'));
  await collectChanges({ project, copy, label: LABEL, runDir, protectedPaths: [], path: PATH });
  const patch = join(changesFolder(runDir, LABEL), 'changes.patch');
  const seen = async (place: string): Promise<object> =>
    Object.fromEntries(Object.entries(await pictureOf(place)).filter(([path]) => !path.startsWith('.git')));
  const before = await seen(root);
  gitIn(root, 'apply', patch);
  expect(await seen(root)).toEqual(await seen(copy));
  gitIn(root, 'apply', '--reverse', patch);
  expect(await seen(root)).toEqual(before);
  expect((await readFile(patch, 'utf8')).indexOf('+b')).toBeLessThan(
    (await readFile(patch, 'utf8')).indexOf('GIT binary'),
  );
});

test('of binary files that are too large for a patch it says only that they differ', async () => {
  const { copy, folder, collect } = await bench({ 'a.txt': 'a\n' });
  await writeFile(join(copy, 'large.bin'), Buffer.alloc(33 * 1024 * 1024));
  await collect();
  expect(await readFile(join(folder, 'changes.patch'), 'utf8')).toBe(
    'diff --git a/large.bin b/large.bin\nnew file mode 100644\nBinary files /dev/null and b/large.bin differ\n',
  );
});

test('where a link leads is told, and a link has no parts that could be left out', async () => {
  const { root, copy, collect, apply } = await bench({ 'a.txt': 'a\n', 'to-link': 'text\n' });
  await rm(join(copy, 'to-link'));
  await symlink('a.txt', join(copy, 'to-link'));
  const { set } = await collect();
  expect(set.records.map(({ path, detail, parts }) => [path, detail, parts.flatMap(({ lines }) => lines)])).toEqual([
    ['to-link', 'becomes a link', ['-text', '+a.txt', '\\ No newline at end of file']],
  ]);
  expect(await apply(['to-link'], { hunks: { 'to-link': [] } })).toMatchObject({ paths: ['to-link'], conflicts: [] });
  expect(await readlink(join(root, 'to-link'))).toBe('a.txt');
});

test('applying and undoing bring everything back, byte for byte, with modes, folders and deleted files', async () => {
  const { root, copy, collect, apply, folder } = await bench({
    'mod.txt': 'a\r\nb',
    'd/e/del.txt': 'x',
    'run.sh': 'echo\n',
    swap: 's',
    'dir/x': 'y',
  });
  await chmod(join(root, 'mod.txt'), 0o640);
  await chmod(join(root, 'd/e'), 0o700);
  const before = await pictureOf(root);
  await fill(copy, { 'mod.txt': 'c', 'new/deep/n.txt': 'n' });
  await chmod(join(copy, 'run.sh'), 0o755);
  await rm(join(copy, 'd'), { recursive: true });
  await rm(join(copy, 'swap'));
  await fill(copy, { 'swap/in.txt': 'in' });
  await rm(join(copy, 'dir'), { recursive: true });
  await writeFile(join(copy, 'dir'), 'now a file');
  const { set } = await collect();
  const paths = set.records.map(({ path }) => path);
  const applied = await apply(paths);
  expect(applied).toEqual({ paths, conflicts: [], backup: 'written-1.json' });
  expect(await readFile(join(root, 'dir'), 'utf8')).toBe('now a file');
  expect(((await lstat(join(root, 'mod.txt'))).mode & 0o777).toString(8)).toBe('640');
  expect(await undoChanges(folder)).toEqual({ paths: [...paths].toSorted(), conflicts: [] });
  expect(await pictureOf(root)).toEqual(before);
  await expect(undoChanges(folder)).rejects.toThrow(/brought back already/);
});

test('a file that the user changed, made or deleted meanwhile is told and never replaced', async () => {
  const { root, copy, collect, apply } = await bench({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c', 'd/x.txt': 'x' });
  await fill(copy, { 'a.txt': 'A', 'b.txt': 'B', 'c.txt': 'C', 'new.txt': 'N', 'd/x.txt': 'X' });
  await collect();
  await fill(root, { 'a.txt': 'mine', 'new.txt': 'mine' });
  await rm(join(root, 'b.txt'));
  const elsewhere = await temporaryFolder();
  await fill(elsewhere, { 'x.txt': 'x' });
  await rm(join(root, 'd'), { recursive: true });
  await symlink(elsewhere, join(root, 'd'));
  const { paths, conflicts } = await apply(['a.txt', 'b.txt', 'c.txt', 'new.txt', 'd/x.txt']);
  expect(paths).toEqual(['c.txt']);
  expect(conflicts.map(({ path }) => path)).toEqual(['a.txt', 'b.txt', 'd/x.txt', 'new.txt']);
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('mine');
  expect(await readFile(join(elsewhere, 'x.txt'), 'utf8')).toBe('x');
});

test('with `fail` one conflict keeps everything back, with `prefer_presenter` none counts and undo knows what was there', async () => {
  const { root, copy, collect, apply, folder } = await bench({ 'a.txt': 'a', 'b.txt': 'b' });
  await fill(copy, { 'a.txt': 'A', 'b.txt': 'B' });
  await collect();
  await fill(root, { 'a.txt': 'mine' });
  expect((await apply(['a.txt', 'b.txt'], { drift: 'fail' })).paths).toEqual([]);
  expect(await readFile(join(root, 'b.txt'), 'utf8')).toBe('b');
  expect((await apply(['a.txt', 'b.txt'], { drift: 'prefer_presenter' })).paths).toEqual(['a.txt', 'b.txt']);
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('A');
  await undoChanges(folder);
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('mine');
});

test('single parts of a file are accepted; the rest can follow later, and undo takes both back', async () => {
  const { root, copy, collect, apply, folder } = await bench({ 'a.txt': LINES });
  await fill(copy, { 'a.txt': LINES.replace('line 3\n', 'three\n').replace('line 30\n', 'thirty\n') });
  const { set } = await collect();
  expect(set.records[0]?.hunks).toBe(2);
  await apply(['a.txt'], { hunks: { 'a.txt': [1] } });
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe(LINES.replace('line 30\n', 'thirty\n'));
  await undoChanges(folder);
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe(LINES);
});

test.each([[[]], [['a.txt', 'b.txt', 'c.txt', 'n/d.txt']]])(
  'a crash in the middle of writing is made good by undo, also after applying %j again',
  async (again) => {
    const { root, copy, collect, apply, folder } = await bench({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
    const before = await pictureOf(root);
    await fill(copy, { 'a.txt': 'A', 'b.txt': 'B', 'n/d.txt': 'D' });
    await rm(join(copy, 'c.txt'));
    await collect();
    await apply(['a.txt', 'b.txt', 'c.txt', 'n/d.txt']);
    const whole = await pictureOf(root);
    // As if only two of them had been written.
    const [written] = await listJournals(folder);
    await writeJournal(folder, 'written-1.json', {
      ...(written as NonNullable<typeof written>).journal,
      state: 'begun',
    });
    await fill(root, { 'b.txt': 'b', 'c.txt': 'c' });
    const half = await pictureOf(root);
    await apply(again);
    expect(await pictureOf(root)).toEqual(again.length > 0 ? whole : half);
    await undoChanges(folder);
    expect(await pictureOf(root)).toEqual(before);
  },
);

test('undo leaves alone what was changed since, tells it, and takes it back once it is as it was written', async () => {
  const { root, copy, collect, apply, folder } = await bench({ 'a.txt': 'a', 'b.txt': 'b' });
  await fill(copy, { 'a.txt': 'A', 'b.txt': 'B' });
  await collect();
  await apply(['a.txt', 'b.txt']);
  await fill(root, { 'a.txt': 'my own' });
  const conflicts = [{ path: 'a.txt', reason: 'it has changed since it was written' }];
  expect(await undoChanges(folder)).toEqual({ paths: ['b.txt'], conflicts });
  expect([await readFile(join(root, 'a.txt'), 'utf8'), await readFile(join(root, 'b.txt'), 'utf8')]).toEqual([
    'my own',
    'b',
  ]);
  await fill(root, { 'a.txt': 'A' });
  expect(await undoChanges(folder)).toEqual({ paths: ['a.txt'], conflicts: [] });
});

test('protected paths, ignored files, secrets and the names of tools are not proposed', async () => {
  const { root, copy, collect } = await bench({ 'keep/a.txt': 'a', 'x.txt': 'x', '.gitignore': 'dist/\n' });
  await fill(copy, {
    'keep/a.txt': 'A',
    'dist/out.js': 'o',
    '.env': 'KEY',
    'sub/.git/hooks/x': 'evil',
    'node_modules/a/i.js': 'i',
    'x.txt': 'X',
  });
  const { set, problems } = await collect([join(root, 'keep')]);
  expect(set.records.map(({ path }) => path)).toEqual(['x.txt']);
  expect(problems).toEqual([
    'Protected paths of the copy are not proposed: "keep/a.txt".',
    'Names that are never written to a user’s folder of the copy are not proposed: ".env".',
  ]);
});

test('what was kept cannot be exchanged: a damaged blob or a changed manifest writes nothing outside', async () => {
  const { copy, collect, apply, folder, root } = await bench({ 'a.txt': 'a' });
  await fill(copy, { 'a.txt': 'A' });
  const { set } = await collect();
  const [record] = set.records;
  for (const path of ['../evil.txt', '/tmp/evil.txt', '.git/hooks/pre-commit', 'a/../../x', '.GIT/config', 'x\ny']) {
    await writeFile(
      join(folder, 'changes.json'),
      JSON.stringify({ ...set, records: [{ ...record, path, before: null, change: 'added' }] }),
    );
    const { paths, conflicts } = await apply([path]);
    expect([paths, conflicts.length]).toEqual([[], 1]);
  }
  await writeFile(join(folder, 'changes.json'), JSON.stringify(set));
  const hash = record?.after?.hash ?? '';
  await rm(join(folder, 'blobs', hash));
  await writeFile(join(folder, 'blobs', hash), 'evil');
  await expect(apply(['a.txt'])).rejects.toThrow(/damaged/);
  expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('a');
  expect((await readChangeSet(folder)).label).toBe(LABEL);
});

const NAMES = fc.constantFrom('a', 'b', 'c/d', 'c/e/f', 'g.sh');
const CONTENT = fc.oneof(fc.string(), fc.constantFrom('x\n', 'x\r\ny', 'a\0b', LINES, ''));
const TREE = fc.dictionary(NAMES, CONTENT, { maxKeys: 5 });

test('any two trees: apply makes the one of the other, undo makes it back', async () => {
  await fc.assert(
    fc.asyncProperty(TREE, TREE, async (old, now) => {
      const { root, copy, collect, apply, folder } = await bench({ ...old, 'z.txt': 'z' }, 'isolated');
      const before = await pictureOf(root);
      for (const path of Object.keys(old))
        await rm(join(copy, path.split('/')[0] ?? ''), { recursive: true, force: true });
      await fill(copy, now);
      const paths = (await collect()).set.records.map(({ path }) => path);
      const applied = await apply(paths);
      const isGit = ([path]: [string, string]): boolean => path === '.git' || path.startsWith('.git/');
      const files = (picture: Record<string, string>): object =>
        Object.fromEntries(Object.entries(picture).filter((entry) => !isGit(entry)));
      expect(applied.conflicts).toEqual([]);
      expect(files(await pictureOf(root))).toEqual(files(await pictureOf(copy)));
      if (paths.length > 0) await undoChanges(folder);
      expect(await pictureOf(root)).toEqual(before);
    }),
    { numRuns: 12 },
  );
}, 60_000);

test('links that appear on the way, wherever they lead, let nothing out: 200 attacks', async () => {
  const outside = await temporaryFolder();
  await fill(outside, { 'a.txt': 'a', 'sub/a.txt': 'a' });
  const safe = await pictureOf(outside);
  const attack = fc.record({
    at: fc.constantFrom('d', 'd/e', 'd/e/a.txt', 'new', 'n.txt'),
    to: fc.constantFrom('', 'sub', 'a.txt', 'sub/a.txt', 'missing'),
    drift: fc.constantFrom<DriftPolicy>('skip', 'prefer_presenter', 'fail'),
  });
  const base = await bench({ 'd/e/a.txt': 'a', 'x.txt': 'x' });
  await fill(base.copy, { 'd/e/a.txt': 'evil', 'new/n.txt': 'evil', 'n.txt': 'evil' });
  await rm(join(base.copy, 'x.txt'));
  const paths = (await base.collect()).set.records.map(({ path }) => path);
  const start = await pictureOf(base.root);
  await fc.assert(
    fc.asyncProperty(attack, async ({ at, to, drift }) => {
      await rm(join(base.root, at), { recursive: true, force: true });
      await mkdir(dirname(join(base.root, at)), { recursive: true });
      await symlink(join(outside, to), join(base.root, at));
      await base.apply(paths, { drift });
      expect(await pictureOf(outside)).toEqual(safe);
      await undoChanges(base.folder).catch(() => undefined);
      expect(await pictureOf(outside)).toEqual(safe);
      await rm(join(base.root, at), { recursive: true, force: true });
      await rm(join(base.root, 'new'), { recursive: true, force: true });
      await rm(join(base.root, 'n.txt'), { force: true });
      await fill(base.root, { 'd/e/a.txt': 'a', 'x.txt': 'x' });
    }),
    { numRuns: 200 },
  );
  expect(Object.keys(await pictureOf(base.root))).toEqual(Object.keys(start));
}, 60_000);

test('a file is written whole, whatever it is called', async () => {
  const { root, copy, collect, apply } = await bench({ constructor: 'a\n' });
  await fill(copy, { constructor: 'b\n' });
  await collect();
  expect(await apply(['constructor'])).toMatchObject({ paths: ['constructor'], conflicts: [] });
  expect(await readFile(join(root, 'constructor'), 'utf8')).toBe('b\n');
});
