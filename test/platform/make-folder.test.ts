import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/platform/make-folder.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'massgen-folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a folder that is made', () => {
  it('is its owner’s only, as all are that were missing above it', async () => {
    await makeFolder(join(root, 'a', 'b'));
    const modes = await Promise.all(['a', 'a/b'].map(async (name) => (await stat(join(root, name))).mode & 0o777));
    expect(modes).toEqual([0o700, 0o700]);
  });

  it('may be there already, also behind a link, or be made by several at once', async () => {
    await symlink(root, join(root, 'link'));
    await makeFolder(join(root, 'link'));
    await Promise.all(Array.from({ length: 10 }, () => makeFolder(join(root, 'link', 'x', 'y'))));
    expect(await readdir(join(root, 'x'))).toEqual(['y']);
  });

  it('is none where a file is, or below one', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(root, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.skipIf(process.platform !== 'linux')('is none in a place of the system that takes none', async () => {
    await expect(makeFolder('/proc/massgen/runs')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
