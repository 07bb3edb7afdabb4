import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeEvent } from '../../src/events/codec.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { WritableRunLog } from '../../src/runlog/event-log.ts';
import { epochPath, logPath, readFence } from '../../src/runlog/files.ts';
import type { AdoptedRun } from '../../src/runlog/open-run-log.ts';
import { adoptRunLog } from '../../src/runlog/open-run-log.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { cancelled, delta, freshLog, refused, scratchFolder, stillClock } from './fresh-log.ts';

async function adopt(dir: string, attempt?: number): Promise<AdoptedRun> {
  const options = { clock: stillClock(2_000), redact: createRedactor({ secrets: [] }) };
  const run = await adoptRunLog(dir, attempt === undefined ? options : { ...options, attempt });
  onTestFinished(() => run.log.close());
  return run;
}

async function logOf(count: number): Promise<WritableRunLog> {
  const log = await freshLog();
  for (let seq = 1; seq <= count; seq += 1) await log.append(refused(`Grüße ${seq}`)).committed;
  return log;
}

describe('adopting a run', () => {
  test('goes on with the next number, a higher epoch and the same run', async () => {
    const log = await logOf(2);
    await log.close();
    const run = await adopt(log.dir);
    const { event, committed } = run.log.append({ type: 'run.resumed', data: { epoch: run.log.epoch } });
    await committed;
    expect(event).toEqual({
      v: 1,
      seq: 3,
      at: 2_000,
      run: 'run-1',
      attempt: 1,
      epoch: 2,
      type: 'run.resumed',
      data: { epoch: 2 },
    });
    expect(await readAll(log.dir)).toEqual([...run.events, event]);
  });

  test('gives the events that are in the log', async () => {
    const log = await logOf(3);
    expect((await adopt(log.dir)).events).toEqual(await readAll(log.dir));
  });

  test('may begin another attempt', async () => {
    const log = await logOf(1);
    const { log: next } = await adopt(log.dir, 2);
    expect(next.append(cancelled).event.attempt).toBe(2);
  });

  test('raises the epoch each time', async () => {
    const log = await logOf(1);
    const epochs = [
      (await adopt(log.dir)).log.epoch,
      (await adopt(log.dir)).log.epoch,
      (await adopt(log.dir)).log.epoch,
    ];
    expect(epochs).toEqual([2, 3, 4]);
    expect((await readFence(log.dir))?.epoch).toBe(4);
  });

  test.each(['', 'garbage', '1'])('rises above the log where the epoch file holds %j', async (content) => {
    const log = await logOf(1);
    const second = await adopt(log.dir);
    await second.log.append(cancelled).committed;
    await writeFile(epochPath(log.dir), content);
    expect((await adopt(log.dir)).log.epoch).toBe(3);
  });

  test('rises above the log where there is no epoch file', async () => {
    const log = await logOf(1);
    await rm(epochPath(log.dir));
    expect((await adopt(log.dir)).log.epoch).toBe(2);
  });

  test('of an empty log begins at one', async () => {
    const log = await freshLog();
    const run = await adopt(log.dir);
    expect([run.events, run.log.runId, run.log.append(cancelled).event.seq]).toEqual([[], 'run-1', 1]);
  });

  test('never goes back in time', async () => {
    const log = await logOf(1);
    const run = await adoptRunLog(log.dir, { clock: stillClock(1), redact: createRedactor({ secrets: [] }) });
    expect(run.log.append(cancelled).event.at).toBe(1_000);
    await run.log.close();
  });

  test('leaves no scrap and keeps the log for its owner only', async () => {
    const log = await logOf(1);
    await adopt(log.dir);
    expect((await readdir(log.dir)).toSorted()).toEqual(['epoch', 'run.jsonl']);
    expect(((await stat(logPath(log.dir))).mode & 0o777).toString(8)).toBe('600');
  });

  test('of a folder without a log changes nothing there', async () => {
    const dir = await scratchFolder();
    await expect(adopt(dir)).rejects.toMatchObject({ code: 'log-unreadable' });
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('the former writer', () => {
  test('is refused, and what it tries to write is not in the log', async () => {
    const former = await logOf(1);
    const { log: next } = await adopt(former.dir);
    await expect(former.append(cancelled).committed).rejects.toThrow(
      `Another process has taken over this run, so nothing more is written to ${logPath(former.dir)} from here ` +
        '(1 events were). Follow the run where it goes on, or start a new one.',
    );
    await next.append(cancelled).committed;
    expect((await readAll(former.dir)).map(({ seq, epoch }) => [seq, epoch])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('cannot spoil the log with deltas either, which are written without asking', async () => {
    const former = await logOf(1);
    const { log: next } = await adopt(former.dir);
    await former.append(delta('late')).committed.catch(() => undefined);
    await next.append(cancelled).committed;
    expect((await readAll(former.dir)).map(({ type }) => type)).toEqual(['call.refused', 'run.cancelled']);
  });

  test('finds every event that it was promised in the log of the next one', async () => {
    const former = await logOf(1);
    const promised: RunEvent[] = [];
    let isRefused = false;
    const writing = (async () => {
      while (!isRefused) {
        const { event, committed } = former.append(cancelled);
        await committed.then(
          () => promised.push(event),
          () => (isRefused = true),
        );
      }
    })();
    const { log: next, events } = await adopt(former.dir);
    await writing;
    await next.append(cancelled).committed;
    expect(events).toEqual(expect.arrayContaining(promised));
    expect((await readAll(former.dir)).map((event) => event.seq)).toEqual(
      Array.from({ length: events.length + 1 }, (_, index) => index + 1),
    );
  });
});

describe('two adopters', () => {
  test('at once: one has the run and the other is told', async () => {
    const log = await logOf(1);
    const results = await Promise.allSettled([adopt(log.dir), adopt(log.dir)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const winner = results.find((result) => result.status === 'fulfilled')!.value;
    const loser = results.find((result) => result.status === 'rejected')!;
    expect(loser.reason).toMatchObject({ code: 'run-busy', exitCode: 2 });
    await winner.log.append(cancelled).committed;
    expect((await readAll(log.dir)).map((event) => event.seq)).toEqual([1, 2]);
  });

  test('one after the other: the later one has the run', async () => {
    const log = await logOf(1);
    const first = await adopt(log.dir);
    const second = await adopt(log.dir);
    await expect(first.log.append(cancelled).committed).rejects.toMatchObject({ code: 'run-adopted' });
    await second.log.append(cancelled).committed;
    expect((await readAll(log.dir)).map(({ epoch }) => epoch)).toEqual([1, 3]);
  });

  test('one of which died at it: the other goes on', async () => {
    const log = await logOf(1);
    // Numbers of processes end far below this one on every system.
    await writeFile(join(log.dir, 'adopting'), '999999999\n');
    expect((await adopt(log.dir)).log.epoch).toBe(2);
    expect((await readdir(log.dir)).toSorted()).toEqual(['epoch', 'run.jsonl']);
  });
});

describe('a crash', () => {
  test('at any byte of the last line costs that line and nothing else', async () => {
    const log = await logOf(2);
    await log.close();
    const whole = await readFile(logPath(log.dir));
    const [first] = await readAll(log.dir);
    const start = whole.indexOf(10) + 1;
    for (let size = start; size < whole.length; size += 1) {
      await writeFile(logPath(log.dir), whole);
      await truncate(logPath(log.dir), size);
      const run = await adoptRunLog(log.dir, { clock: stillClock(), redact: createRedactor({ secrets: [] }) });
      const { event, committed } = run.log.append(cancelled);
      await committed;
      await run.log.close();
      expect(await readAll(log.dir), `cut at byte ${size}`).toEqual([first, event]);
    }
  });

  test('leaves damage before the end alone, and says where it is', async () => {
    const log = await logOf(1);
    await log.close();
    const content = `${await readFile(logPath(log.dir), 'utf8')}oops\n`;
    await writeFile(logPath(log.dir), content);
    await expect(adopt(log.dir)).rejects.toThrow(/^Line 2 of the run's log .* cannot be used: it is no JSON/);
    expect(await readFile(logPath(log.dir), 'utf8')).toBe(content);
    expect((await readFence(log.dir))?.epoch).toBe(1);
  });
});

test('events of a newer version stay in the file, byte for byte', async () => {
  const log = await logOf(1);
  await log.close();
  const unknown = encodeEvent({
    ...(await readAll(log.dir))[0],
    seq: 2,
    type: 'moon.landed',
    data: { by: 'eagle' },
  } as unknown as RunEvent);
  await appendFile(logPath(log.dir), unknown);
  const run = await adopt(log.dir);
  const { event, committed } = run.log.append(cancelled);
  await committed;
  expect(event.seq).toBe(3);
  expect(await readFile(logPath(log.dir), 'utf8')).toContain(unknown);
  expect((await readAll(log.dir)).map(({ seq }) => seq)).toEqual([1, 3]);
});
