import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { syncFolder, writeFileAtomic } from '../../src/platform/atomic-file.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'massgen-atomic-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test('a file is written, and replaced as a whole', async () => {
  const path = join(await folder(), 'file');
  await writeFileAtomic(path, 'a long first content');
  await writeFileAtomic(path, 'short', { fsync: true });
  expect(await readFile(path, 'utf8')).toBe('short');
});

test('bytes stay bytes', async () => {
  const path = join(await folder(), 'file');
  await writeFileAtomic(path, Uint8Array.of(0, 255, 10));
  expect([...(await readFile(path))]).toEqual([0, 255, 10]);
});

test('a file is for its owner only, unless told otherwise', async () => {
  const dir = await folder();
  await writeFileAtomic(join(dir, 'secret'), '');
  await writeFileAtomic(join(dir, 'public'), '', { mode: 0o644 });
  expect([await modeOf(join(dir, 'secret')), await modeOf(join(dir, 'public'))]).toEqual(['600', '644']);
});

test('a reader sees one content or the other, never a part', async () => {
  const path = join(await folder(), 'file');
  const contents = ['a', 'b'].map((letter) => letter.repeat(100_000));
  await writeFileAtomic(path, contents[0]!);
  let isOver = false;
  const reading = (async () => {
    while (!isOver) expect(contents).toContain(await readFile(path, 'utf8'));
  })();
  for (let round = 0; round < 20; round += 1) await writeFileAtomic(path, contents[round % 2]!);
  isOver = true;
  await reading;
});

test('many writers at once leave one whole content and no scrap', async () => {
  const dir = await folder();
  const path = join(dir, 'file');
  const contents = Array.from({ length: 20 }, (_, index) => `content ${index}`);
  await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await readdir(dir)).toEqual(['file']);
});

test('a failure leaves the old content and no scrap', async () => {
  const dir = await folder();
  await mkdir(join(dir, 'busy'));
  await writeFile(join(dir, 'busy', 'child'), 'old');
  await expect(writeFileAtomic(join(dir, 'busy'), 'new')).rejects.toMatchObject({ syscall: 'rename' });
  expect(await readdir(dir)).toEqual(['busy']);
  expect(await readFile(join(dir, 'busy', 'child'), 'utf8')).toBe('old');
});

test('a missing folder is not made', async () => {
  const path = join(await folder(), 'missing', 'file');
  await expect(writeFileAtomic(path, '')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('syncing a folder that is not there is no failure', async () => {
  await expect(syncFolder(join(await folder(), 'missing'))).resolves.toBeUndefined();
  await expect(syncFolder(await folder())).resolves.toBeUndefined();
});
