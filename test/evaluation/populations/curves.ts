import {
  samplerMember,
  solverMember,
  tasteMember,
  RIGHT,
  type Member,
  type Traits,
} from '../../../src/evaluation/populations/member.ts';
import { simulate, type SimulatedRun, type Simulation } from '../../../src/evaluation/populations/simulate.ts';
import type { CoordinationSettings } from '../../../src/events/settings.ts';

/**
 * Curves that are known from independent simulations of the same error models (40,000 draws each, without this
 * program). What the engine does with a population must lie on them.
 */
export interface Curve {
  name: string;
  /** Known share of runs in which it is so, in percent. */
  known: number;
  simulation: Omit<Simulation, 'seed'>;
  isHit: (run: SimulatedRun) => boolean;
}

/** Skills with which a member by itself is right in 55, 75 and 45 % of all questions. */
export const SKILL = { usual: 0.555, strong: 0.775, weak: 0.446 };

const solvers = (...skills: number[]): Member[] => skills.map((skill, index) => solverMember(`m${index}`, skill));
const many = (count: number, skill: number): number[] => Array.from({ length: count }, () => skill);
const tasters = (count: number, traits: Traits = {}): Member[] =>
  Array.from({ length: count }, (_, index) => tasteMember(`m${index}`, traits));
const by = (votingRule: CoordinationSettings['votingRule']): Partial<CoordinationSettings> => ({
  votingRule,
  tieBreak: 'random',
  earlyStop: 'never',
});

const isRight = ({ state, drafts }: SimulatedRun): boolean => drafts.get(state.winner?.label ?? '')?.value === RIGHT;
const hasRight = ({ drafts }: SimulatedRun): boolean => [...drafts.values()].some(({ value }) => value === RIGHT);
const isBest = ({ state, drafts }: SimulatedRun): boolean => {
  const best = Math.max(...[...drafts.values()].map(({ quality }) => quality));
  return drafts.get(state.winner?.label ?? '')?.quality === best;
};
const wasTie = ({ state }: SimulatedRun): boolean => (state.winner?.tie ?? null) !== null;
const firstVotedWins = ({ state }: SimulatedRun): boolean => state.ballots[0]?.choice === state.winner?.label;
const slotOneWins = ({ state }: SimulatedRun): boolean => state.winner?.label === 'agent1.1';

const solved = (name: string, known: number, skills: number[], isHit = isRight): Curve => ({
  name,
  known,
  simulation: { members: solvers(...skills), settings: by('plurality') },
  isHit,
});
const tasted = (
  name: string,
  known: number,
  [count, traits, rule]: [number, Traits, CoordinationSettings['votingRule']],
  isHit = isBest,
  readsByLabel = false,
): Curve => ({ name, known, simulation: { members: tasters(count, traits), settings: by(rule), readsByLabel }, isHit });

/** Three tasters whose votes for their own answers do not count. */
const amongOthers = (name: string, known: number, traits: Traits, isHit = isBest): Curve => ({
  name,
  known,
  simulation: {
    members: tasters(3, traits),
    settings: { ...by('plurality'), countSelfVotes: false },
    readsByLabel: false,
  },
  isHit,
});

