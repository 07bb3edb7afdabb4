import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProjectNotes } from '../../src/workspace/project-notes.ts';

let folder = '';
let outside = '';
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'massgen-notes-'));
  folder = join(outside, 'project');
  await mkdir(folder);
});
afterEach(() => rm(outside, { recursive: true, force: true }));

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

describe('what a folder says about itself', () => {
  it('is nothing where there is no such file, or no such folder', async () => {
    expect(await readProjectNotes(folder)).toBeNull();
    expect(await readProjectNotes(join(folder, 'gone'))).toBeNull();
  });

  it('is not waited for where it is a pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'AGENTS.md')]);
    expect(await readProjectNotes(folder)).toBeNull();
  });

  it('is AGENTS.md', async () => {
    await write('AGENTS.md', '\nUse tabs.\n');
    await write('CLAUDE.md', 'Use spaces.');
    expect(await readProjectNotes(folder)).toEqual({ file: 'AGENTS.md', text: 'Use tabs.' });
  });

  it('is CLAUDE.md where AGENTS.md is absent or empty', async () => {
    await write('AGENTS.md', ' \n');
    await write('CLAUDE.md', 'Use spaces.');
    expect(await readProjectNotes(folder)).toEqual({ file: 'CLAUDE.md', text: 'Use spaces.' });
  });

  it('may be a link inside of the folder', async () => {
    await write('NOTES.md', 'Use tabs.');
    await symlink('NOTES.md', join(folder, 'AGENTS.md'));
    expect(await readProjectNotes(folder)).toEqual({ file: 'AGENTS.md', text: 'Use tabs.' });
  });

  it('is not what a link brings in from elsewhere', async () => {
    await writeFile(join(outside, 'secret.txt'), 'hunter2');
    await symlink('../secret.txt', join(folder, 'AGENTS.md'));
    expect(await readProjectNotes(folder)).toBeNull();
  });

  it('is cut when it is long, not within a character', async () => {
    await write('AGENTS.md', 'ö'.repeat(7_999) + 'x' + 'ö'.repeat(100));
    expect(await readProjectNotes(folder)).toEqual({
      file: 'AGENTS.md',
      text: `${'ö'.repeat(7_999)}x\n[cut after 16000 bytes]`,
    });
  });

  it('is nothing for a folder of that name and for what is no text', async () => {
    await mkdir(join(folder, 'AGENTS.md'));
    await write('CLAUDE.md', 'a\0b');
    expect(await readProjectNotes(folder)).toBeNull();
  });
});
