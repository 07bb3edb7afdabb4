import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyTrouble, saveKeys, withVariable } from '../../src/config/key-file.ts';

const KEY = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019-_.:/+=$#%&*!\\~'.split('')), minLength: 1, maxLength: 40 })
  .filter((key) => keyTrouble(key) === null);

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-keys-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a file of keys', () => {
  it('gives back every key that was put in, and keeps the other lines', () => {
    fc.assert(
      fc.property(KEY, KEY, (first, second) => {
        const text = withVariable(withVariable('# mine\nOTHER=1', 'A_KEY', first), 'A_KEY', second);
        expect([parseEnv(text), text.split('\n').slice(0, 2)]).toEqual([
          { OTHER: '1', A_KEY: second },
          ['# mine', 'OTHER=1'],
        ]);
      }),
    );
  });

  it('replaces the line of a variable in its place, and drops a second one', () => {
    expect(withVariable('export A_KEY="old"\nB=2\nA_KEY=older\n', 'A_KEY', 'new')).toBe('A_KEY=new\nB=2\n');
  });

  it.each([
    ['', 'The key is empty.'],
    ['two words', 'A key has no spaces, line breaks or other special characters in it.'],
    ['a\nB=c', 'A key has no spaces, line breaks or other special characters in it.'],
    ['"quoted"', 'A key has no quotes in it: enter it without them.'],
    ['sk-good', null],
  ])('judges %j', (key, trouble) => {
    expect(keyTrouble(key)).toBe(trouble);
  });

  it('is made for its owner only', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'new', '.env');
      await saveKeys(path, { A_KEY: 'one' });
      const modes = [(await stat(path)).mode & 0o777, (await stat(join(folder, 'new'))).mode & 0o777];
      expect([modes, await readFile(path, 'utf8')]).toEqual([[0o600, 0o700], 'A_KEY=one\n']);
    });
  });

  it('is closed to others if it was open, and stays where a link points', async () => {
    await inFolder(async (folder) => {
      const real = join(folder, 'real.env');
      const link = join(folder, '.env');
      await writeFile(real, 'B=2\n');
      await chmod(real, 0o644);
      await symlink(real, link);
      await saveKeys(link, { A_KEY: 'one' });
      expect([(await stat(real)).mode & 0o777, await readFile(real, 'utf8')]).toEqual([0o600, 'B=2\nA_KEY=one\n']);
    });
  });

  it('says where it could not be written, without the key', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      const error = await saveKeys(join(folder, 'file', '.env'), { A_KEY: 'sk-secret' }).catch(String);
      expect([String(error).includes('sk-secret'), String(error).includes(join(folder, 'file', '.env'))]).toEqual([
        false,
        true,
      ]);
    });
  });
});
