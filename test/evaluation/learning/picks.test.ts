import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PickFile, type Pick } from '../../../src/evaluation/learning/picks.ts';

const pick = (run: string): Pick => ({
  v: 1,
  at: 5,
  run,
  kind: 'sums',
  arm: 'team:a',
  arms: ['team:a', 'team:b'],
  seed: 3,
});

let folder = '';
let file: PickFile;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'massgen-picks-'));
  file = new PickFile(join(folder, 'learning', 'picks.jsonl'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('picks', () => {
  test('are none before the first', async () => expect(await file.read()).toEqual([]));

  test('are kept in the order in which they were made, and only added to', async () => {
    await file.add(pick('one'));
    const before = await readFile(file.path, 'utf8');
    await file.add(pick('two'));
    expect(await file.read()).toEqual([pick('one'), pick('two')]);
    expect((await readFile(file.path, 'utf8')).startsWith(before)).toBe(true);
  });

  test('outlive lines that are cut off or something else', async () => {
    await file.add(pick('one'));
    await appendFile(file.path, `\n{"v":1,"run":"x"}\n[]\nnull\n{"v":1,"at":`);
    await file.add(pick('two'));
    expect(await file.read()).toEqual([pick('one'), pick('two')]);
  });

  test('that cannot be written say where', async () => {
    await appendFile(join(folder, 'learning'), 'a file where the folder would be');
    await expect(file.add(pick('one'))).rejects.toThrow(
      `What was learnt cannot be written to ${file.path}. Is the disk full?`,
    );
  });
});
