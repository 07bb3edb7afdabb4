import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSnapshot, readSnapshotFile } from '../../src/workspace/snapshot-files.ts';

let run: string;
let root: string;

beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'massgen-test-'));
  root = join(run, 'snapshots', 'agent1.1');
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(join(root, 'src', 'a.ts'), 'export const a = 1;\n');
  writeFileSync(join(root, 'b.bin'), Buffer.from([1, 0, 2]));
  writeFileSync(join(run, 'secret'), 'not yours');
  symlinkSync(join(run, 'secret'), join(root, 'link'));
  symlinkSync(run, join(root, 'up'));
});
afterEach(() => rmSync(run, { recursive: true, force: true }));

describe('the files of a snapshot', () => {
  it('are listed by path, with links told and not followed', async () => {
    const listing = await listSnapshot(run, 'agent1.1');
    expect(listing?.files.map(({ path, bytes, kind }) => [path, bytes, kind])).toEqual([
      ['b.bin', 3, 'file'],
      ['link', 0, 'link'],
      ['src/a.ts', 20, 'file'],
      ['up', 0, 'link'],
    ]);
    expect(await listSnapshot(run, 'agent2.1')).toBeNull();
  });

  it('have equal hashes where they are equal', async () => {
    mkdirSync(join(run, 'snapshots', 'agent1.2'));
    writeFileSync(join(run, 'snapshots', 'agent1.2', 'same'), 'export const a = 1;\n');
    const [first, second] = await Promise.all([listSnapshot(run, 'agent1.1'), listSnapshot(run, 'agent1.2')]);
    expect(second?.files[0]?.hash).toBe(first?.files[2]?.hash);
  });

  it('are read as text, and binary ones are told', async () => {
    expect(await readSnapshotFile(run, 'agent1.1', 'src/a.ts')).toEqual({
      kind: 'text',
      text: 'export const a = 1;\n',
      isCut: false,
    });
    expect(await readSnapshotFile(run, 'agent1.1', 'b.bin')).toEqual({ kind: 'binary', bytes: 3 });
  });

  it('of any length are read in part', async () => {
    writeFileSync(join(root, 'long'), 'é'.repeat(300_001));
    const read = await readSnapshotFile(run, 'agent1.1', 'long');
    expect([read.kind, read.kind === 'text' && read.isCut]).toEqual(['text', true]);
  });

  it.each(['link', 'up/secret', '../../secret', 'nothing', 'src'])('are not read through %s', async (path) => {
    const read = await readSnapshotFile(run, 'agent1.1', path).catch((error: unknown) => error);
    expect(JSON.stringify(read)).not.toContain('not yours');
    expect(read).not.toMatchObject({ kind: 'text' });
  });
});
