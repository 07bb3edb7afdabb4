import { describe, expect, it } from 'vitest';
import type { TallyInput } from '../../src/voting/tally-input.ts';
import { tally } from '../../src/voting/tally.ts';
import { ballot, candidates, election, RULES } from './elections.ts';

describe('copeland', () => {
  it('elects the answer that beats every other one, though another has more first choices', () => {
    // agent1 has 3 of 7 first choices, but 4 of 7 prefer agent2 to it, and 5 of 7 prefer agent2 to agent3.
    const input = election('copeland', 3, '123', '123', '123', '213', '213', '321', '321');
    expect(tally(input)).toEqual({
      label: 'agent2.1',
      rule: 'copeland',
      scores: [
        { label: 'agent2.1', score: 2, firstChoices: 2 },
        { label: 'agent1.1', score: 1, firstChoices: 3 },
        { label: 'agent3.1', score: 0, firstChoices: 2 },
      ],
      tie: null,
      ballots: 7,
      reason: 'agent2.1 beat every other answer in pairwise comparison.',
    });
  });

  it('gives half a point for a pairwise tie', () => {
    // 1:2 is 1:1; 1:3 is 2:0; 2:3 is 1:1.
    expect(tally(election('copeland', 3, '132', '213'))).toEqual({
      label: 'agent1.1',
      rule: 'copeland',
      scores: [
        { label: 'agent1.1', score: 1.5, firstChoices: 1 },
        { label: 'agent2.1', score: 1, firstChoices: 1 },
        { label: 'agent3.1', score: 0.5, firstChoices: 0 },
      ],
      tie: null,
      ballots: 2,
      reason: 'agent1.1 scored highest in pairwise comparison (1.5 of 2 points, the next has 1).',
    });
  });

  it('sees no preference among answers that a ballot does not list', () => {
    // 2 and 3 are compared by nobody, so they tie; both lose to 1.
    expect(tally(election('copeland', 3, '1', '1'))?.scores).toEqual([
      { label: 'agent1.1', score: 2, firstChoices: 2 },
      { label: 'agent2.1', score: 0.5, firstChoices: 0 },
      { label: 'agent3.1', score: 0.5, firstChoices: 0 },
    ]);
  });

  it('asks Borda points first inside a tie, and the tie-break rule about what they leave', () => {
    // 1 beats 2, 2 beats 3, 3 beats 1 (2:1 each), all beat 4. Borda: 6, 5, 6 and 1.
    expect(tally(election('copeland', 4, '1234', '2314', '3142'))).toEqual({
      label: 'agent3.1',
      rule: 'copeland',
      scores: [
        { label: 'agent3.1', score: 2, firstChoices: 1 },
        { label: 'agent1.1', score: 2, firstChoices: 1 },
        { label: 'agent2.1', score: 2, firstChoices: 1 },
        { label: 'agent4.1', score: 0, firstChoices: 0 },
      ],
      tie: { labels: ['agent1.1', 'agent2.1', 'agent3.1'], decidedBy: 'earliest-answer' },
      ballots: 3,
      reason:
        'agent1.1, agent2.1 and agent3.1 tied with 2 points each in pairwise comparison; ' +
        'Borda points left agent1.1 and agent3.1; the tie was broken by the earlier answer, so agent3.1 won.',
    });
  });

  it('stops at Borda points when they alone break the tie', () => {
    // 1:2 is 2:2, both beat 3. Borda: 2+1+1+2 against 1+2+2+0.5.
    expect(tally(election('copeland', 3, '123', '213', '213', '1'))).toEqual({
      label: 'agent1.1',
      rule: 'copeland',
      scores: [
        { label: 'agent1.1', score: 1.5, firstChoices: 2 },
        { label: 'agent2.1', score: 1.5, firstChoices: 2 },
        { label: 'agent3.1', score: 0, firstChoices: 0 },
      ],
      tie: { labels: ['agent1.1', 'agent2.1'], decidedBy: 'borda' },
      ballots: 4,
      reason:
        'agent1.1 and agent2.1 tied with 1.5 points each in pairwise comparison; ' +
        'the tie was broken by Borda points (6 against 5.5), so agent1.1 won.',
    });
  });

  it('breaks the tie of a full cycle by the tie-break rule, and says that Borda points did not help', () => {
    expect(tally(election('copeland', 3, '123', '231', '312'))).toEqual({
      label: 'agent3.1',
      rule: 'copeland',
      scores: [
        { label: 'agent3.1', score: 1, firstChoices: 1 },
        { label: 'agent1.1', score: 1, firstChoices: 1 },
        { label: 'agent2.1', score: 1, firstChoices: 1 },
      ],
      tie: { labels: ['agent1.1', 'agent2.1', 'agent3.1'], decidedBy: 'earliest-answer' },
      ballots: 3,
      reason:
        'agent1.1, agent2.1 and agent3.1 tied with 1 point each in pairwise comparison; ' +
        'Borda points did not separate them; the tie was broken by the earliest answer, so agent3.1 won.',
    });
  });
});

