import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CastBallot, TallyInput } from '../../src/voting/tally-input.ts';
import { tally } from '../../src/voting/tally.ts';
import { anyElection, RULES } from './elections.ts';

/** Gives every agent another name: `agent3.1` becomes `x3.9`. */
function rename(text: string): string {
  return text.replaceAll(/agent(\d)\.1/g, 'x$1.9').replaceAll(/agent(\d)/g, 'x$1');
}

/** The ballot with `label` one place higher; a label that was not listed is put last of the listed ones. */
function raise(ballot: CastBallot, label: string): CastBallot {
  const ranking = [...ballot.ranking];
  const at = ranking.indexOf(label);
  if (at < 0) ranking.push(label);
  else if (at > 0) [ranking[at - 1], ranking[at]] = [label, ranking[at - 1]!];
  return { ...ballot, choice: ranking[0]!, ranking };
}

/** How many ballots prefer `a` to `b`, by the definition: it is listed, and `b` comes later or not at all. */
function preferring(a: string, b: string, ballots: readonly CastBallot[]): number {
  return ballots.filter(({ ranking }) => {
    const [atA, atB] = [ranking.indexOf(a), ranking.indexOf(b)];
    return atA >= 0 && (atB < 0 || atA < atB);
  }).length;
}

describe('every rule', () => {
  it('is neutral: renamed candidates get the same result under their new names', () => {
    fc.assert(
      fc.property(anyElection(), (input) => {
        const renamed = JSON.parse(rename(JSON.stringify(input))) as TallyInput;
        expect(tally(renamed)).toEqual(JSON.parse(rename(JSON.stringify(tally(input)))));
      }),
    );
  });

  it('is anonymous: the order of the ballots changes nothing', () => {
    const shuffled = anyElection().chain((input) =>
      fc.tuple(fc.constant(input), fc.shuffledSubarray([...input.ballots], { minLength: input.ballots.length })),
    );
    fc.assert(
      fc.property(shuffled, ([input, ballots]) => {
        expect(tally({ ...input, ballots })).toEqual(tally(input));
      }),
    );
  });

  it('is monotone: a winner that one ballot ranks higher still wins', () => {
    fc.assert(
      fc.property(anyElection(), fc.nat(), (input, pick) => {
        const winner = tally(input)?.label;
        fc.pre(winner !== undefined);
        const raised = input.ballots.map((ballot, index) =>
          index === pick % input.ballots.length ? raise(ballot, winner) : ballot,
        );
        expect(tally({ ...input, ballots: raised })?.label).toBe(winner);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the winner the best score, names it in the reason, and puts it first', () => {
    fc.assert(
      fc.property(anyElection(), (input) => {
        const result = tally(input);
        fc.pre(result !== null);
        const best = Math.max(...result.scores.map((entry) => entry.score));
        expect(result.scores[0]).toMatchObject({ label: result.label, score: best });
        expect(result.reason).toContain(result.label);
      }),
    );
  });

  it('reports a tie exactly when several answers have the best score', () => {
    fc.assert(
      fc.property(anyElection(), (input) => {
        const result = tally(input);
        fc.pre(result !== null);
        const best = result.scores.filter((entry) => entry.score === result.scores[0]?.score);
        expect(result.tie?.labels.toSorted() ?? null).toEqual(
          best.length > 1 ? best.map((entry) => entry.label).toSorted() : null,
        );
      }),
    );
  });

  it('leaves self-votes out as if each ballot named the other answers only', () => {
    fc.assert(
      fc.property(anyElection(), (input) => {
        const withoutThem = input.ballots.flatMap(({ voter, ranking }) => {
          const others = ranking.filter((label) => label !== `${voter}.1`);
          const [choice] = others;
          return choice === undefined ? [] : [{ voter, choice, ranking: others }];
        });
        const { reason: _, ...excluded } = tally({ ...input, countSelfVotes: false }) ?? { reason: '' };
        const { reason: __, ...neverCast } = tally({ ...input, ballots: withoutThem }) ?? { reason: '' };
        expect(excluded).toEqual(neverCast);
      }),
    );
  });

  it('gives the same result for the same seed', () => {
    fc.assert(
      fc.property(anyElection(), (input) => {
        expect(tally({ ...input, tieBreak: 'random' })).toEqual(
          tally(structuredClone({ ...input, tieBreak: 'random' })),
        );
      }),
    );
  });

  it('does not look at the seed unless a lot is drawn', () => {
    fc.assert(
      fc.property(anyElection(), fc.integer(), (input, seed) => {
        fc.pre(input.tieBreak !== 'random');
        expect(tally({ ...input, seed })).toEqual(tally(input));
      }),
    );
  });
});

describe('a single ballot', () => {
  it.each(RULES.filter((rule) => rule !== 'approval'))('elects its first choice under %s', (rule) => {
    fc.assert(
      fc.property(anyElection([rule]), (input) => {
        fc.pre(input.ballots.length > 0);
        const [only] = input.ballots;
        expect(tally({ ...input, ballots: [only!], countSelfVotes: true })?.label).toBe(only!.choice);
      }),
    );
  });

  it('elects one of the answers it lists under approval', () => {
    fc.assert(
      fc.property(anyElection(['approval']), (input) => {
        fc.pre(input.ballots.length > 0);
        const [only] = input.ballots;
        expect(only!.ranking).toContain(tally({ ...input, ballots: [only!], countSelfVotes: true })?.label);
      }),
    );
  });
});

describe('copeland', () => {
  it('elects the answer that beats every other one in pairs, whenever there is one', () => {
    fc.assert(
      fc.property(anyElection(['copeland']), (election) => {
        const input = { ...election, countSelfVotes: true };
        const labels = input.candidates.map((candidate) => candidate.label);
        const condorcet = labels.find((a) =>
          labels.every((b) => a === b || preferring(a, b, input.ballots) > preferring(b, a, input.ballots)),
        );
        fc.pre(condorcet !== undefined && labels.length > 1);
        expect(tally(input)).toMatchObject({ label: condorcet, tie: null });
      }),
      { numRuns: 300 },
    );
  });

  it('gives away one point per pair', () => {
    fc.assert(
      fc.property(anyElection(['copeland']), (input) => {
        const result = tally(input);
        fc.pre(result !== null);
        const n = input.candidates.length;
        expect(result.scores.reduce((total, entry) => total + entry.score, 0)).toBe((n * (n - 1)) / 2);
      }),
    );
  });
});

describe('borda', () => {
  it('gives away n(n-1)/2 points per ballot, however short the ballot is', () => {
    fc.assert(
      fc.property(anyElection(['borda']), (input) => {
        const result = tally(input);
        fc.pre(result !== null);
        const n = input.candidates.length;
        const total = result.scores.reduce((sum, entry) => sum + entry.score, 0);
        expect(total).toBe((result.ballots * n * (n - 1)) / 2);
      }),
    );
  });
});
