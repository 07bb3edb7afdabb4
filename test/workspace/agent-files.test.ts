import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentFiles, type Access } from '../../src/workspace/agent-files.ts';
import { resolveContextPaths } from '../../src/workspace/context-paths.ts';
import type { FileUse } from '../../src/workspace/path-policy.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

const NOTHING: Access = { mayWriteContext: false, labels: [] };
const PRESENTER: Access = { mayWriteContext: true, labels: [] };

async function filesOf(options: Partial<Parameters<typeof AgentFiles.create>[0]> = {}): Promise<AgentFiles> {
  return AgentFiles.create({ runDir: await temporaryFolder(), alias: 'agent1', contexts: [], ...options });
}

test('a snapshot holds the files as they were, read-only, with their permission to be run', async () => {
  const files = await filesOf();
  await mkdir(join(files.workspace, 'bin'));
  await writeFile(join(files.workspace, 'bin/run.sh'), 'echo 1');
  await chmod(join(files.workspace, 'bin/run.sh'), 0o755);
  expect(await files.takeSnapshot('agent1.1')).toEqual({ files: 1, bytes: 6, leftOut: 0, problem: null });
  await writeFile(join(files.workspace, 'bin/run.sh'), 'changed');
  const kept = join(files.snapshots, 'agent1.1', 'bin/run.sh');
  expect([await readFile(kept, 'utf8'), (await stat(kept)).mode & 0o777]).toEqual(['echo 1', 0o555]);
});

test('unchanged files of later snapshots are the same files; changed ones are not', async () => {
  const files = await filesOf();
  await writeFile(join(files.workspace, 'same'), 'same');
  await writeFile(join(files.workspace, 'other'), 'one');
  await files.takeSnapshot('agent1.1');
  await writeFile(join(files.workspace, 'other'), 'two');
  await files.takeSnapshot('agent1.2');
  const inode = async (path: string): Promise<number> => (await stat(join(files.snapshots, path))).ino;
  expect(await inode('agent1.1/same')).toBe(await inode('agent1.2/same'));
  expect(await readFile(join(files.snapshots, 'agent1.1/other'), 'utf8')).toBe('one');
  expect(await readFile(join(files.snapshots, 'agent1.2/other'), 'utf8')).toBe('two');
  await writeFile(join(files.workspace, 'same'), 'spoilt');
  expect(await readFile(join(files.snapshots, 'agent1.2/same'), 'utf8')).toBe('same');
});

test('links that lead out are left out, links inside stay links', async () => {
  const files = await filesOf();
  await writeFile(join(files.workspace, 'a'), 'a');
  await symlink('a', join(files.workspace, 'inside'));
  await symlink('/etc/passwd', join(files.workspace, 'absolute'));
  await symlink('../../run.jsonl', join(files.workspace, 'up'));
  const taken = await files.takeSnapshot('agent1.1');
  expect([taken.files, taken.leftOut, taken.problem]).toEqual([1, 2, '2 entries were left out.']);
  expect((await readdir(join(files.snapshots, 'agent1.1'))).toSorted()).toEqual(['a', 'inside']);
});

test('a snapshot has limits, and says what it left out', async () => {
  const files = await filesOf({ limits: { maxFiles: 10, maxBytes: 8 } });
  for (const name of ['a', 'b', 'c']) await writeFile(join(files.workspace, name), '1234');
  expect(await files.takeSnapshot('agent1.1')).toEqual({
    files: 2,
    bytes: 8,
    leftOut: 1,
    problem: '1 entries were left out.',
  });
});

test('where a snapshot has no room for all files, it takes them by name, however large they are', async () => {
  const files = await filesOf({ limits: { maxFiles: 20, maxBytes: Infinity } });
  const names = Array.from({ length: 40 }, (_, index) => `${index + 10}.txt`);
  for (const [index, name] of names.entries()) {
    await writeFile(join(files.workspace, name), 'x'.repeat(index % 8 === 0 ? 2_000_000 : 10));
  }
  expect(await files.takeSnapshot('agent1.1')).toEqual({
    files: 20,
    bytes: 6_000_170,
    leftOut: 20,
    problem: '20 entries were left out.',
  });
  expect((await readdir(join(files.snapshots, 'agent1.1'))).toSorted()).toEqual(names.slice(0, 20));
});

test('a snapshot that was taken for nothing goes, and a new one for the same label takes its place', async () => {
  const files = await filesOf();
  await writeFile(join(files.workspace, 'a'), 'one');
  await files.takeSnapshot('agent1.1');
  await files.dropSnapshot('agent1.1');
  expect(await readdir(files.snapshots)).toEqual([]);
  await files.takeSnapshot('agent1.1');
  await writeFile(join(files.workspace, 'a'), 'two');
  await files.takeSnapshot('agent1.1');
  expect(await readFile(join(files.snapshots, 'agent1.1/a'), 'utf8')).toBe('two');
});

test('a workspace becomes what it was, writable again', async () => {
  const files = await filesOf();
  await writeFile(join(files.workspace, 'a'), 'one');
  await files.takeSnapshot('agent1.1');
  await writeFile(join(files.workspace, 'a'), 'two');
  await mkdir(join(files.workspace, 'more/deep'), { recursive: true });
  expect(await files.restoreSnapshot('agent1.1')).toBeNull();
  expect(await readdir(files.workspace)).toEqual(['a']);
  await writeFile(join(files.workspace, 'a'), 'three');
  expect(await readFile(join(files.snapshots, 'agent1.1/a'), 'utf8')).toBe('one');
});

