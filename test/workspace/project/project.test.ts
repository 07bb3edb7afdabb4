import { chmod, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectChanges } from '../../../src/workspace/project/collect-changes.ts';
import { makeCopy } from '../../../src/workspace/project/project.ts';
import { temporaryFolder } from '../../tools/files/agent-desk.ts';
import { fill, gitIn, open, PATH, pictureOf, repository } from './git-project.ts';

test('a worktree holds committed and uncommitted work, and its own git knows the history', async () => {
  const root = await repository({ 'a.txt': 'one\n', 'gone.txt': 'x', 'lib/b.sh': 'echo\n' });
  await fill(root, { 'a.txt': 'two\r\n', 'new.txt': 'new' });
  await rm(join(root, 'gone.txt'));
  await chmod(join(root, 'lib/b.sh'), 0o755);
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  const { '.git': _, ...files } = await pictureOf(copy);
  expect(files).toEqual({
    'a.txt': 'file 644 two\r\n',
    lib: 'folder 755',
    'lib/b.sh': 'file 755 echo\n',
    'new.txt': 'file 644 new',
  });
  expect(project.mode).toBe('worktree');
  expect(gitIn(copy, 'log', '--format=%s')).toBe('What every copy begins with\nfirst\n');
  expect(gitIn(copy, 'status', '--porcelain')).toBe('');
});

test('nothing in the user’s folder or repository changes: index, HEAD, refs, worktrees, files', async () => {
  const root = await repository({ 'a.txt': 'one\n' });
  await fill(root, { 'a.txt': 'staged\n' });
  gitIn(root, 'add', 'a.txt');
  await fill(root, { 'a.txt': 'not staged\n', 'new.txt': 'new' });
  const before = await pictureOf(root);
  const { project, copiesDir } = await open(root);
  for (const alias of ['agent1', 'agent2']) await makeCopy(project, copiesDir, alias, PATH);
  expect(await pictureOf(root)).toEqual(before);
});

