import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dispatcher } from '../../../src/evaluation/dispatch/dispatcher.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import type { TrialRecord } from '../../../src/evaluation/trials/trial-record.ts';
import { recordOf } from '../report/records.ts';
import { trialsThat, type Behaviour } from './contract-trials.ts';

export interface ContractCase {
  dispatcher: Dispatcher;
  /** Ends what the test started beside the dispatcher. */
  end?: () => Promise<void>;
}

/** What every dispatcher has to keep, whatever it runs trials in. `canDie`: it runs them in other processes. */
export function holdsTheContract(
  open: (options: { folder: string; concurrency: number }) => Promise<ContractCase>,
  { canDie }: { canDie: boolean },
): void {
  let folder = '';
  const opened: ContractCase[] = [];
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-contract-'))));
  afterEach(async () => {
    for (const { dispatcher, end } of opened.splice(0)) {
      await dispatcher.close();
      await end?.();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (concurrency = 2): Promise<Dispatcher> => {
    const one = await open({ folder, concurrency });
    opened.push(one);
    return one.dispatcher;
  };
  const isBegun = async (index: number): Promise<void> => {
    while (!existsSync(join(folder, `case-${index}`))) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('hands over the record of every trial exactly once, whole, in whatever order', async () => {
    const trials = trialsThat('answer-late', ...Array.from({ length: 8 }, (): Behaviour => 'answer'));
    const { records } = await runAll(await start(), trials);
    expect(records.toSorted((a, b) => a.item.localeCompare(b.item))).toEqual(trials.map(expectedRecord));
  });

  test('runs several batches one after the other', async () => {
    const dispatcher = await start();
    const [first, second] = [trialsThat('answer', 'answer'), trialsThat('answer', 'answer', 'answer').slice(2)];
    const counts = [
      (await runAll(dispatcher, first)).records.length,
      (await runAll(dispatcher, second)).records.length,
    ];
    expect(counts).toEqual([2, 1]);
  });

  test('asks for no more trials than it runs at once', async () => {
    const trials = trialsThat(...Array.from({ length: 12 }, (): Behaviour => 'answer')).values();
    const ahead: number[] = [];
    let taken = 0;
    let done = 0;
    await (
      await start(3)
    ).run(
      () => {
        const trial = trials.next().value ?? null;
        if (trial) ahead.push(++taken - done);
        return trial;
      },
      () => {
        done += 1;
        return Promise.resolve();
      },
      new AbortController().signal,
    );
    expect([Math.max(...ahead), done]).toEqual([3, 12]);
  });

  test('cancels what runs, begins nothing further and hands over no more', async () => {
    const stop = new AbortController();
    const running = runAll(await start(), trialsThat('hang', 'hang', 'answer'), stop.signal);
    await Promise.all([isBegun(0), isBegun(1)]);
    stop.abort(new Error('enough'));
    expect((await running).records).toEqual([]);
    expect(existsSync(join(folder, 'case-2'))).toBe(false);
  });

  test('does nothing when it is cancelled before it begins', async () => {
    const { records, taken } = await runAll(await start(), trialsThat('answer'), AbortSignal.abort(new Error('no')));
    expect([records, taken]).toEqual([[], 0]);
  });

  test('ends with the reason of a trial that cannot be run, and cancels the others', async () => {
    const running = runAll(await start(), trialsThat('hang', 'reject'));
    await expect(running).rejects.toThrow('This trial cannot be run.');
  });

  test('ends with the reason for which a record could not be kept', async () => {
    const trials = trialsThat('answer', 'answer', 'answer').values();
    const keep = (): Promise<void> => Promise.reject(new Error('The disk is full.'));
    const running = (await start()).run(() => trials.next().value ?? null, keep, new AbortController().signal);
    await expect(running).rejects.toThrow('The disk is full.');
  });

  test.runIf(canDie)('gives the trial of a worker that died to another', async () => {
    const trials = trialsThat('die-once', 'answer', 'answer');
    const { records } = await runAll(await start(), trials);
    expect(records.toSorted((a, b) => a.item.localeCompare(b.item))).toEqual(trials.map(expectedRecord));
  });

  test.runIf(canDie)('has a failed record for a trial that kills every worker', async () => {
    const { records } = await runAll(await start(), trialsThat('answer', 'die-always'));
    const told = records.map(({ item, outcome, final }) => `${item} ${outcome} ${String(final?.isRight)}`);
    expect(told.toSorted()).toEqual(['case-0 answered true', 'case-1 failed undefined']);
  });
}

async function runAll(
  dispatcher: Dispatcher,
  trials: readonly Trial[],
  signal = new AbortController().signal,
): Promise<{ records: TrialRecord[]; taken: number }> {
  const records: TrialRecord[] = [];
  let taken = 0;
  await dispatcher.run(
    () => trials[taken++] ?? null,
    async (record) => {
      await Promise.resolve();
      records.push(record);
    },
    signal,
  );
  return { records, taken: Math.min(taken, trials.length) };
}

function expectedRecord({ key, team, item, seed }: Trial): TrialRecord {
  return recordOf({ key, team: team.name, item: item.id, seed, isRight: true });
}
