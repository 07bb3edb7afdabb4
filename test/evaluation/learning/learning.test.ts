import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beliefs, choose } from '../../../src/evaluation/learning/bandit.ts';
import { EvidenceFile, type Evidence } from '../../../src/evaluation/learning/evidence.ts';
import { outlookOf } from '../../../src/evaluation/learning/outlook.ts';
import { evidenceOf } from '../../../src/evaluation/learning/evidence-of.ts';
import { solverMember, RIGHT } from '../../../src/evaluation/populations/member.ts';
import { simulate } from '../../../src/evaluation/populations/simulate.ts';
import { seededRandom } from '../../../src/events/random.ts';
import { answersFrom, recordOf } from '../report/records.ts';

const said = (arm: string, reward: number, more: Partial<Evidence> = {}): Evidence => ({
  v: 1,
  at: 0,
  kind: 'sums',
  arm,
  reward,
  source: 'grader',
  run: `${arm}-${Math.abs(reward)}`,
  ...more,
});

describe('beliefs', () => {
  test('begin equal and follow the evidence of the kind', () => {
    expect(beliefs(['a', 'b'], 'sums', [said('a', 1), said('a', 0), said('a', 1)])).toEqual([
      { arm: 'a', alpha: 3, beta: 2, count: 3, mean: 0.6 },
      { arm: 'b', alpha: 1, beta: 1, count: 0, mean: 0.5 },
    ]);
  });

  test('take a little from other kinds, and never much', () => {
    const elsewhere = Array.from({ length: 1000 }, () => said('a', 1, { kind: 'code' }));
    expect(beliefs(['a'], 'sums', elsewhere)).toEqual([{ arm: 'a', alpha: 5, beta: 1, count: 0, mean: 5 / 6 }]);
  });

  test('stay distributions whatever the evidence is', () => {
    const reward = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(reward), (rewards) => {
        const [belief] = beliefs(
          ['a'],
          'sums',
          rewards.map((each) => said('a', each)),
        );
        expect(belief?.alpha).toBeGreaterThanOrEqual(1);
        expect(belief?.beta).toBeGreaterThanOrEqual(1 - 1e-9);
      }),
    );
  });
});

describe('a choice', () => {
  test('of nothing is none', () => expect(choose([], 'sums', [], seededRandom(1))).toBeNull());

  test('is the same for the same seed, and takes the best draw', () => {
    const chosen = choose(['a', 'b', 'c'], 'sums', [said('b', 1)], seededRandom(3));
    expect(chosen).toEqual(choose(['a', 'b', 'c'], 'sums', [said('b', 1)], seededRandom(3)));
    const best = Math.max(...(chosen?.draws.map(({ draw }) => draw) ?? []));
    expect(chosen?.draws.find(({ arm }) => arm === chosen.arm)?.draw).toBe(best);
  });

  test('finds the better agent: its regret in 200 runs is below a fifth of that of choosing by lot', async () => {
    const skills: Record<string, number> = { good: 0.9, fair: 0.5, poor: 0.45, weak: 0.3 };
    const arms = Object.keys(skills);
    const evidence: Evidence[] = [];
    let regret = 0;
    for (let round = 0; round < 200; round += 1) {
      const arm = choose(arms, 'sums', evidence, seededRandom(`round ${round}`))?.arm ?? '';
      const { state, drafts } = await simulate({ members: [solverMember(arm, skills[arm] ?? 0)], seed: round });
      const reward = drafts.get(state.winner?.label ?? '')?.value === RIGHT ? 1 : 0;
      evidence.push(said(arm, reward, { run: String(round) }));
      regret += 0.9 - (skills[arm] ?? 0);
    }
    const byLot = 200 * (0.9 - (0.9 + 0.5 + 0.45 + 0.3) / 4);
    expect(regret / byLot).toBeLessThan(0.2);
  });
});

describe('the outlook', () => {
  test('of equals is equal, and of one is certain', () => {
    const [a, b] = outlookOf(beliefs(['a', 'b'], 'sums', []));
    expect(Math.abs((a?.chosen ?? 0) - 0.5)).toBeLessThan(0.05);
    expect((a?.chosen ?? 0) + (b?.chosen ?? 0)).toBe(1);
    expect(outlookOf(beliefs(['a'], 'sums', [])).map(({ chosen }) => chosen)).toEqual([1]);
  });

  test('narrows with evidence, and tells as often as choices come out', () => {
    const evidence = Array.from({ length: 40 }, (_, index) =>
      said(index % 4 === 0 ? 'b' : 'a', index % 2, { run: String(index) }),
    );
    const [few] = outlookOf(beliefs(['a'], 'sums', evidence.slice(0, 4)));
    const [a] = outlookOf(beliefs(['a', 'b'], 'sums', evidence));
    expect((a?.high ?? 0) - (a?.low ?? 0)).toBeLessThan((few?.high ?? 0) - (few?.low ?? 0));
    const times = Array.from(
      { length: 400 },
      (_, seed) => choose(['a', 'b'], 'sums', evidence, seededRandom(seed))?.arm,
    );
    const share = times.filter((arm) => arm === 'a').length / times.length;
    expect(Math.abs(share - (a?.chosen ?? 0))).toBeLessThan(0.1);
  });
});

describe('evidence', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'massgen-evidence-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is kept for ever, and the last word of a source on a run counts', async () => {
    const file = new EvidenceFile(join(folder, 'deep', 'evidence.jsonl'));
    await file.add([said('a', 1, { run: 'r1', source: 'user' }), said('a', 0, { run: 'r2' })]);
    await file.add([said('a', 0, { run: 'r1', source: 'user' })]);
    appendFileSync(file.path, '\n{"v":1,"arm":"a","ki');
    expect((await file.read()).map(({ run, source, reward }) => [run, source, reward])).toEqual([
      ['r1', 'user', 0],
      ['r2', 'grader', 0],
    ]);
  });

  test('of nothing is an empty file that nobody made', async () => {
    expect(await new EvidenceFile(join(folder, 'none.jsonl')).read()).toEqual([]);
  });

  test('comes from graders, but not from trials that could not be run', () => {
    const record = recordOf({
      team: 'trio',
      kind: 'sums',
      isRight: true,
      answers: answersFrom('agent1.1 no', 'agent1.2 yes'),
    });
    expect(evidenceOf(record, 5)).toEqual([
      said('team:trio', 1, { at: 5, run: 'run' }),
      said('size:1', 1, { at: 5, run: 'run' }),
      said('model:gpt', 0, { at: 5, run: 'run' }),
    ]);
    const withPersonas = evidenceOf({ ...record, personas: 'diverse' }, 5).map(({ arm, reward }) => [arm, reward]);
    expect(withPersonas).toContainEqual(['personas:diverse', 1]);
    expect(evidenceOf({ ...record, run: '' }, 5)).toEqual([]);
  });
});
