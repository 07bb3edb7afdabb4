import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NO_USAGE } from '../../../src/events/usage.ts';
import { generateCases } from '../../../src/evaluation/cases/generate-cases.ts';
import type { Trial } from '../../../src/evaluation/suite/suite.ts';
import { createTrialRunner } from '../../../src/evaluation/trials/run-trial.ts';
import { surroundingsIn } from './surroundings.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-trial-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A team of one that says this, and says that it took so many tokens. */
function team(name: string, text: string, usage: { input: number; output: number }): string {
  const script = { turns: [{ when: 'solo', text, usage, repeat: true }] };
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ agent: { id: name, backend: { type: 'scripted', script } } }));
  return path;
}

const trialOf = (config: string): Trial => ({
  key: 'k',
  team: { name: 'team', config },
  item: { id: 'case', kind: 'k', question: 'Why?', check: { type: 'judge', rubric: 'Says why.' } },
  seed: 1,
});
const never = new AbortController().signal;

test('what both questions to the judge took is in the record, apart from what the team took', async () => {
  const judge = team('judge', '{"verdict": "right", "reason": "It does."}', { input: 10, output: 3 });
  const run = createTrialRunner({ ...surroundingsIn(folder), judge });
  const record = await run(trialOf(team('one', 'Because.', { input: 5, output: 2 })), never);
  expect([record.usage, record.judging]).toEqual([
    { ...NO_USAGE, input: 5, output: 2 },
    { usage: { ...NO_USAGE, input: 20, output: 6 }, cost: { usd: 0, isComplete: true } },
  ]);
});

test('what a run took is counted although its answer could not be graded', async () => {
  const judge = join(folder, 'missing.json');
  const run = createTrialRunner({ ...surroundingsIn(folder), judge });
  const record = await run(trialOf(team('one', 'Because.', { input: 5, output: 2 })), never);
  expect([record.outcome, record.usage]).toEqual(['failed', { ...NO_USAGE, input: 5, output: 2 }]);
});

test('the built-in team, which needs no key, is right in puzzles that are generated', async () => {
  const config = join(folder, 'demo.json');
  const agents = ['ann', 'ben'].map((id) => ({ id, backend: { type: 'demo', strategy: 'exhaustive' } }));
  writeFileSync(config, JSON.stringify({ agents }));
  const [item] = generateCases('countdown', 1, 1, 1);
  if (!item) throw new Error('there is a case');
  const run = createTrialRunner(surroundingsIn(folder));
  const record = await run({ key: 'k', team: { name: 'demo', config }, item, seed: 1 }, never);
  expect([record.final, ...record.answers.map(({ grade }) => grade)].map((grade) => grade?.isRight)).toEqual([
    true,
    true,
    true,
  ]);
});
