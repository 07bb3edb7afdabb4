import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NO_USAGE } from '../../../src/events/usage.ts';
import type { RunTrial } from '../../../src/evaluation/dispatch/dispatcher.ts';
import { createInProcessDispatcher } from '../../../src/evaluation/dispatch/in-process.ts';
import { runSuite, type SuiteEnd } from '../../../src/evaluation/run-suite.ts';
import { trialsOf, type Suite } from '../../../src/evaluation/suite/suite.ts';
import { ResultsFile } from '../../../src/evaluation/trials/results-file.ts';
import { recordOf } from '../report/records.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-results-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SUITE: Suite = {
  name: 's',
  path: '/s.yaml',
  teams: [{ name: 'a', config: '/a.yaml' }],
  cases: ['1', '2', '3', '4', '5'].map((id) => ({
    id,
    kind: 'k',
    question: id,
    check: { type: 'exact', expected: [id] },
  })),
  seeds: [1, 2],
  concurrency: 3,
  budgetUsd: null,
  budgetTokens: null,
  judge: null,
};
const KEYS = trialsOf(SUITE).map(({ key }) => key);

const pays =
  (usd: number, done: string[]): RunTrial =>
  async ({ key, team, item, seed }) => {
    await new Promise(setImmediate);
    done.push(key);
    return recordOf({ key, team: team.name, item: item.id, seed, isRight: true, cost: { usd, isComplete: true } });
  };

function run(suite: Suite, runTrial: RunTrial, signal = new AbortController().signal): Promise<SuiteEnd> {
  const dispatcher = createInProcessDispatcher(runTrial, suite.concurrency);
  const results = new ResultsFile(join(folder, 'deep', 'results.jsonl'));
  return runSuite(suite, { dispatcher, results, signal, onProgress: () => undefined });
}

describe('a suite that is run', () => {
  test('does every trial once and keeps its record', async () => {
    const done: string[] = [];
    const end = await run(SUITE, pays(0, done));
    expect([done.toSorted(), end.reason, end.left]).toEqual([KEYS.toSorted(), 'complete', 0]);
    expect(
      (await new ResultsFile(join(folder, 'deep', 'results.jsonl')).read()).map(({ key }) => key).toSorted(),
    ).toEqual(KEYS.toSorted());
  });

  test('goes on with what is left, also after a line that was cut off', async () => {
    await run({ ...SUITE, cases: SUITE.cases.slice(0, 2) }, pays(0, []));
    appendFileSync(join(folder, 'deep', 'results.jsonl'), '\n{"v":1,"key":"a/5/1","te');
    const done: string[] = [];
    const end = await run(SUITE, pays(0, done));
    expect(done.toSorted()).toEqual(KEYS.slice(4).toSorted());
    expect([end.records.length, end.reason]).toEqual([KEYS.length, 'complete']);
    expect(readFileSync(join(folder, 'deep', 'results.jsonl'), 'utf8')).toContain('"te\n{');
  });

  test('begins nothing further once its budget is used up', async () => {
    const done: string[] = [];
    const end = await run({ ...SUITE, concurrency: 1, budgetUsd: 0.5 }, pays(0.2, done));
    expect([done.length, end.reason, end.left]).toEqual([3, 'budget', KEYS.length - 3]);
  });

  test('begins nothing further once its tokens are used up', async () => {
    const done: string[] = [];
    // Each trial takes 100 tokens.
    const end = await run({ ...SUITE, concurrency: 1, budgetTokens: 250 }, pays(0, done));
    expect([done.length, end.reason, end.left]).toEqual([3, 'budget', KEYS.length - 3]);
  });

  test('counts what judging costs', async () => {
    const done: string[] = [];
    const judged: RunTrial = async (trial, signal) => ({
      ...(await pays(0, done)(trial, signal)),
      judging: { usage: NO_USAGE, cost: { usd: 0.2, isComplete: true } },
    });
    const end = await run({ ...SUITE, concurrency: 1, budgetUsd: 0.5 }, judged);
    expect([done.length, end.reason]).toEqual([3, 'budget']);
  });

  test('stops when it is told to, and keeps no record of what was cut off', async () => {
    const stop = new AbortController();
    const done: string[] = [];
    const trial: RunTrial = async (given, signal) => {
      const record = await pays(0, done)(given, signal);
      if (done.length === 4) stop.abort();
      signal.throwIfAborted();
      return record;
    };
    const end = await run({ ...SUITE, concurrency: 1 }, trial, stop.signal);
    expect([end.reason, end.records.length]).toEqual(['cancelled', 3]);
  });

  test('ends with what made trials impossible', async () => {
    await expect(run(SUITE, () => Promise.reject(new Error('no sandbox')))).rejects.toThrow('no sandbox');
  });
});