describe('borda', () => {
  it('gives unlisted answers the average of the places that are left', () => {
    // 123: 2,1,0; 213: 1,2,0; 2: 0.5,2,0.5.
    expect(tally(election('borda', 3, '123', '213', '2'))).toEqual({
      label: 'agent2.1',
      rule: 'borda',
      scores: [
        { label: 'agent2.1', score: 5, firstChoices: 2 },
        { label: 'agent1.1', score: 3.5, firstChoices: 1 },
        { label: 'agent3.1', score: 0.5, firstChoices: 0 },
      ],
      tie: null,
      ballots: 3,
      reason: 'agent2.1 has the most Borda points (5, the next has 3.5).',
    });
  });

  it('may elect a broadly liked answer over the one with most first choices', () => {
    // 1: 3*2 = 6, 2: 3*1 + 2*2 = 7, 3: 2*1 = 2.
    expect(tally(election('borda', 3, '123', '123', '123', '231', '231'))?.label).toBe('agent2.1');
  });
});

describe('plurality', () => {
  it('counts first choices alone', () => {
    expect(tally(election('plurality', 3, '123', '123', '321', '231', '13'))).toEqual({
      label: 'agent1.1',
      rule: 'plurality',
      scores: [
        { label: 'agent1.1', score: 3, firstChoices: 3 },
        { label: 'agent2.1', score: 1, firstChoices: 1 },
        { label: 'agent3.1', score: 1, firstChoices: 1 },
      ],
      tie: null,
      ballots: 5,
      reason: 'agent1.1 got 3 of 5 votes, the next 1.',
    });
  });
});

describe('approval', () => {
  it('counts every listed answer once', () => {
    expect(tally(election('approval', 3, '12', '32', '2'))).toEqual({
      label: 'agent2.1',
      rule: 'approval',
      scores: [
        { label: 'agent2.1', score: 3, firstChoices: 1 },
        { label: 'agent1.1', score: 1, firstChoices: 1 },
        { label: 'agent3.1', score: 1, firstChoices: 1 },
      ],
      tie: null,
      ballots: 3,
      reason: 'agent2.1 was approved on 3 of 3 ballots, the next on 1.',
    });
  });

  it('lists equal scores behind the winner by first choices', () => {
    expect(tally(election('approval', 3, '12', '31', '1'))?.scores).toEqual([
      { label: 'agent1.1', score: 3, firstChoices: 2 },
      { label: 'agent3.1', score: 1, firstChoices: 1 },
      { label: 'agent2.1', score: 1, firstChoices: 0 },
    ]);
  });

  it('does not count a repeated label twice', () => {
    expect(tally(election('approval', 2, '12', '2', '11111'))?.scores).toEqual([
      { label: 'agent2.1', score: 2, firstChoices: 1 },
      { label: 'agent1.1', score: 2, firstChoices: 2 },
    ]);
  });
});

describe('a tie', () => {
  const twoVotes = (change: Partial<TallyInput>): TallyInput => ({ ...election('plurality', 2, '1', '2'), ...change });
  const outcome = (input: TallyInput): unknown => {
    const { label, tie, reason } = tally(input) ?? {};
    return { label, decidedBy: tie?.decidedBy, reason };
  };
  const cheapSecond = candidates(2).map((c, index) => ({ ...c, tokens: index === 1 ? 300 : 500 }));

  it('goes to the earlier answer', () => {
    expect(outcome(twoVotes({ tieBreak: 'earliest-answer' }))).toEqual({
      label: 'agent2.1',
      decidedBy: 'earliest-answer',
      reason: 'agent1.1 and agent2.1 tied with 1 vote each; the tie was broken by the earlier answer, so agent2.1 won.',
    });
  });

  it('goes to the agent that comes first in the team when that is the rule, and says so', () => {
    expect(outcome(twoVotes({ tieBreak: 'registration' }))).toEqual({
      label: 'agent1.1',
      decidedBy: 'registration',
      reason:
        'agent1.1 and agent2.1 tied with 1 vote each; ' +
        'the tie was broken by the order of the agents in the team, so agent1.1 won.',
    });
  });

  it('goes to the answer that took fewer tokens', () => {
    expect(outcome(twoVotes({ tieBreak: 'fewest-tokens', candidates: cheapSecond }))).toEqual({
      label: 'agent2.1',
      decidedBy: 'fewest-tokens',
      reason:
        'agent1.1 and agent2.1 tied with 1 vote each; ' +
        'the tie was broken by fewer tokens used (300 against 500), so agent2.1 won.',
    });
  });

  it('goes to the earlier answer when the tokens are equal too', () => {
    expect(outcome(twoVotes({ tieBreak: 'fewest-tokens' }))).toEqual({
      label: 'agent2.1',
      decidedBy: 'earliest-answer',
      reason:
        'agent1.1 and agent2.1 tied with 1 vote each; tokens used did not separate them; ' +
        'the tie was broken by the earlier answer, so agent2.1 won.',
    });
  });

  it('is drawn by a lot that the seed alone decides', () => {
    const winners = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => tally(twoVotes({ tieBreak: 'random', seed }))?.label);
    expect(new Set(winners)).toEqual(new Set(['agent1.1', 'agent2.1']));
    expect(outcome(twoVotes({ tieBreak: 'random', seed: 1 }))).toEqual({
      label: winners[0],
      decidedBy: 'random',
      reason:
        'agent1.1 and agent2.1 tied with 1 vote each; ' +
        `the tie was broken by a lot drawn from the run's seed, so ${winners[0]} won.`,
    });
  });

  it('names the unit of the rule', () => {
    expect(tally(election('approval', 2, '12', '21'))?.reason).toMatch(
      /^agent1\.1 and agent2\.1 tied with 2 approvals each;/,
    );
    expect(tally(election('borda', 2, '12', '21'))?.reason).toMatch(
      /^agent1\.1 and agent2\.1 tied with 1 Borda point each;/,
    );
  });
});