export const CURVES: readonly Curve[] = [
  solved('1 agent is right', 55.1, many(1, SKILL.usual)),
  // By integration over the ease of questions: at least two right, or one right, two wrong apart, and luck.
  solved('3 agents are right', 61.4, many(3, SKILL.usual)),
  solved('5 agents are right', 66.3, many(5, SKILL.usual)),
  solved('7 agents are right', 68.5, many(7, SKILL.usual)),
  solved('of 3 agents one is right', 83, many(3, SKILL.usual), hasRight),
  solved('of 5 agents one is right', 91, many(5, SKILL.usual), hasRight),
  solved('3 strong agents are right', 80.3, many(3, SKILL.strong)),
  solved('3 strong agents and 1 weak one are right', 77.6, [...many(3, SKILL.strong), SKILL.weak]),
  solved('3 strong agents and 3 weak ones are right', 73.9, [...many(3, SKILL.strong), ...many(3, SKILL.weak)]),
  tasted('plurality of 3 finds the best', 72, [3, {}, 'plurality']),
  tasted('plurality of 3 ties', 8, [3, {}, 'plurality'], wasTie),
  tasted('plurality of 3 with self-bias 2 finds the best', 60, [3, { selfBias: 2 }, 'plurality']),
  tasted('plurality of 3 with self-bias 2 ties', 39, [3, { selfBias: 2 }, 'plurality'], wasTie),
  amongOthers('plurality of 3 with self-bias 2, but without self-votes finds the best', 64.6, { selfBias: 2 }),
  amongOthers('plurality of 3 with self-bias 2, but without self-votes ties', 12.9, { selfBias: 2 }, wasTie),
  tasted('Borda of 3 with self-bias 2 finds the best', 69, [3, { selfBias: 2 }, 'borda']),
  tasted('Copeland of 3 finds the best', 74, [3, {}, 'copeland']),
  tasted('plurality of 5 finds the best', 68, [5, {}, 'plurality']),
  tasted('plurality of 5 ties', 19, [5, {}, 'plurality'], wasTie),
  tasted('Borda of 5 finds the best', 71, [5, {}, 'borda']),
  tasted('Copeland of 5 finds the best', 71, [5, {}, 'copeland']),
  tasted('Borda of 7 with self-bias 2 finds the best', 70, [7, { selfBias: 2 }, 'borda']),
  tasted('the first ballot wins where the tally is hidden', 62.8, [5, {}, 'plurality'], firstVotedWins),
  tasted('the first ballot wins where voters look', 77.6, [5, { herding: 1 }, 'plurality'], firstVotedWins),
  tasted('the first ballot wins where voters follow', 89.9, [5, { herding: 2 }, 'plurality'], firstVotedWins),
  tasted('voters who follow find the best', 60.7, [5, { herding: 2 }, 'plurality']),
  tasted('the first place wins in a fixed order', 44.5, [5, { firstBias: 1 }, 'plurality'], slotOneWins, true),
  tasted('the first agent wins when orders are drawn', 20, [5, { firstBias: 1 }, 'plurality'], slotOneWins),
  tasted('voters who favour the first place find the best in drawn orders', 63.9, [5, { firstBias: 1 }, 'plurality']),
  tasted(
    'voters who favour the first place find the best in a fixed order',
    59.4,
    [5, { firstBias: 1 }, 'plurality'],
    isBest,
    true,
  ),
];

