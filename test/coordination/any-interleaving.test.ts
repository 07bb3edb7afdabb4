import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { decide } from '../../src/coordination/decide.ts';
import { countingBallots, currentAnswers } from '../../src/coordination/views.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { play, runs } from './random-play.ts';
import type { SimulatedTeam } from './simulated-team.ts';

function check(claim: (team: SimulatedTeam) => void, numRuns: number): void {
  fc.assert(
    fc.property(runs, (world) => claim(play(world))),
    { numRuns },
  );
}

function ofType<T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** The events, cut where an attempt begins. */
function attemptsOf(events: readonly RunEvent[]): RunEvent[][] {
  const starts = events.flatMap((event, index) => (event.type === 'attempt.started' ? [index] : []));
  return [0, ...starts].map((start, index) => events.slice(start, starts[index] ?? events.length));
}

/** What holds at the end of every run, each by its name. `play` throws where a run does not end. */
const CLAIMS: Readonly<Record<string, (team: SimulatedTeam) => void>> = {
  'the run ends, once, and says so last': (team) => {
    expect(team.types.filter((type) => type === 'run.finished')).toHaveLength(1);
    expect(team.types.at(-1)).toBe('run.finished');
    expect(team.working).toEqual([]);
  },
  'in each attempt at most one winner is chosen, one presenter started, and one answer presented': (team) => {
    for (const events of attemptsOf(team.events)) {
      const started = ofType(events, 'turn.started');
      expect(started.filter((event) => event.data.kind === 'present').length).toBeLessThanOrEqual(1);
      expect(started.filter((event) => event.data.kind === 'evaluate').length).toBeLessThanOrEqual(1);
      expect(ofType(events, 'answer.presented').length).toBeLessThanOrEqual(1);
      expect(ofType(events, 'winner.chosen').length).toBeLessThanOrEqual(1);
    }
  },
  'there are no more attempts than asked for': (team) => {
    expect(attemptsOf(team.events).length).toBeLessThanOrEqual(team.state.settings.maxRestarts + 1);
  },
  'an answer is presented exactly when one was handed in and nobody cancelled': (team) => {
    const hasAnswer = ofType(team.events, 'answer.submitted').length > 0;
    const isVetoed = Object.keys(team.state.vetoes).length > 0 && currentAnswers(team.state).length === 0;
    // The answer that was presented before a restart stands where nothing is left of the attempt after it.
    const isLeft = attemptsOf(team.events).length > 1 || (hasAnswer && !isVetoed);
    expect(team.state.final !== null || team.state.isCancelled).toBe(isLeft || team.state.isCancelled);
    const { isCancelled, isDeadlineReached } = team.state;
    const expected = isCancelled
      ? 'cancelled'
      : isDeadlineReached
        ? 'timed-out'
        : team.state.final
          ? 'answered'
          : 'failed';
    expect(team.state.end?.outcome).toBe(expected);
  },
  'a vetoed answer never wins, and the one that the user chose always does': (team) => {
    const { winner, vetoes, override } = team.state;
    if (!winner) return;
    expect(Object.keys(vetoes)).not.toContain(winner.label);
    expect(winner.label).toBe(override ?? winner.label);
  },
  'every cap holds': (team) => {
    const { maxAnswersPerAgent, maxAnswersTotal, maxProtocolRetries, maxToolRounds } = team.state.settings;
    for (const events of attemptsOf(team.events)) {
      expect(ofType(events, 'answer.submitted').length).toBeLessThanOrEqual(maxAnswersTotal ?? Infinity);
    }
    for (const agent of Object.values(team.state.agents)) {
      expect(agent.answers.length).toBeLessThanOrEqual(maxAnswersPerAgent ?? Infinity);
    }
    for (const turn of ofType(team.events, 'turn.started')) {
      const replies = ofType(team.events, 'request.finished').filter((event) => event.data.turn === turn.data.turn);
      expect(replies.length).toBeLessThanOrEqual(maxToolRounds + maxProtocolRetries + 1);
    }
  },
  'labels carry the alias of their author and count from one': (team) => {
    const counts = new Map<string, number>();
    for (const event of ofType(team.events, 'answer.submitted')) {
      const n = (counts.get(event.agent ?? '') ?? 0) + 1;
      counts.set(event.agent ?? '', n);
      expect(event.data.label).toBe(`${event.agent}.${n}`);
    }
  },
  'no question is left open, nobody answers twice, and what copies use is paid for once': (team) => {
    expect(team.state.questions).toEqual([]);
    const answered = ofType(team.events, 'question.answered');
    const keys = answered.map(({ data }) => `${data.question}/${data.by}`);
    expect(new Set(keys).size).toBe(keys.length);
    const paid = team.events.flatMap((event) =>
      'costUsd' in event.data && typeof event.data.costUsd === 'number' ? [event.data.costUsd] : [],
    );
    expect(team.state.cost.usd).toBeCloseTo(
      paid.reduce((sum, usd) => sum + usd, 0),
      6,
    );
  },
};

describe('whatever agents do, in whatever order', () => {
  // Once for all claims: playing takes the time, not looking at what came of it.
  it(`holds in 10,000 runs of 2 to 16 agents: ${Object.keys(CLAIMS).join('; ')}`, { timeout: 240_000 }, () => {
    const teams = runs.map((world) => ({ ...world, agents: Math.max(2, world.agents) }));
    const property = fc.property(teams, (world) => {
      const team = play(world);
      for (const [name, claim] of Object.entries(CLAIMS)) {
        try {
          claim(team);
        } catch (cause) {
          throw new Error(`does not hold: ${name}`, { cause });
        }
      }
    });
    fc.assert(property, { numRuns: 10_000 });
  });

  it('no ballot counts that names or overlooks a current answer', () => {
    check((team) => {
      for (let length = 1; length <= team.events.length; length += 1) {
        const state = foldEvents(team.events.slice(0, length));
        if (!state) continue;
        const current = currentAnswers(state).map((answer) => answer.label);
        for (const ballot of countingBallots(state)) {
          expect(current).toContain(ballot.choice);
          expect(current.filter((label) => !ballot.view.includes(label))).toEqual([]);
        }
      }
    }, 100);
  });

  it('folding any prefix of the log and deciding gives what the log says came next', () => {
    check((team) => {
      const decided = ['winner.chosen', 'run.finished', 'turn.started', 'turn.interrupted'];
      const others = team.events.flatMap((next, length) => {
        if (!decided.includes(next.type)) return [];
        const state = foldEvents(team.events.slice(0, length));
        const effect = state && decide(state);
        const isSame =
          effect?.do === 'record'
            ? JSON.stringify([next.type, next.data]) === JSON.stringify([effect.event.type, effect.event.data])
            : (effect && 'alias' in effect ? effect.alias : undefined) === next.agent;
        return isSame ? [] : [{ next, effect }];
      });
      expect(others).toEqual([]);
    }, 150);
  });

  it('the fold does not depend on how often it is interrupted', () => {
    check((team) => {
      const states = JSON.stringify(team.state);
      expect(JSON.stringify(foldEvents(JSON.parse(JSON.stringify(team.events)) as RunEvent[]))).toBe(states);
    }, 200);
  });

  it('real ids never win a ballot', () => {
    check((team) => {
      for (const ballot of team.state.ballots)
        expect(ballot.ranking.every((label) => /^agent\d+\.\d+$/.test(label))).toBe(true);
    }, 300);
  });
});
