import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  checkInputs,
  inputsOf,
  keepInputs,
  loadInput,
  mentionedFiles,
  type WantedFile,
} from '../../src/engine/input-files.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'massgen-inputs-'));
});
afterEach(async () => rm(cwd, { recursive: true, force: true }));

const wanted = (path: string, more: Partial<WantedFile> = {}): WantedFile => ({
  path,
  agents: null,
  maxMediaBytes: 1_000,
  ...more,
});
const put = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(cwd, name), content);

describe('files that go along', () => {
  test('are what their first bytes say, and are copied under names of ours', async () => {
    await put('a photo.jpg', PNG);
    await put('paper', '%PDF-1.7 …');
    await put('notes.md', 'Grüße');
    await put('song.mp3', Buffer.from([0xff, 0xfb, 0]));
    const files = await checkInputs(
      ['a photo.jpg', 'paper', 'notes.md', 'song.mp3'].map((path) => wanted(path)),
      cwd,
    );
    const runDir = join(cwd, 'run');
    await mkdir(runDir);
    const kept = await keepInputs(files, runDir);
    expect(kept).toEqual([
      { name: 'a photo.jpg', mediaType: 'image/png', bytes: 10, path: 'inputs/1.jpg' },
      { name: 'paper', mediaType: 'application/pdf', bytes: 12, path: 'inputs/2' },
      { name: 'notes.md', mediaType: 'text/plain', bytes: 7, path: 'inputs/3.md' },
      { name: 'song.mp3', mediaType: 'audio/mpeg', bytes: 3, path: 'inputs/4.mp3' },
    ]);
    expect(await readFile(join(runDir, 'inputs/1.jpg'))).toEqual(PNG);
  });

  test('go to the agents that they are for', async () => {
    await put('a.txt', 'a');
    await put('b.txt', 'b');
    const inputs = await keepInputs(
      await checkInputs([wanted('a.txt', { agents: ['one'] }), wanted('b.txt')], cwd),
      cwd,
    );
    const names = async (agent: string): Promise<string[]> =>
      (await Promise.all(inputsOf(inputs, agent).map((input) => loadInput(input, cwd)))).map(
        ({ name, base64 }) => `${name} ${base64}`,
      );
    expect([await names('one'), await names('two')]).toEqual([['a.txt YQ==', 'b.txt Yg=='], ['b.txt Yg==']]);
  });

  test('may be of any kind and size where the provider searches them, and are only named where it does not', async () => {
    await put('sheet.xlsx', Buffer.from([0, 1, 2]));
    const [input] = await keepInputs(await checkInputs([wanted('sheet.xlsx', { isSearched: true })], cwd), cwd);
    expect(input).toMatchObject({ mediaType: 'application/octet-stream', isSearched: true });
    expect(await loadInput(input!, cwd)).toEqual({
      name: 'sheet.xlsx',
      mediaType: 'application/octet-stream',
      base64: '',
    });
  });

  test.each([
    ['absent.png', 'it does not exist, or cannot be read'],
    ['folder', 'it is no file'],
    ['data.bin', 'it is no picture, PDF, sound, video or text'],
    ['large.png', 'it has 0.0 MB, more than 0.0 MB'],
    ['long.txt', 'it has 0.6 MB, more than 0.5 MB'],
    ['https://example.org/a.png', 'only files on this machine can; save it first'],
  ])('%s is refused, since %s', async (path, why) => {
    await mkdir(join(cwd, 'folder'));
    await put('data.bin', Buffer.from([0, 1, 2]));
    await put('large.png', Buffer.concat([PNG, Buffer.alloc(2_000)]));
    await put('long.txt', 'x'.repeat(600 * 1024));
    await expect(checkInputs([wanted(path)], cwd)).rejects.toThrow(
      `The file ${path} cannot go along with the question: ${why}.`,
    );
  });
});

describe('files that a question names', () => {
  test('are those that are there', async () => {
    await put('a.png', PNG);
    await put('my notes.md', 'x');
    await symlink(join(cwd, 'a.png'), join(cwd, 'link.png'));
    const question = 'What is on @a.png, @link.png and @"my notes.md"? Ask @agent1 or me@a.png, @a.png.';
    expect((await mentionedFiles(question, cwd)).map(({ path }) => path)).toEqual(['a.png', 'link.png', 'my notes.md']);
  });

  test('are none where nothing of that name is there', async () => {
    await mkdir(join(cwd, 'src'));
    expect(await mentionedFiles('@src @nobody @ @"" mail a@b.c', cwd)).toEqual([]);
  });
});