/** The same curves further on, for measuring: teams of many agents take their time. */
export const FURTHER_CURVES: readonly Curve[] = [
  solved('9 agents are right', 69.9, many(9, SKILL.usual)),
  solved('15 agents are right', 72.1, many(15, SKILL.usual)),
  solved('25 agents are right', 73.2, many(25, SKILL.usual)),
  // By integration over the ease of questions.
  solved('of 7 agents one is right', 93.1, many(7, SKILL.usual), hasRight),
  solved('of 9 agents one is right', 94.7, many(9, SKILL.usual), hasRight),
  solved('of 15 agents one is right', 96.5, many(15, SKILL.usual), hasRight),
  solved('3 strong agents and 2 weak ones are right', 75.3, [...many(3, SKILL.strong), ...many(2, SKILL.weak)]),
  solved('3 strong agents and 6 weak ones are right', 71.3, [...many(3, SKILL.strong), ...many(6, SKILL.weak)]),
  tasted('Borda of 3 finds the best', 73, [3, {}, 'borda']),
  tasted('Copeland of 3 with self-bias 2 finds the best', 69, [3, { selfBias: 2 }, 'copeland']),
  // Voters who never choose their own answer; where self-votes do not count, the same follows at every self-bias.
  tasted('plurality of 3 among the others finds the best', 64.6, [3, { selfBias: -1_000 }, 'plurality']),
  tasted('plurality of 3 among the others ties', 12.9, [3, { selfBias: -1_000 }, 'plurality'], wasTie),
  tasted('plurality of 5 with self-bias 2 finds the best', 61, [5, { selfBias: 2 }, 'plurality']),
  tasted('plurality of 5 with self-bias 2 ties', 26, [5, { selfBias: 2 }, 'plurality'], wasTie),
  tasted('Borda of 5 with self-bias 2 finds the best', 70, [5, { selfBias: 2 }, 'borda']),
  tasted('Copeland of 5 with self-bias 2 finds the best', 68, [5, { selfBias: 2 }, 'copeland']),
  tasted('plurality of 7 finds the best', 66, [7, {}, 'plurality']),
  tasted('plurality of 7 with self-bias 2 finds the best', 60.7, [7, { selfBias: 2 }, 'plurality']),
  tasted('plurality of 7 with self-bias 2 ties', 27.7, [7, { selfBias: 2 }, 'plurality'], wasTie),
  tasted('Borda of 7 finds the best', 72, [7, {}, 'borda']),
  tasted('voters who do not look find the best', 66.8, [5, {}, 'plurality']),
  tasted('voters who look find the best', 65.3, [5, { herding: 1 }, 'plurality']),
  tasted(
    'the first place wins in a fixed order at bias 2',
    72.6,
    [5, { firstBias: 2 }, 'plurality'],
    slotOneWins,
    true,
  ),
  tasted('the first agent wins when orders are drawn at bias 2', 19.8, [5, { firstBias: 2 }, 'plurality'], slotOneWins),
  tasted('the best is found in drawn orders at bias 2', 54.1, [5, { firstBias: 2 }, 'plurality']),
  tasted('the best is found in a fixed order at bias 2', 41.5, [5, { firstBias: 2 }, 'plurality'], isBest, true),
];

/**
 * Fifteen independent samples of one solver, counted one after the other, that end once the leading answer is likely enough
 * to stay the preferred one: how often it is right, and how many ballots that takes. Known from the same rule on plain
 * counts (60,000 draws, without this program).
 */
export interface StopCurve {
  /** Null waits for all. */
  probability: number | null;
  knownRight: number;
  knownBallots: number;
  simulation: Omit<Simulation, 'seed'>;
}

const stopping = (probability: number | null, knownRight: number, knownBallots: number): StopCurve => ({
  probability,
  knownRight,
  knownBallots,
  simulation: {
    members: Array.from({ length: 15 }, (_, index) => samplerMember(`m${index}`, SKILL.usual)),
    settings: {
      ...by('plurality'),
      // One ballot of each, without a second answer.
      maxAnswersPerAgent: 1,
      ...(probability !== null && { earlyStop: 'probable', earlyStopProbability: probability }),
    },
    readsByLabel: true,
  },
});

export const STOP_CURVES: readonly StopCurve[] = [
  stopping(null, 72.5, 15),
  stopping(0.95, 72.2, 10.8),
  stopping(0.9, 71.9, 8.9),
];

/** Of the first `count` seeds: how many were right, and the ballots of each. */
export async function stopsOf({ simulation }: StopCurve, count: number): Promise<{ hits: number; ballots: number[] }> {
  const ballots: number[] = [];
  let hits = 0;
  for (let seed = 1; seed <= count; seed += 1) {
    const run = await simulate({ ...simulation, seed });
    if (isRight(run)) hits += 1;
    ballots.push(run.state.ballots.filter(({ voidedBy }) => voidedBy === null).length);
  }
  return { hits, ballots };
}

/** How many of `count` seeds from `first` on hit. */
export async function hitsOf({ simulation, isHit }: Curve, count: number, first = 1): Promise<number> {
  let hits = 0;
  for (let seed = first; seed < first + count; seed += 1) if (isHit(await simulate({ ...simulation, seed }))) hits += 1;
  return hits;
}
