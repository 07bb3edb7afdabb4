import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDesk } from './agent-desk.ts';

const ok = (output: string): object => ({ output, isError: false });
const error = (output: string): object => ({ output, isError: true });

test('a file is written, with its folders, and read back', async () => {
  const { call, workspace } = await testDesk();
  expect(await call('write_file', { path: 'a/b/c.txt', content: 'one\ntwo\n' })).toEqual(
    ok('Made a/b/c.txt, 8 bytes.'),
  );
  expect(await call('read_file', { path: 'a/b/c.txt' })).toEqual(ok('one\ntwo'));
  expect(await readFile(join(workspace, 'a/b/c.txt'), 'utf8')).toBe('one\ntwo\n');
});

test('a range of lines is read, and the result says how to go on', async () => {
  const { call, put } = await testDesk();
  await put('long.txt', Array.from({ length: 10 }, (_, i) => `line ${i + 1}\n`).join(''));
  expect(await call('read_file', { path: 'long.txt', offset: 3, limit: 2 })).toEqual(
    ok('line 3\nline 4\n[Lines 3 to 4 of 10. Go on with offset 5.]'),
  );
  expect(await call('read_file', { path: 'long.txt', offset: 11 })).toEqual(error('The file has only 10 lines.'));
});

test('a very long file comes in parts that the model gets whole', async () => {
  const { call, put } = await testDesk();
  await put('long.txt', `${'x'.repeat(99)}\n`.repeat(1_000));
  const { output } = await call('read_file', { path: 'long.txt' });
  expect(output.split('\n').at(-1)).toBe('[Lines 1 to 250 of 1000. Go on with offset 251.]');
});

test('what is no text is not read', async () => {
  const { call, put, workspace } = await testDesk();
  await put('binary', 'a\0b');
  await mkdir(join(workspace, 'folder'));
  expect(await call('read_file', { path: 'binary' })).toEqual(
    error('It is a binary file of 3 bytes; only text can be read.'),
  );
  expect(await call('read_file', { path: 'folder' })).toEqual(error('It is a folder.'));
  expect(await call('read_file', { path: 'nothing' })).toEqual(error('There is no such file or folder.'));
});

test('an edit replaces one exact occurrence', async () => {
  const { call, put } = await testDesk();
  await put('a.txt', 'one two two');
  await call('read_file', { path: 'a.txt' });
  expect(await call('edit_file', { path: 'a.txt', old_text: 'one', new_text: '$& 1' })).toEqual(
    ok('Changed a.txt in 1 place.'),
  );
  expect(await call('edit_file', { path: 'a.txt', old_text: 'two', new_text: '2' })).toEqual(
    error('The old text occurs 2 times. Give more of what is around it, or set replace_all.'),
  );
  expect(await call('edit_file', { path: 'a.txt', old_text: 'two', new_text: '2', replace_all: true })).toEqual(
    ok('Changed a.txt in 2 places.'),
  );
  expect(await call('read_file', { path: 'a.txt' })).toEqual(ok('$& 1 2 2'));
});

test('several edits happen all or not at all', async () => {
  const { call, put } = await testDesk();
  await put('a.txt', 'one two');
  await call('read_file', { path: 'a.txt' });
  const edits = [
    { old_text: 'one', new_text: '1' },
    { old_text: 'three', new_text: '3' },
  ];
  expect(await call('multi_edit', { path: 'a.txt', edits })).toEqual(
    error('Edit 2: the old text does not occur in the file.'),
  );
  expect(await call('read_file', { path: 'a.txt' })).toEqual(ok('one two'));
});

test('an edited file keeps its permission bits', async () => {
  const { call, put, workspace } = await testDesk();
  await put('run.sh', 'echo 1');
  const { chmod } = await import('node:fs/promises');
  await chmod(join(workspace, 'run.sh'), 0o755);
  await call('read_file', { path: 'run.sh' });
  await call('edit_file', { path: 'run.sh', old_text: '1', new_text: '2' });
  expect((await stat(join(workspace, 'run.sh'))).mode & 0o777).toBe(0o755);
});