test('no hook, filter or monitor that a repository names is ever run', async () => {
  const root = await repository({ 'a.txt': 'one\n', '.gitattributes': '* filter=evil diff=evil\n' });
  const mark = join(await temporaryFolder(), 'mark');
  const evil = join(await temporaryFolder(), 'evil.sh');
  await writeFile(evil, `#!/bin/sh\ntouch '${mark}'\ncat\n`, { mode: 0o755 });
  for (const key of [
    'core.fsmonitor',
    'filter.evil.clean',
    'filter.evil.smudge',
    'filter.evil.process',
    'diff.evil.command',
    'core.pager',
    'core.sshCommand',
    'core.editor',
  ]) {
    gitIn(root, 'config', key, evil);
  }
  for (const hook of ['post-checkout', 'pre-commit', 'reference-transaction', 'post-index-change', 'post-commit']) {
    await writeFile(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
  }
  await fill(root, { 'a.txt': 'changed\n' });
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect([existsSync(mark), await readFile(join(copy, 'a.txt'), 'utf8')]).toEqual([false, 'changed\n']);
});

test('what git ignores, and files with secrets, stay out; copy_files brings what it names', async () => {
  const root = await repository({ '.gitignore': 'dist/\n.env\n', 'a.txt': 'a' });
  await fill(root, {
    'dist/x.js': 'x',
    '.env': 'KEY=1',
    '.env.local': 'KEY=2',
    '.env.example': 'KEY=',
    '.massgen/runs/x': 'x',
  });
  const { project, copiesDir } = await open(root, { copyFiles: ['.env'] });
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect((await readdir(copy)).toSorted()).toEqual(['.env', '.env.example', '.git', '.gitignore', 'a.txt']);
  expect(project.problems).toEqual([
    'Files with secrets are copied only when copy_files names them; left out: ".env.local".',
  ]);
});

test.each(['../outside.txt', '/etc/passwd', 'link.txt', 'missing.txt'])('copy_files cannot name %s', async (file) => {
  const root = await repository({ 'a.txt': 'a' });
  await writeFile(join(root, '..', 'outside.txt'), 'secret');
  await symlink('../outside.txt', join(root, 'link.txt'));
  const { project, copiesDir } = await open(root, { copyFiles: [file] });
  await expect(makeCopy(project, copiesDir, 'agent1', PATH)).rejects.toThrow(/copy_files names/);
});

test('another branch can be the base; then work that is not committed is not in it', async () => {
  const root = await repository({ 'a.txt': 'main' });
  gitIn(root, 'checkout', '-q', '-b', 'other');
  await fill(root, { 'a.txt': 'other' });
  gitIn(root, 'commit', '-q', '-am', 'second');
  gitIn(root, 'checkout', '-q', 'main');
  await fill(root, { 'a.txt': 'uncommitted' });
  const { project, copiesDir } = await open(root, { baseBranch: 'other' });
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect(await readFile(join(copy, 'a.txt'), 'utf8')).toBe('other');
  await expect(open(root, { baseBranch: '--upload-pack=x' })).rejects.toThrow(/has no branch, tag or commit/);
});

test('without uncommitted work the copies are what HEAD names', async () => {
  const root = await repository({ 'a.txt': 'main' });
  await fill(root, { 'a.txt': 'uncommitted', 'new.txt': 'new' });
  const { project, copiesDir } = await open(root, { includesUncommitted: false });
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect((await readdir(copy)).toSorted()).toEqual(['.git', 'a.txt']);
  expect(await readFile(join(copy, 'a.txt'), 'utf8')).toBe('main');
});

test('of a clone with a part of the history, that part is told', async () => {
  const root = await repository({ 'a.txt': 'one' });
  await fill(root, { 'a.txt': 'two' });
  gitIn(root, 'commit', '-q', '-a', '-m', 'second');
  const clone = join(await temporaryFolder(), 'clone');
  gitIn(root, 'clone', '-q', '--depth', '1', `file://${root}`, clone);
  const { project, copiesDir } = await open(clone);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect(gitIn(copy, 'log', '--format=%s').trim().split('\n')).toEqual(['What every copy begins with', 'second']);
});

test('a folder inside a repository is copied alone', async () => {
  const root = await repository({ 'a.txt': 'a', 'sub/dir/b.txt': 'b', '.gitignore': '*.log\n' });
  await fill(root, { 'sub/dir/x.log': 'log' });
  for (const options of [{}, { baseBranch: 'main' }]) {
    const { project, copiesDir } = await open(join(root, 'sub/dir'), options);
    const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
    expect((await readdir(copy)).toSorted()).toEqual(['.git', 'b.txt']);
  }
});

test('submodules and repositories inside the repository are told and left out', async () => {
  const inner = await repository({ 'x.txt': 'x' });
  const root = await repository({ 'a.txt': 'a' });
  gitIn(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
  gitIn(root, 'commit', '-q', '-m', 'sub');
  await mkdir(join(root, 'own'));
  gitIn(join(root, 'own'), 'init', '-q');
  await fill(join(root, 'own'), { 'y.txt': 'y' });
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect((await readdir(copy)).toSorted()).toEqual(['.git', '.gitmodules', 'a.txt']);
  expect(project.problems).toEqual([
    'Submodules are left out of the copies: "sub".',
    'Repositories inside the repository are left out of the copies: "own/".',
  ]);
});

test.each([
  ['plain', 'plain'],
  ['line break', 'a\nb'],
  ['quotes', '"q"\'s'],
  ['dashes', '--help'],
  ['spaces', ' x # '],
  ['letters', 'ü-日本'],
])('a repository may have a hostile name: %s', async (_, name) => {
  const root = await repository({ '-rf': 'x', 'a b\n"c"': 'y', ':(top)z': 'z' }, name);
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect((await readdir(copy)).toSorted()).toEqual(['-rf', '.git', ':(top)z', 'a b\n"c"']);
  expect(gitIn(copy, 'log', '--format=%s')).toBe('What every copy begins with\nfirst\n');
});

test('a folder without git is copied, without state and caches', async () => {
  const root = await temporaryFolder();
  await fill(root, { 'a.txt': 'a', 'node_modules/x/i.js': 'x', '.env': 'KEY', 'lib/b.txt': 'b' });
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect([project.mode, await pictureOf(copy)]).toEqual([
    'isolated',
    { 'a.txt': 'file 644 a', lib: 'folder 755', 'lib/b.txt': 'file 644 b' },
  ]);
  await expect(open(root, { mode: 'worktree' })).rejects.toThrow(/is in no git repository/);
});

test('a repository without a commit can be worked on', async () => {
  const root = await temporaryFolder();
  gitIn(root, 'init', '-q');
  await fill(root, { 'a.txt': 'a' });
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect((await readdir(copy)).toSorted()).toEqual(['.git', 'a.txt']);
});

test('links that lead out are left out and told', async () => {
  const root = await repository({ 'a.txt': 'a' });
  await symlink('/etc/passwd', join(root, 'out'));
  await symlink('a.txt', join(root, 'in'));
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  expect((await readdir(copy)).toSorted()).toEqual(['.git', 'a.txt', 'in']);
  expect(project.problems).toEqual([
    '1 entries are left out of the copies: links that lead out, what is no ordinary file, what may not be read, and names that are no UTF-8.',
  ]);
});

test.runIf(process.platform === 'linux')(
  'names that are no UTF-8 are left out and told, whatever the base is',
  async () => {
    const root = await repository({ 'a.txt': 'a' });
    await writeFile(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), 'x');
    gitIn(root, 'add', '-A');
    gitIn(root, 'commit', '-q', '-m', 'second');
    const { project } = await open(root);
    expect([await readdir(project.base), project.problems]).toEqual([
      ['a.txt'],
      [
        '1 entries are left out of the copies: links that lead out, what is no ordinary file, what may not be read, and names that are no UTF-8.',
      ],
    ]);
    const { project: other, copiesDir, runDir } = await open(root, { baseBranch: 'main' });
    const { folder: copy } = await makeCopy(other, copiesDir, 'agent1', PATH);
    await writeFile(join(copy, 'b.txt'), 'b');
    const { set } = await collectChanges({
      project: other,
      copy,
      label: 'agent1.1',
      runDir,
      protectedPaths: [],
      path: PATH,
    });
    expect(set.records.map(({ path, change }) => [path, change])).toEqual([['b.txt', 'added']]);
  },
);

test('a folder that is too large is not copied in part', async () => {
  const root = await repository({ 'a.txt': 'a', 'b.txt': 'b' });
  await expect(open(root, { limits: { maxFiles: 1, maxBytes: 100 } })).rejects.toThrow(/too large to be copied/);
});

test('a run that is taken up again finds its copy as the agent left it', async () => {
  const root = await repository({ 'a.txt': 'a' });
  const { project, copiesDir } = await open(root);
  const { folder: copy } = await makeCopy(project, copiesDir, 'agent1', PATH);
  await writeFile(join(copy, 'a.txt'), 'work');
  await makeCopy(project, copiesDir, 'agent1', PATH);
  expect(await readFile(join(copy, 'a.txt'), 'utf8')).toBe('work');
});
