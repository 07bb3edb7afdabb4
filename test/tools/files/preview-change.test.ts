import { expect, test } from 'vitest';
import { fileTools } from '../../../src/tools/files/file-tools.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { testDesk } from './agent-desk.ts';

async function desk() {
  const { desk: made, put, workspace } = await testDesk();
  const context = { signal: new AbortController().signal };
  const preview = async (name: string, args: JsonObject): Promise<string | undefined> =>
    fileTools(made)
      .find(({ spec }) => spec.name === name)
      ?.preview?.(args, context);
  return { preview, put, workspace };
}

const CHANGED = `--- a.txt
+++ a.txt
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
`;

test('a change of a file is shown as what changes in it, by whatever tool', async () => {
  const { preview, put } = await desk();
  await put('a.txt', 'one\ntwo\nthree\n');
  expect(await preview('write_file', { path: 'a.txt', content: 'one\nTWO\nthree\n' })).toBe(CHANGED);
  expect(await preview('edit_file', { path: 'a.txt', old_text: 'two', new_text: 'TWO' })).toBe(CHANGED);
  const edits = [
    { old_text: 'two', new_text: 'Two' },
    { old_text: 'Two', new_text: 'TWO' },
  ];
  expect(await preview('multi_edit', { path: 'a.txt', edits })).toBe(CHANGED);
});

test('a new file and one that goes are shown whole', async () => {
  const { preview, put } = await desk();
  expect(await preview('write_file', { path: 'b.txt', content: 'new\n' })).toBe(
    '--- /dev/null\n+++ b.txt\n@@ -0,0 +1,1 @@\n+new\n',
  );
  await put('c.txt', 'old\n');
  expect(await preview('delete_file', { path: 'c.txt' })).toBe('--- c.txt\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-old\n');
});

test('a copy and a move show what becomes of the place where they go', async () => {
  const { preview, put } = await desk();
  await put('a.txt', 'new\n');
  await put('b.txt', 'old\n');
  const replaced = '--- b.txt\n+++ b.txt\n@@ -1,1 +1,1 @@\n-old\n+new\n';
  expect(await preview('copy_file', { source: 'a.txt', destination: 'b.txt' })).toBe(replaced);
  expect(await preview('move_file', { source: 'a.txt', destination: 'b.txt' })).toBe(
    `rename from a.txt\nrename to b.txt\n${replaced}`,
  );
  expect(await preview('move_file', { source: 'a.txt', destination: 'c.txt' })).toBe(
    'rename from a.txt\nrename to c.txt\n',
  );
});

test('a change of nothing is said to be one', async () => {
  const { preview, put } = await desk();
  await put('a.txt', 'one\n');
  expect(await preview('write_file', { path: 'a.txt', content: 'one\n' })).toBe('a.txt would stay as it is.');
});

test('a long one is cut, and texts with nothing in common are shown one after the other', async () => {
  const { preview, put } = await desk();
  const lines = (word: string): string => Array.from({ length: 5_000 }, (_, index) => `${word} ${index}`).join('\n');
  await put('a.txt', lines('old'));
  const shown = (await preview('write_file', { path: 'a.txt', content: lines('new') })) ?? '';
  expect(shown.slice(0, 40)).toContain('--- a.txt\n+++ a.txt\n+new 0\n+new 1');
  expect(shown.length).toBeLessThan(20_100);
  expect(shown).toContain('more characters]');
});

test('there is none of what cannot be done', async () => {
  const { preview, put } = await desk();
  await put('a.txt', 'one\n');
  await expect(preview('edit_file', { path: 'a.txt', old_text: 'two', new_text: 'x' })).rejects.toThrow(
    'does not occur',
  );
  await expect(preview('write_file', { path: '/etc/passwd', content: 'x' })).rejects.toThrow(/\w/);
});
