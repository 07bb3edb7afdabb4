import { expect, test } from 'vitest';
import { reportPopulations } from './population-report.ts';

test('the report on populations asks all of them the same questions, and reads their answers as those of a suite', async () => {
  const report = await reportPopulations(20);
  const alone = report.teams.find(({ team }) => team === '1 agent');
  const nine = report.teams.find(({ team }) => team === '9 agents');
  expect([report.trials, report.cases, report.comparisons.length]).toEqual([120, 20, 15]);
  // A question is as easy for all of them, so the first member of each comes to the same.
  expect(nine?.agents[0]?.alone).toEqual(alone?.right);
  // Members vote for what most drafts say.
  expect(nine?.lines.majority.hits).toBeGreaterThan(alone?.right.hits ?? 0);
  expect((nine?.lines.oracle.hits ?? 0) >= (nine?.right.hits ?? 0)).toBe(true);
});