describe('self-votes', () => {
  const input: TallyInput = {
    ...election('plurality', 3),
    ballots: [ballot('agent1', '123'), ballot('agent2', '312'), ballot('agent3', '312'), ballot('agent4', '132')],
  };

  it('count and are reported', () => {
    const even = { ...input, ballots: [...input.ballots, ballot('agent5', '1')] };
    expect(tally(even)).toMatchObject({
      label: 'agent1.1',
      ballots: 5,
      reason: 'agent1.1 got 3 of 5 votes, the next 2 (2 self-votes counted).',
    });
  });

  it('count for the next choice, and are reported, when they do not count', () => {
    const ballots = [...input.ballots, ballot('agent5', '2')];
    expect(tally({ ...input, ballots, countSelfVotes: false })).toEqual({
      label: 'agent2.1',
      rule: 'plurality',
      scores: [
        { label: 'agent2.1', score: 2, firstChoices: 2 },
        { label: 'agent1.1', score: 2, firstChoices: 2 },
        { label: 'agent3.1', score: 1, firstChoices: 1 },
      ],
      tie: { labels: ['agent1.1', 'agent2.1'], decidedBy: 'earliest-answer' },
      ballots: 5,
      reason:
        'agent1.1 and agent2.1 tied with 2 votes each; the tie was broken by the earlier answer, so agent2.1 won ' +
        '(2 self-votes counted for the next choice).',
    });
  });

  it('are left out, and reported, when they do not count and name no next choice', () => {
    const ballots = [ballot('agent1', '1'), ballot('agent2', '12'), ballot('agent3', '32'), ballot('agent4', '1')];
    expect(tally({ ...input, ballots, countSelfVotes: false })).toMatchObject({
      label: 'agent1.1',
      ballots: 3,
      reason: 'agent1.1 got 2 of 3 votes, the next 1 (1 self-vote counted for the next choice, 1 self-vote left out).',
    });
  });

  it('are no approval of the own answer either, when they do not count', () => {
    const ballots = [ballot('agent1', '213'), ballot('agent2', '21'), ballot('agent3', '1')];
    expect(tally({ ...input, rule: 'approval', ballots, countSelfVotes: false })?.scores).toEqual([
      { label: 'agent1.1', score: 2, firstChoices: 2 },
      { label: 'agent2.1', score: 1, firstChoices: 1 },
      { label: 'agent3.1', score: 1, firstChoices: 0 },
    ]);
  });

  it('decide nothing when all of them are left out', () => {
    expect(tally({ ...input, ballots: [ballot('agent1', '1')], countSelfVotes: false })).toBeNull();
  });
});

describe('small counts', () => {
  it('a single ballot is named with its voter', () => {
    expect(tally(election('copeland', 3, '231'))?.reason).toBe('agent2.1 won with the only ballot, cast by voter1.');
  });

  it('a single self-vote is called one', () => {
    const input = { ...election('copeland', 2), ballots: [ballot('agent2', '21')] };
    expect(tally(input)?.reason).toBe(
      "agent2.1 won with the only ballot, agent2's vote for its own answer (self-vote).",
    );
  });

  it('a single ballot beside a self-vote that was left out says so', () => {
    const input = { ...election('borda', 2), ballots: [ballot('agent2', '2'), ballot('agent1', '21')] };
    expect(tally({ ...input, countSelfVotes: false })?.reason).toBe(
      'agent2.1 won with the only ballot, cast by agent1 (1 self-vote left out).',
    );
  });

  it.each(RULES)('the only answer wins under %s', (rule) => {
    expect(tally(election(rule, 1, '1', '1'))).toMatchObject({
      label: 'agent1.1',
      tie: null,
      reason: 'agent1.1 was the only answer.',
    });
  });

  it.each(RULES)('no ballot and no candidate decide nothing under %s', (rule) => {
    expect([tally(election(rule, 3)), tally(election(rule, 0, '1'))]).toEqual([null, null]);
  });

  it('a ballot for something that is no candidate is no ballot', () => {
    expect(tally(election('plurality', 2, '9', '2'))).toMatchObject({ label: 'agent2.1', ballots: 1 });
  });

  it('unknown labels inside a ranking are passed over', () => {
    expect(tally(election('borda', 3, '1923'))?.scores.map((entry) => entry.score)).toEqual([2, 1, 0]);
  });
});
