import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { clipboardPrograms, copyWithProgram } from '../../src/platform/clipboard.ts';

const names = (
  platform: NodeJS.Platform,
  variables: Record<string, string>,
  isRemote = false,
): (string | undefined)[] => clipboardPrograms({ platform, variables, terminal: { isRemote } }).map(([name]) => name);

describe('clipboardPrograms', () => {
  it('are those of the platform and the display', () => {
    expect([
      names('darwin', {}),
      names('win32', {}),
      names('linux', {}),
      names('linux', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }),
      names('linux', { WSL_DISTRO_NAME: 'Debian' }),
    ]).toEqual([['pbcopy'], ['clip'], [], ['wl-copy', 'xclip', 'xsel'], ['clip.exe']]);
  });

  it('are none over SSH, where the clipboard of the far computer is not meant', () => {
    expect(names('linux', { DISPLAY: ':10' }, true)).toEqual([]);
  });
});

describe('copyWithProgram', () => {
  const keep = 'process.stdin.pipe(require("node:fs").createWriteStream(process.argv[1]))';

  it('gives the text to the first program that takes it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'massgen-clipboard-'));
    const file = join(folder, 'copied');
    const name = await copyWithProgram('日本 text', [
      ['massgen-no-such-program'],
      [process.execPath, '-e', 'process.exit(3)'],
      [process.execPath, '-e', keep, file],
    ]);
    expect([name, readFileSync(file, 'utf8')]).toEqual([process.execPath, '日本 text']);
    rmSync(folder, { recursive: true });
  });

  it('says that none did', async () => {
    expect(await copyWithProgram('x', [['massgen-no-such-program']])).toBe(null);
  });
});
