import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRun, listRunFolders } from '../../src/sessions/find-run.ts';

let cwd = '';
const IDS = ['20260101-000000-aaaa', '20260102-000000-abcd', '20260102-000000-bbbb'];
const dirOf = (id: string): string => join(cwd, '.massgen', 'runs', id);

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'massgen-find-'));
  for (const id of IDS) {
    await mkdir(dirOf(id), { recursive: true });
    await writeFile(join(dirOf(id), 'run.jsonl'), '');
  }
  await mkdir(join(cwd, '.massgen', 'runs', 'something-else'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('the runs of a folder', () => {
  it('are listed newest first, without what is no run', async () => {
    expect(await listRunFolders(cwd)).toEqual(IDS.toReversed().map(dirOf));
    expect(await listRunFolders(join(cwd, 'nowhere'))).toEqual([]);
  });

  it.each([
    ['its id', '20260101-000000-aaaa', 0],
    ['the beginning of its id', '20260102-000000-a', 1],
    ['latest', 'latest', 2],
    ['the path of its folder', '.massgen/runs/20260101-000000-aaaa', 0],
    ['the path of its log', '.massgen/runs/20260101-000000-aaaa/run.jsonl', 0],
  ])('are found by %s', async (_, word, index) => {
    expect(await findRun(word, cwd)).toBe(dirOf(IDS[index] ?? ''));
  });

  it('are found elsewhere when they are known there', async () => {
    expect(await findRun('20270101-000000-zzzz', cwd, ['/far/20270101-000000-zzzz'])).toBe('/far/20270101-000000-zzzz');
  });

  it('are not guessed', async () => {
    await expect(findRun('20260102', cwd)).rejects.toMatchObject({ message: expect.stringContaining('Several runs') });
    await expect(findRun('nope', cwd)).rejects.toMatchObject({ code: 'no-run', exitCode: 1 });
    await expect(findRun('latest', join(cwd, 'nowhere'))).rejects.toMatchObject({ code: 'no-run' });
  });
});
