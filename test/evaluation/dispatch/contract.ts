import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dispatcher } from '../../../src/evaluation/dispatch/dispatcher.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import type { TrialRecord } from '../../../src/evaluation/trials/trial-record.ts';
import { recordOf } from '../report/records.ts';
import { trialsIn, type Behaviour } from './contract-trials.ts';

/** What is put to the test. */
export interface ContractSubject {
  /** The folder that those who run trials were given. */
  root: () => string;
  open: (concurrency: number) => Dispatcher;
}

interface Stage {
  start: (concurrency?: number) => Dispatcher;
  trials: (...behaviours: Behaviour[]) => Trial[];
  /** Where the trials of this test leave their marks. */
  mark: (index: number) => string;
}

/** Each test has a folder of its own below the root, so that those who run trials may be the same for all of them. */
function stageFor({ root, open }: ContractSubject, name: string): Stage {
  const opened: Dispatcher[] = [];
  let count = 0;
  beforeEach(() => void (count += 1));
  afterEach(async () => {
    for (const dispatcher of opened.splice(0)) await dispatcher.close();
  });
  return {
    start: (concurrency = 2) => {
      const dispatcher = open(concurrency);
      opened.push(dispatcher);
      return dispatcher;
    },
    trials: (...behaviours) => trialsIn(`${name}-${count}`, ...behaviours),
    mark: (index) => join(root(), `${name}-${count}`, `case-${index}`),
  };
}

/** What every dispatcher has to keep, whatever it runs trials in. */
export function holdsTheContract(subject: ContractSubject): void {
  const { start, trials: trialsThat, mark } = stageFor(subject, 'usual');
  const isBegun = async (index: number): Promise<void> => {
    while (!existsSync(mark(index))) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('hands over the record of every trial exactly once, whole, in whatever order', async () => {
    const trials = trialsThat('answer-late', ...Array.from({ length: 8 }, (): Behaviour => 'answer'));
    const { records } = await runAll(start(), trials);
    expect(records.toSorted((a, b) => a.item.localeCompare(b.item))).toEqual(trials.map(expectedRecord));
  });

  test('runs several batches one after the other', async () => {
    const dispatcher = start();
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
    await start(3).run(
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
    const running = runAll(start(), trialsThat('hang', 'hang', 'answer'), stop.signal);
    await Promise.all([isBegun(0), isBegun(1)]);
    stop.abort(new Error('enough'));
    expect((await running).records).toEqual([]);
    expect(existsSync(mark(2))).toBe(false);
  });

  test('does nothing when it is cancelled before it begins', async () => {
    const { records, taken } = await runAll(start(), trialsThat('answer'), AbortSignal.abort(new Error('no')));
    expect([records, taken]).toEqual([[], 0]);
  });

  test('ends with the reason of a trial that cannot be run, and cancels the others', async () => {
    const running = runAll(start(), trialsThat('hang', 'reject'));
    await expect(running).rejects.toThrow('This trial cannot be run.');
  });

  test('ends with the reason for which a record could not be kept', async () => {
    const trials = trialsThat('answer', 'answer', 'answer').values();
    const keep = (): Promise<void> => Promise.reject(new Error('The disk is full.'));
    const running = start().run(() => trials.next().value ?? null, keep, new AbortController().signal);
    await expect(running).rejects.toThrow('The disk is full.');
  });

  test('counts requests of all trials together, wherever they run', async () => {
    await runAll(start(), trialsThat('book', 'book', 'book', 'book', 'book'));
    const said = [0, 1, 2, 3, 4].map((index) => readFileSync(mark(index), 'utf8'));
    expect(said.toSorted()).toEqual(['goes', 'goes', 'waits', 'waits', 'waits']);
  });
}

/** What a dispatcher has to keep besides, where trials run in processes that may die. */
export function outlivesItsWorkers(subject: ContractSubject): void {
  const { start, trials: trialsThat } = stageFor(subject, 'dying');

  test('gives the trial of a worker that died to another', async () => {
    const trials = trialsThat('die-once', 'answer', 'answer');
    const { records } = await runAll(start(), trials);
    expect(records.toSorted((a, b) => a.item.localeCompare(b.item))).toEqual(trials.map(expectedRecord));
  });

  test('has a failed record for a trial that kills every worker', async () => {
    const { records } = await runAll(start(), trialsThat('answer', 'die-always'));
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
