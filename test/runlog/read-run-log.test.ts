import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeEvent } from '../../src/events/codec.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { logPath } from '../../src/runlog/files.ts';
import { readAll, readRunLog } from '../../src/runlog/read-run-log.ts';
import { refused, scratchFolder } from './fresh-log.ts';

const event = (seq: number, fields: object = {}): RunEvent =>
  ({ v: 1, seq, at: seq, run: 'r', attempt: 1, epoch: 1, ...refused(`Grüße ${seq} 🎉`), ...fields }) as RunEvent;

async function folderWith(content: string | Uint8Array): Promise<string> {
  const dir = await scratchFolder();
  await writeFile(logPath(dir), content);
  return dir;
}

const log = (...events: RunEvent[]): string => events.map(encodeEvent).join('');

test('a last line that is torn at any byte is left out, all before it is read', async () => {
  const whole = Buffer.from(log(event(1), event(2)));
  const first = Buffer.byteLength(log(event(1)));
  for (let size = first; size < whole.length; size += 1) {
    const dir = await folderWith(whole.subarray(0, size));
    expect(await readAll(dir), `cut at byte ${size}`).toEqual([event(1)]);
  }
  expect(await readAll(await folderWith(whole))).toEqual([event(1), event(2)]);
});

test('who reads all of it is told how far it is, a hundred times at most', async () => {
  const shares: number[] = [];
  const dir = await folderWith(log(...Array.from({ length: 500 }, (_, i) => event(i + 1))));
  expect((await readAll(dir, (share) => void shares.push(share))).length).toBe(500);
  expect([
    shares.length > 10 && shares.length <= 100,
    shares.toSorted((a, b) => a - b),
    shares.every((n) => n <= 1),
  ]).toEqual([true, shares, true]);
});

test('an empty log, or one torn in its first line, holds nothing', async () => {
  expect(await readAll(await folderWith(''))).toEqual([]);
  expect(await readAll(await folderWith('{"v":1'))).toEqual([]);
});

test('a tail of zeros, as some disks leave behind, is a torn line', async () => {
  expect(await readAll(await folderWith(`${log(event(1))}\0\0\0\0`))).toEqual([event(1)]);
});

test('events of unknown types are skipped and keep their number', async () => {
  const dir = await folderWith(log(event(1), event(2, { type: 'moon.landed', data: {} }), event(3)));
  expect(await readAll(dir)).toEqual([event(1), event(3)]);
});

test('lines longer than any buffer are read whole', async () => {
  const long = event(1, refused('é'.repeat(400_000)));
  expect(await readAll(await folderWith(log(long, event(2))))).toEqual([long, event(2)]);
});

test('reading may stop early', async () => {
  const dir = await folderWith(log(event(1), event(2)));
  const seen: number[] = [];
  for await (const { seq } of readRunLog(dir)) {
    seen.push(seq);
    break;
  }
  expect(seen).toEqual([1]);
});

test('a log that grows between two readings is read up to where it is', async () => {
  const dir = await folderWith(log(event(1)));
  await appendFile(logPath(dir), log(event(2)));
  expect(await readAll(dir)).toEqual([event(1), event(2)]);
});

describe('damage before the end is named by its line', () => {
  const damages: [string, string | Buffer, string][] = [
    ['garbage', `${log(event(1))}garbage\n${log(event(2))}`, 'Line 2 of .* cannot be used: it is no JSON'],
    ['an empty line', `${log(event(1))}\n${log(event(2))}`, 'Line 2 .*: it is no JSON'],
    ['a gap', log(event(1), event(3)), 'Line 2 .*: it is event 3 where event 2 belongs'],
    ['a repetition', log(event(1), event(1)), 'Line 2 .*: it is event 1 where event 2 belongs'],
    ['a missing beginning', log(event(2)), 'Line 1 .*: it is event 2 where event 1 belongs'],
    ['another run', log(event(1), event(2, { run: 'x' })), 'Line 2 .*: it belongs to another run'],
    [
      'a writer that had lost the run',
      log(event(1, { epoch: 2 }), event(2)),
      'Line 2 .*: it was written by a process that had lost the run',
    ],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 10]), 'Line 1 .*: it is no UTF-8 text'],
    ['a newer envelope', log(event(1, { v: 2 })), 'Line 1 .*: its version is 2, and this program reads version 1'],
  ];
  test.each(damages)('%s', async (_, content, message) => {
    const dir = await folderWith(content);
    const reading = readAll(dir);
    await expect(reading).rejects.toThrow(new RegExp(message));
    await expect(reading).rejects.toMatchObject({ name: 'MassgenError', code: 'log-damaged', exitCode: 2 });
  });

  test('and nothing of the line is in the message', async () => {
    const dir = await folderWith('{"api_key": "sk-very-secret-0123456789"\n');
    await expect(readAll(dir)).rejects.not.toThrow(/sk-very/);
  });
});

test('a folder without a log says so', async () => {
  const dir = join(await scratchFolder(), 'nothing');
  await expect(readAll(dir)).rejects.toThrow(
    `There is no run's log at ${logPath(dir)}. Check the run's id and the folder you are in.`,
  );
});

test('a log that is a folder cannot be read', async () => {
  const dir = await scratchFolder();
  await mkdir(logPath(dir));
  await expect(readAll(dir)).rejects.toMatchObject({ code: 'log-unreadable' });
});
