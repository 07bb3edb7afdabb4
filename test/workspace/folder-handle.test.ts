import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANCHORING, inFolder, type Anchoring } from '../../src/workspace/folder-handle.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

const ways: Anchoring[] = ANCHORING === 'descriptor' ? ['descriptor', 'path'] : ['path'];

describe.each(ways)('an open folder, by %s', (anchoring) => {
  it('is reached name by name, made where it is missing', async () => {
    const base = await temporaryFolder();
    await inFolder(base, ['a', 'b'], (folder) => writeFile(folder.at('c'), 'x'), { create: true, anchoring });
    expect(await readFile(join(base, 'a/b/c'), 'utf8')).toBe('x');
  });

  it.each([['link'], ['link', 'deeper'], ['deeper', 'link']])(
    'is not reached through a link: %j %j',
    async (...names) => {
      const base = await temporaryFolder();
      const other = await temporaryFolder();
      await mkdir(join(other, 'deeper'));
      await mkdir(join(base, 'deeper'));
      await symlink(other, join(base, 'link'));
      await symlink(other, join(base, 'deeper/link'));
      const reached = inFolder(base, names.filter(Boolean), () => Promise.resolve('reached'), {
        create: true,
        anchoring,
      });
      await expect(reached).rejects.toMatchObject({ code: 'ENOTDIR' });
    },
  );

  it.each(['..', '.', '', 'a/b', 'a\0'])('takes %j for no name', async (name) => {
    const base = await temporaryFolder();
    await expect(inFolder(base, [name], () => Promise.resolve('reached'), { anchoring })).rejects.toThrow(
      /no single name/,
    );
    await expect(inFolder(base, [], (folder) => Promise.resolve(folder.at(name)), { anchoring })).rejects.toThrow(
      /no single name/,
    );
  });

  it('is the same folder, or an error, if a link takes its place meanwhile', async () => {
    const base = await temporaryFolder();
    const other = await temporaryFolder();
    await writeFile(join(other, 'file'), 'secret');
    await mkdir(join(base, 'a'));
    await writeFile(join(base, 'a/file'), 'harmless');
    const result = await inFolder(
      base,
      ['a'],
      async (folder) => {
        await rename(join(base, 'a'), join(base, 'moved'));
        await symlink(other, join(base, 'a'));
        return readFile(folder.at('file'), 'utf8');
      },
      { anchoring },
    ).catch(() => 'error');
    expect(result).toBe(anchoring === 'descriptor' ? 'harmless' : 'error');
  });
});
