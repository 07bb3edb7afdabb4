import { describe, expect, it } from 'vitest';
import { reportRun } from '../../src/sessions/run-report.ts';
import { eventsOf, started, turn, answered, wholeRun, STARTED_AT } from './told-events.ts';

const cents = (usd: number) => ({ usd: expect.closeTo(usd, 6) as number, isComplete: true });

describe('the report of a run', () => {
  it('holds every answer version with its own text, and which one won', () => {
    expect(reportRun(wholeRun())?.answers).toEqual([
      {
        label: 'agent1.1',
        id: 'ann',
        atMs: 3000,
        text: 'First of ann.',
        isCut: false,
        isCurrent: true,
        isWinner: false,
        grade: null,
      },
      {
        label: 'agent2.1',
        id: 'bob',
        atMs: 7000,
        text: 'First of bob.',
        isCut: false,
        isCurrent: false,
        isWinner: false,
        grade: null,
      },
      {
        label: 'agent2.2',
        id: 'bob',
        atMs: 15000,
        text: 'Second of bob.',
        isCut: false,
        isCurrent: true,
        isWinner: true,
        grade: null,
      },
    ]);
  });

  it('holds every ballot with its reason, and what made it void', () => {
    const ballots = reportRun(wholeRun())?.ballots.map(
      ({ voterId, choice, choiceId, reason, voidedBy, isSelfVote }) => ({
        voterId,
        choice,
        choiceId,
        reason,
        voidedBy,
        isSelfVote,
      }),
    );
    expect(ballots).toEqual([
      {
        voterId: 'ann',
        choice: 'agent1.1',
        choiceId: 'ann',
        reason: 'Clearer.',
        voidedBy: 'agent2.2',
        isSelfVote: true,
      },
      { voterId: 'ann', choice: 'agent2.2', choiceId: 'bob', reason: 'Clearer.', voidedBy: null, isSelfVote: false },
      { voterId: 'bob', choice: 'agent2.2', choiceId: 'bob', reason: 'Mine.', voidedBy: null, isSelfVote: true },
    ]);
  });

  it('measures the run', () => {
    const report = reportRun(wholeRun());
    expect({ startedAt: report?.startedAt, winner: report?.winner?.id, ...report?.statistics }).toEqual({
      startedAt: STARTED_AT,
      winner: 'bob',
      durationMs: 30_000,
      tokens: 105,
      cost: cents(0.07),
      answers: 3,
      revisions: 1,
      ballots: 3,
      voidBallots: 1,
      refusedCalls: 0,
      failedRequests: 0,
      wastedTokens: 15,
      agreement: { ballots: 2, selfVoteRate: 0.5, firstChoiceKappa: 1, rankingConcordance: 1, margin: 1 },
      tieBrokenBy: null,
      firstAnswer: { afterMs: 3000, tokens: 15, cost: cents(0.01) },
      consensus: { afterMs: 25_000, tokens: 90, cost: cents(0.06) },
      finalAnswer: { afterMs: 28_000, tokens: 105, cost: cents(0.07) },
    });
  });

  it('is made of a run that is still going too', () => {
    const report = reportRun(
      eventsOf(started(), ...turn('agent1', 'a1', 'draft', ...answered('agent1', 'a1', 1, 'x'))),
    );
    expect([report?.outcome, report?.winner, report?.final, report?.statistics.agreement]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(reportRun([])).toBeNull();
  });
});
