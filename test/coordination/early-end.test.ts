import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentOf } from '../../src/coordination/views.ts';
import type { CoordinationSettings } from '../../src/events/settings.ts';
import { SimulatedTeam } from './simulated-team.ts';

/** Everybody has answered; the judging has begun. */
function judging(agents: number, settings: Partial<CoordinationSettings>): SimulatedTeam {
  const team = new SimulatedTeam(agents, settings);
  for (const alias of team.state.order) team.move(alias, { do: 'answer', text: `the answer of ${alias}` });
  return team;
}

function vote(team: SimulatedTeam, ...choices: [alias: string, choice: string][]): void {
  for (const [alias, choice] of choices) team.move(alias, { do: 'vote', for: choice });
}

/** Lets everybody who works end. */
function settle(team: SimulatedTeam): void {
  while (team.working[0] !== undefined) team.move(team.working[0], { do: 'vote', for: 'agent1' });
}

describe('a vote that nobody can change any more', () => {
  const one = { maxAnswersPerAgent: 1 };

  it('ends at once where no further answer can come', () => {
    const team = judging(5, one);
    vote(team, ['agent1', 'agent2'], ['agent2', 'agent2'], ['agent3', 'agent2']);
    expect(team.state.order.map((alias) => agentOf(team.state, alias).turn?.isInterrupted)).toEqual([
      undefined,
      undefined,
      undefined,
      true,
      true,
    ]);
    settle(team);
    expect(team.state.winner).toMatchObject({ label: 'agent2.1', ballots: 3 });
    expect(team.state.winner?.reason).toMatch(/^No ballot that is missing could change the winner\. /);
  });

  it.each([
    ['while somebody who owes a ballot may hand in an answer', { maxAnswersPerAgent: 2 }],
    ['where everybody is to be asked', { maxAnswersPerAgent: 1, earlyStop: 'never' }],
  ] as const)('goes on %s', (_, settings) => {
    const team = judging(5, settings);
    vote(team, ['agent1', 'agent2'], ['agent2', 'agent2'], ['agent3', 'agent2']);
    expect(team.state.winner).toBeNull();
    settle(team);
    expect(team.state.winner?.ballots).toBe(5);
  });

  it('ends all the same where only ballots are asked about', () => {
    const team = judging(5, { maxAnswersPerAgent: 2, earlyStop: 'ballots' });
    vote(team, ['agent1', 'agent2'], ['agent2', 'agent2'], ['agent3', 'agent2']);
    settle(team);
    expect(team.state.winner).toMatchObject({ label: 'agent2.1', ballots: 3 });
  });

  it('ends once most are likely enough to prefer the leading answer, where that is enough', () => {
    const team = judging(9, { maxAnswersPerAgent: 2, earlyStop: 'probable' });
    vote(team, ['agent1', 'agent2'], ['agent2', 'agent2'], ['agent3', 'agent2']);
    expect(agentOf(team.state, 'agent4').turn?.isInterrupted).toBe(false);
    vote(team, ['agent4', 'agent2']);
    settle(team);
    expect(team.state.winner).toMatchObject({ label: 'agent2.1', ballots: 4 });
    expect(team.state.winner?.reason).toMatch(
      /^The ballots so far make it at least 95 % likely that most prefer the leading answer\. /,
    );
  });

  it('waits for more ballots the more certain it is to be', () => {
    const ballots = [0.9, 0.95, 0.99].map((earlyStopProbability) => {
      const team = judging(12, { maxAnswersPerAgent: 1, earlyStop: 'probable', earlyStopProbability });
      for (const alias of team.state.order) if (team.working.includes(alias)) vote(team, [alias, 'agent2']);
      return team.state.winner?.ballots;
    });
    expect(ballots).toEqual([3, 4, 6]);
  });

  it('has the winner that it would have if everybody voted', () => {
    const rules = fc.record({
      votingRule: fc.constantFrom('copeland', 'borda', 'plurality', 'approval'),
      tieBreak: fc.constantFrom('earliest-answer', 'registration', 'fewest-tokens', 'random'),
      countSelfVotes: fc.boolean(),
    } as const);
    const votes = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.boolean()), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 7 }), rules, votes, (agents, rule, ballots) => {
        const winners = (['safe', 'never'] as const).map((earlyStop) => {
          const team = judging(agents, { ...rule, maxAnswersPerAgent: 1, earlyStop });
          for (const [index, alias] of team.state.order.entries()) {
            if (team.state.end || !team.working.includes(alias)) break;
            const [first = 0, second = 0, isStrong = false] = ballots[index] ?? [];
            const [choice, other] = [first, second].map((n) => `agent${(isStrong ? 0 : n % agents) + 1}`);
            team.move(alias, { do: 'vote', for: choice ?? '', ranking: [choice ?? '', other ?? ''] });
          }
          settle(team);
          return team.state.winner?.label;
        });
        expect(winners[0]).toBe(winners[1]);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a quorum', () => {
  it('is enough to choose by', () => {
    const team = judging(4, { quorum: 2 });
    vote(team, ['agent4', 'agent3'], ['agent2', 'agent3']);
    settle(team);
    expect(team.state.winner).toMatchObject({ label: 'agent3.1', ballots: 2 });
    expect(team.state.winner?.reason).toMatch(/^The quorum of 2 was reached\. /);
  });

  it('counts no void ballot', () => {
    const team = judging(3, { quorum: 2 });
    vote(team, ['agent1', 'agent1']);
    team.move('agent2', { do: 'answer', text: 'a better one' });
    vote(team, ['agent3', 'agent1']);
    expect(team.state.winner).toBeNull();
  });

  it('larger than the team asks everybody', () => {
    const team = judging(2, { quorum: 9 });
    vote(team, ['agent1', 'agent2'], ['agent2', 'agent2']);
    expect(team.state.winner).toMatchObject({ label: 'agent2.1', ballots: 2 });
  });
});

describe('a cap on the answers of all agents together', () => {
  it('ends the drafts of those who are too late, and lets them vote', () => {
    const team = new SimulatedTeam(3, { maxAnswersTotal: 2 });
    team.move('agent1', { do: 'answer', text: 'one' });
    team.move('agent2', { do: 'answer', text: 'two' });
    expect(agentOf(team.state, 'agent3').turn).toMatchObject({ kind: 'draft', isInterrupted: true });
    team.move('agent3', { do: 'answer', text: 'too late' });
    expect(team.kindOf('agent3')).toBe('judge');
    vote(team, ['agent1', 'agent2'], ['agent3', 'agent2']);
    settle(team);
    expect(team.state.winner).toMatchObject({ label: 'agent2.1' });
    expect(agentOf(team.state, 'agent3').answers).toEqual([]);
  });

  it('refuses a better answer once it is reached', () => {
    const team = judging(2, { maxAnswersTotal: 2 });
    team.move('agent1', { do: 'answer', text: 'one more' });
    expect(team.events.flatMap((event) => (event.type === 'call.refused' ? [event.data.code] : []))).toEqual([
      'answer-cap',
    ]);
  });

  it('of one takes the first answer, without a vote', () => {
    const team = new SimulatedTeam(3, { maxAnswersTotal: 1 });
    team.move('agent2', { do: 'answer', text: 'first' });
    settle(team);
    expect(team.state.winner).toMatchObject({ label: 'agent2.1', rule: 'only-answer' });
  });
});
