import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunTrial } from '../../../src/evaluation/dispatch/dispatcher.ts';
import { startQueueWorker } from '../../../src/evaluation/dispatch/queue/queue-worker.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createLocalRates } from '../../../src/providers/limits/shared-rates.ts';
import { MassgenError } from '../../../src/platform/errors.ts';
import { contractRunner, trialsThat } from './contract-trials.ts';
import { dispatcherOn } from './queue-harness.ts';
import { HAS_REDIS, startRedis, type RedisServer } from './redis-server.ts';

const EVALUATION = '00112233445566aa';
const NO_RATES = createLocalRates(createRealClock());

describe.runIf(HAS_REDIS)('a queue of trials', { timeout: 60_000 }, () => {
  let redis: RedisServer;
  let folder = '';
  const closing: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-queue-'))));
  afterEach(async () => {
    for (const each of closing.splice(0).toReversed()) await each.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (...given: Parameters<typeof dispatcherOn>): ReturnType<typeof dispatcherOn> => {
    const dispatcher = dispatcherOn(...given);
    closing.push(dispatcher);
    return dispatcher;
  };
  const worker = async (runTrial: RunTrial, refuses: string | null = null, leaseMs = 2_000): Promise<void> => {
    const runnerOf = (): Promise<RunTrial> =>
      refuses === null ? Promise.resolve(runTrial) : Promise.reject(new MassgenError('no-config', refuses));
    closing.push(
      await startQueueWorker({
        connect: () => redis.connect(),
        concurrency: 2,
        leaseMs,
        clock: createRealClock(),
        name: refuses === null ? 'able' : 'unable',
        runnerOf,
        onProblem: () => undefined,
      }),
    );
  };
  const runAll = async (
    dispatcher: ReturnType<typeof dispatcherOn>,
    trials: readonly Trial[],
    signal = new AbortController().signal,
  ): Promise<string[]> => {
    const keys: string[] = [];
    const left = trials.values();
    await dispatcher.run(
      () => left.next().value ?? null,
      ({ key }) => Promise.resolve(void keys.push(key)),
      signal,
    );
    return keys.toSorted();
  };

  test('hands over what was done for an earlier start without running it again', async () => {
    const ran: string[] = [];
    const runTrial: RunTrial = (trial, signal) => {
      ran.push(trial.key);
      return contractRunner(folder, NO_RATES)(trial, signal);
    };
    await worker(runTrial);
    const trials = trialsThat('answer', 'answer', 'answer');
    const keys = trials.map(({ key }) => key);
    const first = await runAll(open(redis, 2, { evaluation: EVALUATION }), trials);
    const second = await runAll(open(redis, 2, { evaluation: EVALUATION }), trials);
    expect([first, second, ran.toSorted()]).toEqual([keys, keys, keys]);
  });

  test('runs again what another evaluation has run', async () => {
    const ran: string[] = [];
    await worker((trial, signal) => {
      ran.push(trial.key);
      return contractRunner(folder, NO_RATES)(trial, signal);
    });
    const trials = trialsThat('answer');
    await runAll(open(redis, 1), trials);
    await runAll(open(redis, 1), trials);
    expect(ran).toHaveLength(2);
  });

  test('leaves a trial that one worker cannot run to another, and tells why once', async () => {
    const told: string[] = [];
    await worker(contractRunner(folder, NO_RATES), 'There is no team.yaml here.');
    const running = runAll(
      open(redis, 2, { onNotice: (text) => void told.push(text) }),
      trialsThat('answer', 'answer'),
    );
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await worker(contractRunner(folder, NO_RATES));
    await running;
    expect(told).toEqual(['A worker cannot run a trial. unable: There is no team.yaml here.']);
  });

  test('says that there is no worker, and waits for one', async () => {
    const told: string[] = [];
    const running = runAll(open(redis, 2, { onNotice: (text) => void told.push(text) }), trialsThat('answer'));
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await worker(contractRunner(folder, NO_RATES));
    expect([await running, told]).toEqual([
      ['team/case-0/1'],
      ['No worker is connected to the queue. Start one on any machine: massgen worker --queue …'],
    ]);
  });

  test('tells a worker that comes later that its trial was cancelled', async () => {
    const evaluation = 'ffeeddccbbaa9988';
    const stop = new AbortController();
    const dispatcher = open(redis, 2, { evaluation });
    const running = runAll(dispatcher, trialsThat('hang'), stop.signal);
    stop.abort(new Error('enough'));
    expect(await running).toEqual([]);
    await worker(contractRunner(folder, NO_RATES));
    const again = await runAll(open(redis, 2, { evaluation }), trialsThat('reject', 'answer').slice(1));
    expect([again, existsSync(join(folder, 'case-0')), readdirSync(folder)]).toEqual([
      ['team/case-1/1'],
      false,
      ['case-1'],
    ]);
  });
});
