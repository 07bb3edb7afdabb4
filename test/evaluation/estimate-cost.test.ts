import { expect, test } from 'vitest';
import { unseenCost } from '../../src/cli/eval-run-plan.ts';
import type { TeamSpec } from '../../src/config/team.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { estimateCost } from '../../src/evaluation/estimate-cost.ts';
import type { Case } from '../../src/evaluation/cases/case.ts';
import type { Suite } from '../../src/evaluation/suite/suite.ts';
import { testBackend } from '../providers/backend.ts';
import { createManualClock } from '../providers/manual-clock.ts';

/** Its models cost one dollar per million tokens of either kind. */
function teamOf(name: string, agents: number, prices = { input: 1, output: 1 }): TeamSpec {
  const backend = testBackend({ prices });
  const ids = Array.from({ length: agents }, (_, index) => ({ id: `${name}${index}`, systemMessage: null, backend }));
  return { name, agents: ids, settings: DEFAULT_SETTINGS, unsupported: [] };
}

function unpriced(name: string): TeamSpec {
  const backend = testBackend({
    model: 'nobody-knows-it',
    baseUrl: 'https://models.example/v1',
    type: 'chatcompletion',
  });
  return { ...teamOf(name, 1), agents: [{ id: name, systemMessage: null, backend }] };
}

/** Questions and rubrics of 400 signs, which are 100 tokens. */
const judged: Case = {
  id: 'a',
  kind: 'k',
  question: 'q'.repeat(400),
  check: { type: 'judge', rubric: 'r'.repeat(400) },
};
const exact: Case = { ...judged, id: 'b', check: { type: 'exact', expected: ['yes'] } };
const suiteOf = (...cases: Case[]): Suite => ({
  name: 's',
  path: '/s.yaml',
  teams: [{ name: 'one', config: '/one.yaml' }],
  cases,
  seeds: [1, 2],
  concurrency: 1,
  budgetUsd: null,
  budgetTokens: null,
  judge: '/judge.yaml',
});
const estimate = (suite: Suite, team: TeamSpec, judge: TeamSpec | null = teamOf('judge', 1)) =>
  estimateCost(suite, [team], judge, createManualClock());

test('one agent alone is asked once per trial', async () => {
  // 1,000 tokens are read and 600 written.
  expect(await estimate(suiteOf(exact), teamOf('one', 1))).toEqual({
    trials: 2,
    requests: 2,
    usd: expect.closeTo((2 * 1_600) / 1e6, 9) as number,
  });
});

test('a judge reads every answer to a case with a rubric twice', async () => {
  // Of one agent one answer: 1,700 tokens are read and 600 written, in each of two orders. Of three agents 4.5 of them.
  const of = async (agents: number): Promise<number> => {
    const team = teamOf('team', agents);
    const [all, without] = [await estimate(suiteOf(judged, exact), team), await estimate(suiteOf(exact, exact), team)];
    return (all.usd ?? 0) - (without.usd ?? 0);
  };
  expect([await of(1), await of(3)]).toEqual([
    expect.closeTo((2 * 2 * 2_300) / 1e6, 9),
    expect.closeTo((4.5 * 2 * 2 * 2_300) / 1e6, 9),
  ]);
  expect((await estimate(suiteOf(judged), teamOf('one', 1))).requests).toBe(2 + 4);
});

test('a budget in USD does not see what a model of unknown price costs, which is told', async () => {
  const told = async (team: TeamSpec, budgetUsd: number | null): Promise<boolean> =>
    (await unseenCost({ ...suiteOf(exact), budgetUsd }, [team], null, createManualClock())) !== null;
  expect([await told(unpriced('one'), 5), await told(unpriced('one'), null), await told(teamOf('one', 1), 5)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('what a judge costs is unknown where its price is, unless no case needs one', async () => {
  const judge = unpriced('judge');
  const usd = async (item: Case): Promise<number | null> =>
    (await estimate(suiteOf(item), teamOf('one', 1), judge)).usd;
  expect([await usd(judged), (await usd(exact)) === null]).toEqual([null, false]);
});