test('a folder is listed; a pattern finds files below it', async () => {
  const { call, put } = await testDesk();
  for (const path of ['b.ts', 'a/c.ts', 'a/d.md', '.hidden/e.ts', 'node_modules/f.ts']) await put(path, '');
  expect(await call('list_files', {})).toEqual(ok('.hidden/\na/\nb.ts\nnode_modules/'));
  expect(await call('list_files', { pattern: '**/*.ts' })).toEqual(ok('a/c.ts\nb.ts'));
  expect(await call('list_files', { pattern: '**/*.ts', hidden: true })).toEqual(
    ok('.hidden/e.ts\na/c.ts\nb.ts\nnode_modules/f.ts'),
  );
  expect(await call('list_files', { pattern: '*(a*)' })).toMatchObject({ isError: true });
});

test('names cannot break the lines of a list or reach the terminal', async () => {
  const { call, put } = await testDesk();
  await put('a\nb\u001b[31m\u202e', '');
  expect(await call('list_files', {})).toEqual(ok('a\\u000ab\\u001b[31m\\u202e'));
});

test('lines that contain a text are found', async () => {
  const { call, put } = await testDesk();
  await put('a/one.txt', 'x\nNeedle here\n');
  await put('two.txt', 'needle\n');
  await put('bin', 'needle\0');
  expect(await call('search_files', { text: 'needle' })).toEqual(ok('two.txt:1: needle'));
  expect(await call('search_files', { text: 'needle', ignore_case: true })).toEqual(
    ok('a/one.txt:2: Needle here\ntwo.txt:1: needle'),
  );
  expect(await call('search_files', { text: 'needle', ignore_case: true, pattern: 'a/*' })).toEqual(
    ok('a/one.txt:2: Needle here'),
  );
  expect(await call('search_files', { text: '(.*' })).toEqual(ok('No line contains it.'));
});

test('lines that fit a regular expression are found', async () => {
  const { call, put } = await testDesk();
  await put('a.ts', 'const one = 1;\nlet two = 2;\n');
  expect(await call('search_files', { text: '^(const|let) \\w+ = [2-9]', regex: true })).toEqual(
    ok('a.ts:2: let two = 2;'),
  );
  expect(await call('search_files', { text: 'LET', regex: true, ignore_case: true })).toEqual(
    ok('a.ts:2: let two = 2;'),
  );
  expect(await call('search_files', { text: '(', regex: true })).toEqual(
    error('The pattern is no regular expression of JavaScript.'),
  );
});

test('a pattern that would take for ever is stopped, and nobody waits for it', async () => {
  const { call, put, desk } = await testDesk();
  await put('a.txt', `${'a'.repeat(40)}!`);
  const { clock } = desk;
  desk.clock = { ...clock, after: (_, callback) => clock.after(50, callback) };
  expect(await call('search_files', { text: '^(a+)+$', regex: true })).toEqual(
    error('The pattern takes too long. Use a simpler one, without nested repetitions.'),
  );
});

test('a search stops when it has found enough', async () => {
  const { call, put } = await testDesk();
  await put('a/deep/x.txt', 'hit\n'.repeat(500));
  await put('z.txt', 'hit\n');
  const { output } = await call('search_files', { text: 'hit' });
  expect([output.split('\n').length, output.includes('z.txt')]).toEqual([201, false]);
});

test('two files are compared', async () => {
  const { call, put } = await testDesk();
  await put('a.txt', 'one\ntwo\n');
  await put('b.txt', 'one\n2\n');
  const { output } = await call('diff_files', { old_path: 'a.txt', new_path: 'b.txt' });
  expect(output.split('\n').slice(3)).toEqual(['@@ -1,2 +1,2 @@', ' one', '-two', '+2', '']);
  expect(await call('diff_files', { old_path: 'a.txt', new_path: 'a.txt' })).toEqual(ok('The files are the same.'));
});

test('a file is copied and moved, binary ones too', async () => {
  const { call, put, workspace } = await testDesk();
  await put('a', 'x\0y');
  expect(await call('copy_file', { source: 'a', destination: 'd/b' })).toEqual(ok('Copied to d/b, 3 bytes.'));
  expect(await call('move_file', { source: 'd/b', destination: 'c' })).toEqual(ok('Moved to c.'));
  expect(await readFile(join(workspace, 'c'), 'utf8')).toBe('x\0y');
  expect(await call('list_files', { path: 'd' })).toEqual(ok('d is empty.'));
});

