import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/events/event.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createRedactor, REDACTED } from '../../src/runlog/redact.ts';
import { everyDraft } from './every-draft.ts';
import { cancelled, delta, freshLog, refused, scratchFolder, stillClock } from './fresh-log.ts';

const redact = createRedactor({ secrets: [] });

test('an event gets its place, its time and its run', async () => {
  const log = await freshLog();
  expect(log.append({ ...cancelled, agent: 'agent2', cause: 7 } as EventDraft).event).toEqual({
    v: 1,
    seq: 1,
    at: 1_000,
    run: 'run-1',
    attempt: 1,
    epoch: 1,
    agent: 'agent2',
    cause: 7,
    type: 'run.cancelled',
    data: { by: 'user' },
  });
});

test('what was appended is what is read, every type of it', async () => {
  const log = await freshLog();
  const written = everyDraft('text\nwith “everything” \u2028 \u0000').map((draft) => log.append(draft));
  await Promise.all(written.map(({ committed }) => committed));
  expect(await readAll(log.dir)).toEqual(written.map(({ event }) => event));
});

test('a decision is in the file when its promise resolves, with all before it', async () => {
  const log = await freshLog();
  log.append(delta('one'));
  log.append(delta('two'));
  await log.append(cancelled).committed;
  expect((await readAll(log.dir)).map((event) => event.seq)).toEqual([1, 2, 3]);
});

test('promises resolve in the order of the events', async () => {
  const log = await freshLog();
  const order: number[] = [];
  const all = [delta('a'), cancelled, delta('b'), refused('c'), delta('d')].map(async (draft) => {
    const { event, committed } = log.append(draft);
    await committed;
    order.push(event.seq);
  });
  await Promise.all(all);
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

test('time never runs backwards in a log', async () => {
  const clock = stillClock(5_000);
  const log = await createRunLog({ runsDir: await scratchFolder(), clock, redact });
  log.append(cancelled);
  clock.set(4_000);
  expect(log.append(cancelled).event.at).toBe(5_000);
  await log.close();
});

test('no secret reaches the file or the caller, in any type of event', async () => {
  const secret = 'a-"very" secret/value';
  const log = await freshLog([secret]);
  const written = everyDraft(`so ${secret}.`).map((draft) => log.append(draft));
  await log.close();
  const file = await readFile(join(log.dir, 'run.jsonl'), 'utf8');
  expect(file).not.toContain('secret/value');
  expect(JSON.stringify(written.map(({ event }) => event))).not.toContain('secret/value');
  expect(file).toContain(REDACTED);
});

test('the folder is for its owner only, and so are its files', async () => {
  const runsDir = join(await scratchFolder(), '.massgen', 'runs');
  const log = await createRunLog({ runsDir, clock: stillClock(), redact });
  await log.close();
  const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(log.dir)).toBe('700');
  expect(await modeOf(runsDir)).toBe('700');
  expect((await readdir(log.dir)).toSorted()).toEqual(['epoch', 'run.jsonl']);
  expect(await modeOf(join(log.dir, 'run.jsonl'))).toBe('600');
  expect(await modeOf(join(log.dir, 'epoch'))).toBe('600');
});

test('a name that is taken is left to whoever has it', async () => {
  const runsDir = await scratchFolder();
  await mkdir(join(runsDir, 'taken'));
  const names = ['taken', 'taken', 'free'];
  const log = await createRunLog({ runsDir, clock: stillClock(), redact, createId: () => names.shift() ?? '' });
  await log.close();
  expect(log.runId).toBe('free');
  expect(await readdir(join(runsDir, 'taken'))).toEqual([]);
});

test('many logs made at once get folders of their own', async () => {
  const runsDir = await scratchFolder();
  const logs = await Promise.all(
    Array.from({ length: 20 }, () => createRunLog({ runsDir, clock: stillClock(), redact })),
  );
  await Promise.all(logs.map((log) => log.close()));
  expect(new Set(logs.map((log) => log.dir)).size).toBe(20);
});

test('a place where no folder can be made is named in the error', async () => {
  const file = join(await scratchFolder(), 'file');
  await writeFile(file, '');
  const made = createRunLog({ runsDir: file, clock: stillClock(), redact });
  await expect(made).rejects.toEqual(
    new MassgenError(
      'runs-folder',
      `No folder for the run could be made in ${file} (EEXIST). Start in a folder that you can write to and whose disk has space.`,
      { exitCode: 2 },
    ),
  );
});

test.skipIf(process.platform !== 'linux')('so is a system’s own folder, which takes none', async () => {
  const made = createRunLog({ runsDir: '/proc/massgen/runs', clock: stillClock(), redact });
  await expect(made).rejects.toMatchObject({
    code: 'runs-folder',
    message: expect.stringMatching(/in \/proc\/massgen\/runs \(ENOENT\)\. Start in a folder/) as string,
  });
});

test.skipIf(process.getuid?.() === 0)('so is a folder without permission (skipped for root, who has it)', async () => {
  const dir = await scratchFolder();
  await chmod(dir, 0o500);
  await expect(createRunLog({ runsDir: join(dir, 'x'), clock: stillClock(), redact })).rejects.toMatchObject({
    code: 'runs-folder',
  });
});

test('closing waits for what is queued, may be repeated, and refuses what comes later', async () => {
  const log = await freshLog();
  log.append(delta('last words'));
  await Promise.all([log.close(), log.close()]);
  expect(await readAll(log.dir)).toHaveLength(1);
  await expect(log.append(cancelled).committed).rejects.toMatchObject({ code: 'log-closed', exitCode: 2 });
  expect(await readAll(log.dir)).toHaveLength(1);
});
