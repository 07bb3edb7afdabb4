import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInside } from '../../../src/providers/external/is-inside.ts';

let root = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'massgen-inside-')));
  await mkdir(join(root, 'work', 'deep'), { recursive: true });
  await mkdir(join(root, 'other'));
  await writeFile(join(root, 'work', 'here.txt'), '');
  await symlink(join(root, 'other'), join(root, 'work', 'out'));
  await symlink('../other/new.txt', join(root, 'work', 'dangling'));
  await symlink('deep', join(root, 'work', 'in'));
  await symlink('round', join(root, 'work', 'round'));
  await symlink(join(root, 'work'), join(root, 'alias'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('a path in a folder', () => {
  it.each([
    ['work/here.txt', true],
    ['work/not/there/yet.txt', true],
    ['work', true],
    ['work/in/new.txt', true],
    ['alias/here.txt', true],
    ['work/..named', true],
    ['work/out/new.txt', false],
    ['work/dangling', false],
    ['work/round', false],
    ['work/../other/x', false],
    ['other', false],
    ['workshop/x', false],
  ])('%s: %s', async (path, expected) => {
    expect(await isInside(join(root, path), join(root, 'work'))).toBe(expected);
  });

  it('is absolute', async () => {
    expect(await isInside('here.txt', join(root, 'work'))).toBe(false);
  });
});
