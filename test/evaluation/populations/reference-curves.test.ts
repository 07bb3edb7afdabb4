import { describe, expect, test } from 'vitest';
import { tasteMember } from '../../../src/evaluation/populations/member.ts';
import { simulate, type SimulatedRun } from '../../../src/evaluation/populations/simulate.ts';
import type { CoordinationSettings } from '../../../src/events/settings.ts';
import { CURVES, hitsOf, STOP_CURVES, stopsOf } from './curves.ts';
import { meanOf, offOf, stormOf, STORMS } from './storms.ts';

/** Seeds are fixed, so this never fails by chance; a share of 200 runs lies within 4 standard errors of its own. */
const RUNS = 200;
const band = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / RUNS);

describe('a population in the real engine', () => {
  test.each(CURVES)('$name in $known of 100 runs', async (curve) => {
    const known = curve.known / 100;
    expect(Math.abs((await hitsOf(curve, RUNS)) / RUNS - known)).toBeLessThan(band(known));
  });
});

describe('a population that revises its answers', () => {
  const RUNS = 40;
  const answersOf = async (agents: number, settings: Partial<CoordinationSettings>): Promise<number[]> =>
    (await stormOf({ agents, settings: { timeoutMs: null, earlyStop: 'never', ...settings } }, RUNS)).answers;

  test.each(STORMS.flatMap((storm) => (storm.known.answers === null ? [] : [[storm.name, storm] as const])))(
    'hands in as many answers as are known: %s',
    async (_, storm) => {
      const { answers } = await stormOf(storm, RUNS);
      expect(Math.abs(meanOf(answers) - (storm.known.answers ?? 0))).toBeLessThan(2 * offOf(answers));
    },
  );

  test('hands in at most as many answers as the cap lets it', async () => {
    const answers = await answersOf(6, { maxAnswersPerAgent: 2 });
    expect([Math.max(...answers) <= 12, Math.min(...answers) >= 6]).toEqual([true, true]);
  });

  test('reads fewer answers when updates are told in the middle of a turn than when it begins again', async () => {
    const means: number[] = [];
    for (const storm of STORMS.filter(({ known }) => known.copies !== null)) {
      const { copies } = await stormOf(storm, RUNS);
      means.push(meanOf(copies));
      expect(Math.abs(meanOf(copies) - (storm.known.copies ?? 0))).toBeLessThan(2 * offOf(copies));
    }
    const [anew = 0, told = 0] = means;
    expect(told).toBeLessThan(anew);
  });
});

describe('samples that are counted until enough agree', () => {
  test.each(STOP_CURVES)(
    'until $probability: right in $knownRight of 100 runs, after $knownBallots ballots',
    async (curve) => {
      const { hits, ballots } = await stopsOf(curve, 100);
      expect(Math.abs(hits - curve.knownRight)).toBeLessThan(100 * 4 * Math.sqrt((0.72 * 0.28) / 100));
      expect(Math.abs(meanOf(ballots) - curve.knownBallots)).toBeLessThanOrEqual(2 * offOf(ballots));
    },
  );
});

describe('a vote that ends early', () => {
  test('has the winner that it would have had, from fewer ballots', async () => {
    const members = Array.from({ length: 7 }, (_, index) => ({
      ...tasteMember(`m${index}`, { noise: 0.2 }),
      workMs: (random: { next(): number }) => 1000 + 9000 * random.next(),
    }));
    const play = async (earlyStop: CoordinationSettings['earlyStop']): Promise<[string[], number]> => {
      const runs: SimulatedRun[] = [];
      for (let seed = 0; seed < 30; seed += 1) {
        const settings = { earlyStop, votingRule: 'plurality', maxAnswersPerAgent: 1 } as const;
        runs.push(await simulate({ members, seed, settings }));
      }
      return [
        runs.map(({ state }) => state.winner?.label ?? ''),
        runs.reduce((n, { state }) => n + state.ballots.length, 0),
      ];
    };
    const [[winners, ballots], [sameWinners, fewer]] = [await play('never'), await play('safe')];
    expect(sameWinners).toEqual(winners);
    expect(fewer).toBeLessThan(ballots * 0.85);
  });
});

test('the same seed gives the same run', async () => {
  const members = [tasteMember('a'), tasteMember('b'), tasteMember('c')];
  const [first, second] = [await simulate({ members, seed: 7 }), await simulate({ members, seed: 7 })];
  expect(second.state).toEqual(first.state);
});