test('what may be executed still may be when it was copied or moved', async () => {
  const { call, put, workspace } = await testDesk();
  await put('run.sh', 'echo');
  await chmod(join(workspace, 'run.sh'), 0o555);
  await call('copy_file', { source: 'run.sh', destination: 'b.sh' });
  await call('move_file', { source: 'b.sh', destination: 'c.sh' });
  expect((await stat(join(workspace, 'c.sh'))).mode & 0o777).toBe(0o755);
});

test('what was not read is not overwritten, changed, moved or deleted', async () => {
  const { call, put } = await testDesk();
  await put('a.txt', 'precious');
  const calls = [
    ['write_file', { path: 'a.txt', content: '' }, 'replace'],
    ['edit_file', { path: 'a.txt', old_text: 'precious', new_text: '' }, 'change'],
    ['move_file', { source: 'a.txt', destination: 'b.txt' }, 'move'],
    ['delete_file', { path: 'a.txt' }, 'delete'],
  ] as const;
  for (const [tool, args, what] of calls) {
    expect(await call(tool, args)).toEqual(error(`Read a.txt before you ${what} it.`));
  }
});

test.each([
  ['read_file', { path: 'a.txt' }],
  ['search_files', { text: 'content' }],
  ['diff_files', { old_path: 'a.txt', new_path: 'b.txt' }],
])('%s counts as reading', async (tool, args) => {
  const { call, put } = await testDesk();
  await put('a.txt', 'content');
  await put('b.txt', 'other');
  await call(tool, args);
  expect(await call('delete_file', { path: 'a.txt' })).toEqual(ok('Deleted a.txt.'));
});

test('what the agent made itself it may delete without reading', async () => {
  const { call } = await testDesk();
  await call('write_file', { path: 'a.txt', content: 'x' });
  expect(await call('delete_file', { path: 'a.txt' })).toEqual(ok('Deleted a.txt.'));
});

test('a file that changed since it was read has to be read again', async () => {
  const { call, put } = await testDesk();
  await put('a.txt', 'one');
  await call('read_file', { path: 'a.txt' });
  await put('a.txt', 'one and more');
  expect(await call('write_file', { path: 'a.txt', content: '' })).toEqual(
    error('a.txt has changed since you read it. Read it again.'),
  );
});

test('a folder goes only when every file in it is known; generated files need no reading', async () => {
  const { call, put } = await testDesk();
  for (const name of ['1', '2', '3', '4', '5']) await put(`d/${name}.txt`, name);
  await put('d/__pycache__/x.pyc', '');
  expect(await call('delete_file', { path: 'd' })).toEqual(
    error('It is a folder. Set recursive to delete it with all that is in it.'),
  );
  await call('read_file', { path: 'd/1.txt' });
  expect(await call('delete_file', { path: 'd', recursive: true })).toEqual(
    error('Read every file in it before you delete it. Not read: d/2.txt, d/3.txt, d/4.txt and 1 more.'),
  );
  for (const name of ['2', '3', '4', '5']) await call('read_file', { path: `d/${name}.txt` });
  expect(await call('delete_file', { path: 'd', recursive: true })).toEqual(ok('Deleted d, 6 files.'));
});

test('with enforce_read_before_delete off, nothing has to be read', async () => {
  const { call, put } = await testDesk({ asksForReading: false });
  await put('a.txt', 'x');
  expect(await call('delete_file', { path: 'a.txt' })).toEqual(ok('Deleted a.txt.'));
});

test('deleting a folder deletes the links in it, not what they lead to', async () => {
  const { call, put, workspace, base } = await testDesk();
  await writeFile(join(base, 'outside.txt'), 'stays');
  await mkdir(join(base, 'outside'));
  await writeFile(join(base, 'outside', 'x.txt'), 'stays');
  await put('d/own.txt', '');
  await symlink(join(base, 'outside'), join(workspace, 'd/link'));
  await call('read_file', { path: 'd/own.txt' });
  expect(await call('delete_file', { path: 'd', recursive: true })).toEqual(ok('Deleted d, 2 files.'));
  expect(await readFile(join(base, 'outside', 'x.txt'), 'utf8')).toBe('stays');
});
