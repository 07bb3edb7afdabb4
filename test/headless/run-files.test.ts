import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { EventDraft } from '../../src/events/event.ts';
import { keepRunFiles } from '../../src/headless/run-files.ts';
import type { RunFiles } from '../../src/headless/run-files.ts';
import type { RunStatus } from '../../src/headless/status.ts';
import { toStatus } from '../../src/headless/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { ToldRun } from './told-run.ts';
import { alphaAnswers, alphaDrafts, ballot, finished, started, STORY, toldRun } from './told-run.ts';

/** A clock with timers that the test lets run. */
function handClock(): Clock & { pass(ms: number): void; timers: number } {
  let now = 0;
  let waiting: { due: number; callback: () => void }[] = [];
  return {
    get timers() {
      return waiting.length;
    },
    now: () => now,
    sleep: () => Promise.reject(new Error('nobody sleeps here')),
    busy: () => () => undefined,
    after: (ms, callback) => {
      const timer = { due: now + ms, callback };
      waiting.push(timer);
      return () => (waiting = waiting.filter((other) => other !== timer));
    },
    pass: (ms) => {
      now += ms;
      const due = waiting.filter((timer) => timer.due <= now);
      waiting = waiting.filter((timer) => timer.due > now);
      for (const { callback } of due) callback();
    },
  };
}

interface Kept {
  run: ToldRun;
  dir: string;
  files: RunFiles;
  clock: ReturnType<typeof handClock>;
  problems: string[];
  status: () => Promise<RunStatus>;
}

async function kept(): Promise<Kept> {
  const dir = await mkdtemp(join(tmpdir(), 'massgen-files-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const run = toldRun(dir);
  const clock = handClock();
  const problems: string[] = [];
  const files = keepRunFiles(run.handle, { clock, onProblem: (message) => problems.push(message) });
  const status = async (): Promise<RunStatus> =>
    JSON.parse(await readFile(join(dir, 'status.json'), 'utf8')) as RunStatus;
  return { run, dir, files, clock, problems, status };
}

/** Lets writes that are under way end. */
async function settle(check: () => Promise<boolean>): Promise<void> {
  while (!(await check().catch(() => false))) await new Promise((resolve) => setImmediate(resolve));
}

test('after the run every file holds the truth', async () => {
  const { run, dir, files, problems, status } = await kept();
  run.tell(...STORY);
  run.end();
  await files.settled;
  expect(problems).toEqual([]);
  const state = foldEvents(run.events)!;
  expect(await status()).toEqual(toStatus(state, { logDir: dir, now: 0 }));
  expect((await readdir(dir)).toSorted()).toEqual(['answers', 'final', 'status.json']);
  const read = (path: string): Promise<string> => readFile(join(dir, path), 'utf8');
  expect(await read('answers/agent2.1.txt')).toBe('Rayleigh scattering.\n');
  expect(await read('answers/agent1.1.txt')).toBe('The sea.\n');
  expect(await read('final/answer.txt')).toBe(state.final?.text);
});

test('the files are for their owner only', async () => {
  const { run, dir, files } = await kept();
  run.tell(...STORY);
  run.end();
  await files.settled;
  const modes = await Promise.all(
    ['answers', 'final', 'status.json', 'final/answer.txt'].map(async (name) =>
      ((await stat(join(dir, name))).mode & 0o777).toString(8),
    ),
  );
  expect(modes).toEqual(['700', '700', '600', '600']);
});

describe('status.json', () => {
  test('is there from the first event on', async () => {
    const { run, files, status } = await kept();
    run.tell(started);
    await files.started;
    expect((await status()).meta.question).toBe('Why is the sky\nblue?');
  });

  test('is written at most four times a second', async () => {
    const { run, files, clock, status } = await kept();
    run.tell(started);
    await files.started;
    run.tell(...alphaDrafts, ...alphaAnswers);
    await settle(async () => clock.timers === 1);
    expect((await status()).agents['alpha']?.status).toBe('waiting');
    clock.pass(249);
    expect((await status()).agents['alpha']?.status).toBe('waiting');
    clock.pass(1);
    await settle(async () => (await status()).agents['alpha']?.status === 'answered');
    expect(clock.timers).toBe(0);
  });

  test('is refreshed once a second while only text streams', async () => {
    const { run, files, clock, status } = await kept();
    run.tell(started, alphaDrafts[0]!, alphaDrafts[1]!);
    await files.started;
    await settle(async () => clock.timers === 1 || (await status()).agents['alpha']?.status === 'streaming');
    clock.pass(10_000);
    await settle(async () => (await status()).meta.elapsed_seconds === 0.2);
    run.tell(alphaDrafts[2]!);
    await settle(async () => clock.timers === 1);
    clock.pass(999);
    expect((await status()).meta.elapsed_seconds).toBe(0.2);
    clock.pass(1);
    await settle(async () => (await status()).meta.elapsed_seconds === 0.3);
    expect((await status()).meta.elapsed_seconds).toBe(0.3);
  });

  test('has its last word without waiting, and leaves no timer', async () => {
    const { run, files, clock, status } = await kept();
    run.tell(started);
    await files.started;
    run.tell(finished);
    run.end();
    await files.settled;
    expect((await status()).meta.finished).toBe(true);
    expect(clock.timers).toBe(0);
  });

  test('has its last word also when the log could not be written', async () => {
    const { run, files, status } = await kept();
    run.tell(started);
    await files.started;
    run.tell(...alphaDrafts, ...alphaAnswers);
    run.end(new Error('disk full'));
    await files.settled;
    expect(await status()).toMatchObject({ meta: { finished: false }, agents: { alpha: { status: 'answered' } } });
  });

  test('is whole at every moment', async () => {
    const { run, files, clock, status } = await kept();
    run.tell(started);
    await files.started;
    let isOver = false;
    const reading = (async () => {
      let reads = 0;
      for (; !isOver; reads += 1) expect(await status()).toHaveProperty('results.votes');
      return reads;
    })();
    for (let round = 0; round < 20; round += 1) {
      run.tell(ballot('agent1', 'agent1.1', 'x'.repeat(round)));
      clock.pass(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    run.end();
    await files.settled;
    isOver = true;
    expect(await reading).toBeGreaterThan(0);
  });

  test('holds no raw control characters of a model', async () => {
    const { run, dir, files } = await kept();
    const failed: EventDraft = {
      type: 'agent.failed',
      agent: 'agent1',
      data: { error: { kind: 'auth', message: '\u009b2J\u001b[2J\u202e' } },
    };
    run.tell(started, failed);
    run.end();
    await files.settled;
    expect(await readFile(join(dir, 'status.json'), 'utf8')).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u0080-\u009f\u202e]/,
    );
  });
});

describe('a folder that is gone', () => {
  test('is told once, in a sentence, and not made again', async () => {
    const { run, dir, files, problems } = await kept();
    run.tell(started);
    await files.started;
    await rm(dir, { recursive: true });
    run.tell(...STORY.slice(1));
    run.end();
    await files.settled;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^\/.* could not be written \(ENOENT\), so the files beside the run's log may be incomplete; the log itself is not affected\. Check the disk and the folder\.$/,
    );
    await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('lets the first lines be printed all the same', async () => {
    const { run, dir, files } = await kept();
    await rm(dir, { recursive: true });
    run.tell(started);
    await expect(files.started).resolves.toBeUndefined();
  });
});

test('a run in which nothing happened leaves nothing and settles', async () => {
  const { run, dir, files } = await kept();
  run.end();
  await files.settled;
  await files.started;
  expect(await readdir(dir)).toEqual([]);
});
