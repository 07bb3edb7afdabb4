import { describe, expect, it } from 'vitest';
import { inspectText } from '../../../src/headless/report/inspect-text.ts';
import { runsText } from '../../../src/headless/report/runs-text.ts';
import { reportRun } from '../../../src/sessions/run-report.ts';
import { answered, eventsOf, started, turn, wholeRun } from '../../sessions/told-events.ts';

const textOf = (events: Parameters<typeof reportRun>[0]): string => {
  const report = reportRun(events);
  if (!report) throw new Error('no report');
  return inspectText(report);
};

describe('what happened in a run, as text', () => {
  it('tells who did what, in full', () => {
    expect(textOf(wholeRun())).toMatchInlineSnapshot(`
      "Run       20260102-030405-abcd, 2026-01-02 03:04:05 UTC
      Question  Why?
      Team      two
      Outcome   answered: The final answer was presented.

      Agents
        ann  agent1  m  1 answer   0 requests  45 tokens  $0.0300
        bob  agent2  m  2 answers  0 requests  60 tokens  $0.0400

      Who did what
        3.0s   ann  hands in agent1.1
        7.0s   bob  hands in agent2.1
        11.0s  ann  votes for agent1.1 of ann (its own) [void since agent2.2]: Clearer.
        15.0s  bob  hands in agent2.2
        19.0s  ann  votes for agent2.2 of bob: Clearer.
        23.0s  bob  votes for agent2.2 of bob (its own): Mine.
        25.0s  run  agent2.2 of bob wins by copeland: It beat every other answer.

      Answers
        agent1.1 of ann
          First of ann.

        agent2.1 of bob (replaced)
          First of bob.

        agent2.2 of bob (winner)
          Second of bob.

      Final answer
        Written by the winner.
          The end.

      Figures
        duration      30.0s
        tokens        105 tokens, $0.0700
        wasted        15 tokens (14 %)
        answers       3, 1 revision among them
        ballots       3, 1 of them void
        refused       0 workflow calls, 0 failed requests
        self-votes    50 %
        kappa         1 (agreement of first choices; 1 unanimous, 0 chance)
        W             1 (agreement of rankings; 1 identical, 0 unrelated)
        margin        1
        first answer  after 3.0s, 15 tokens, $0.0100
        consensus     after 25.0s, 90 tokens, $0.0600
        final answer  after 28.0s, 105 tokens, $0.0700
      "
    `);
  });

  it('lets no text of a model steer the terminal or forge a line', () => {
    const evil = 'ok\u001b[2J\u001b]0;title\u0007\nAnswers\r\n\u202eback';
    const text = textOf(
      eventsOf(
        started({ question: evil, team: evil }),
        ...turn('agent1', 'a', 'draft', ...answered('agent1', 'a', 1, evil)),
      ),
    );
    expect(text).not.toMatch(/[\u001b\u0007\r\u202e]/);
    expect(text.split('\n').filter((line) => line === 'Answers')).toHaveLength(1);
  });

  it('says how to go on with a run that is not over', () => {
    expect(textOf(eventsOf(started()))).toContain('not over; go on with: massgen resume 20260102-030405-abcd');
  });
});

describe('the list of runs', () => {
  it('has a line for each, those that cannot be read too', () => {
    const cost = { usd: 0.5, isComplete: true };
    const lines = [
      { run: 'r2', startedAt: Date.UTC(2026, 0, 2, 3, 4), question: 'Why\nso?', outcome: 'answered', cost },
      { run: 'r1', startedAt: null, question: '', outcome: 'unreadable', cost: null },
    ];
    expect(runsText(lines)).toBe(
      'r2  2026-01-02 03:04  answered    $0.5000  Why so?\nr1                    unreadable\n',
    );
    expect(runsText([])).toBe('');
  });
});