test('what was never kept cannot be brought back; the workspace stays', async () => {
  const files = await filesOf();
  await writeFile(join(files.workspace, 'a'), 'one');
  expect(await files.restoreSnapshot('agent1.7')).toMatch(/no copy/);
  expect(await readdir(files.workspace)).toEqual(['a']);
});

test('a workspace that is there already stays, as a resumed run needs it', async () => {
  const runDir = await temporaryFolder();
  const first = await AgentFiles.create({ runDir, alias: 'agent1', contexts: [] });
  await writeFile(join(first.workspace, 'a'), 'one');
  const second = await AgentFiles.create({ runDir, alias: 'agent1', contexts: [] });
  expect(await readFile(join(second.workspace, 'a'), 'utf8')).toBe('one');
});

async function withProject(): Promise<{ files: AgentFiles; project: string }> {
  const base = await temporaryFolder();
  const project = join(base, 'project');
  for (const folder of ['src/kept', '.git', '.massgen/runs/run'])
    await mkdir(join(project, folder), { recursive: true });
  for (const file of ['src/a.ts', 'src/kept/k', '.git/config', '.env', 'one.txt', 'two.txt']) {
    await writeFile(join(project, file), file);
  }
  const contexts = await resolveContextPaths(
    [
      { path: project, permission: 'write', protectedPaths: ['src/kept'] },
      { path: join(project, 'one.txt'), permission: 'read', protectedPaths: [] },
    ],
    '/',
    () => undefined,
  );
  const runDir = join(project, '.massgen/runs/run');
  return { files: await AgentFiles.create({ runDir, alias: 'agent1', contexts }), project };
}

test.each<[path: string, use: FileUse, access: Access, isAllowed: boolean]>([
  ['src/a.ts', 'read', NOTHING, true],
  ['src/a.ts', 'write', NOTHING, false],
  ['src/a.ts', 'write', PRESENTER, true],
  ['src/new/b.ts', 'write', PRESENTER, true],
  ['src/a.ts', 'delete', PRESENTER, true],
  ['src', 'delete', PRESENTER, false],
  ['', 'delete', PRESENTER, false],
  ['src/kept/k', 'read', PRESENTER, true],
  ['src/kept/k', 'write', PRESENTER, false],
  ['src/kept/new', 'write', PRESENTER, false],
  ['src/KEPT/new', 'write', PRESENTER, false],
  ['src/kept', 'delete', PRESENTER, false],
  ['.git/config', 'read', PRESENTER, true],
  ['.git/config', 'write', PRESENTER, false],
  ['.GIT/hooks/x', 'write', PRESENTER, false],
  ['src/.git/hooks/x', 'write', PRESENTER, false],
  ['.env', 'write', PRESENTER, false],
  ['one.txt', 'read', NOTHING, true],
  ['one.txt', 'write', PRESENTER, false],
  ['two.txt', 'write', PRESENTER, true],
  ['.massgen/runs/run/run.jsonl', 'read', PRESENTER, false],
  ['.massgen/runs', 'read', PRESENTER, false],
  ['../project2/x', 'read', PRESENTER, false],
])('context path %j, %s, by %j: %s', async (path, use, access, isAllowed) => {
  const { files, project } = await withProject();
  expect('ok' in (await files.locate(join(project, path), use, access))).toBe(isAllowed);
});

test('a single file is granted without its neighbours', async () => {
  const base = await temporaryFolder();
  await writeFile(join(base, 'one.txt'), '1');
  await writeFile(join(base, 'two.txt'), '2');
  const contexts = await resolveContextPaths(
    [{ path: 'one.txt', permission: 'write', protectedPaths: [] }],
    base,
    () => undefined,
  );
  const runDir = join(base, 'runs/run');
  await mkdir(runDir, { recursive: true });
  const files = await AgentFiles.create({ runDir, alias: 'agent1', contexts });
  const allowed = async (path: string, use: FileUse): Promise<boolean> =>
    'ok' in (await files.locate(join(base, path), use, PRESENTER));
  expect([await allowed('one.txt', 'write'), await allowed('two.txt', 'read'), await allowed('.', 'read')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a protected path outside of its place protects nothing, and the user is told', async () => {
  const base = await temporaryFolder();
  const problems: string[] = [];
  const [context] = await resolveContextPaths(
    [{ path: base, permission: 'write', protectedPaths: ['../other', 'in'] }],
    '/',
    (problem) => problems.push(problem),
  );
  expect([context?.protectedPaths, problems.length]).toEqual([[join(base, 'in')], 1]);
});

test('a label cannot lead out of the snapshots', async () => {
  const files = await filesOf();
  const rootsFor = (labels: string[]): string[] =>
    files.grants({ mayWriteContext: true, labels }).map(({ root }) => root);
  const usual = rootsFor([]);
  const added = rootsFor(['..', '../../x', '/', 'a/b']).filter((root) => !usual.includes(root));
  expect(added).toHaveLength(4);
  expect(added.filter((root) => !root.startsWith(`${files.snapshots}/`))).toEqual([]);
});
