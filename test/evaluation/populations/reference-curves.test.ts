import { describe, expect, test } from 'vitest';
import { tasteMember } from '../../../src/evaluation/populations/member.ts';
import { simulate, type SimulatedRun } from '../../../src/evaluation/populations/simulate.ts';
import type { CoordinationSettings } from '../../../src/events/settings.ts';
import { CURVES, hitsOf, STOP_CURVES, stopsOf } from './curves.ts';

/** Seeds are fixed, so this never fails by chance; a share of 200 runs lies within 4 standard errors of its own. */
const RUNS = 200;
const band = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / RUNS);

describe('a population in the real engine', () => {
  test.each(CURVES.map((curve) => [curve.name, curve.known, curve] as const))(
    '%s in %d %% of runs',
    async (_, known, curve) => {
      const found = (await hitsOf(curve, RUNS)) / RUNS;
      expect(Math.abs(found - known / 100)).toBeLessThan(band(known / 100));
    },
  );
});

describe('a population that revises its answers', () => {
  const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);
  const play = (count: number, settings: Partial<CoordinationSettings>): Promise<SimulatedRun[]> => {
    const members = Array.from({ length: count }, (_, index) => ({
      ...tasteMember(`m${index}`, { refines: 0.5 }),
      workMs: (random: { next(): number }) => 30_000 + 60_000 * random.next(),
    }));
    return Promise.all(SEEDS.map((seed) => simulate({ members, seed, settings: { timeoutMs: null, ...settings } })));
  };
  const sum = (runs: SimulatedRun[], of: (run: SimulatedRun) => number): number =>
    runs.reduce((total, run) => total + of(run), 0);
  const answers = ({ drafts }: SimulatedRun): number => drafts.size;
  const copies = ({ answersInPrompts }: SimulatedRun): number => answersInPrompts;

  test('doubles its answers with each further agent where nothing caps them', async () => {
    const uncapped = { updates: 'restart', maxAnswersPerAgent: null } as const;
    const [three, five] = [sum(await play(3, uncapped), answers), sum(await play(5, uncapped), answers)];
    expect(five / three).toBeGreaterThan(2.5);
  });

  test('hands in at most as many answers as the cap lets it', async () => {
    const runs = await play(6, { maxAnswersPerAgent: 2 });
    expect(runs.map(answers).filter((count) => count > 12)).toEqual([]);
    expect(runs.map(({ state }) => state.end?.outcome)).toEqual(SEEDS.map(() => 'answered'));
  });

  test('reads fewer answers when updates are told in the middle of a turn than when it begins again', async () => {
    const told = sum(await play(5, { updates: 'inject', maxAnswersPerAgent: 2 }), copies);
    const anew = sum(await play(5, { updates: 'restart', maxAnswersPerAgent: 2 }), copies);
    expect(told).toBeLessThan(anew);
  });
});

describe('samples that are counted until enough agree', () => {
  test.each(
    STOP_CURVES.map((curve) => [curve.probability ?? 'all', curve.knownRight, curve.knownBallots, curve] as const),
  )('until %s: right in %d %% of runs, after %d ballots', async (_, knownRight, knownBallots, curve) => {
    const { hits, ballots } = await stopsOf(curve, 100);
    const mean = ballots.reduce((sum, each) => sum + each, 0) / ballots.length;
    const variance = ballots.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (ballots.length - 1);
    expect(Math.abs(hits / 100 - knownRight / 100)).toBeLessThan(4 * Math.sqrt(0.25 / 100));
    expect(Math.abs(mean - knownBallots)).toBeLessThanOrEqual(4 * Math.sqrt(variance / 100));
  });
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
