import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { decide } from '../../src/coordination/decide.ts';
import { countingBallots, currentAnswers } from '../../src/coordination/views.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { CoordinationSettings } from '../../src/events/settings.ts';
import { SimulatedTeam, type Move } from './simulated-team.ts';

const settings: fc.Arbitrary<Partial<CoordinationSettings>> = fc.record({
  votingRule: fc.constantFrom('copeland', 'borda', 'plurality', 'approval'),
  tieBreak: fc.constantFrom('earliest-answer', 'registration', 'fewest-tokens', 'random'),
  countSelfVotes: fc.boolean(),
  updates: fc.constantFrom('inject', 'restart', 'finish-then-judge'),
  maxAnswersPerAgent: fc.constantFrom(1, 2, 3),
  maxProtocolRetries: fc.constantFrom(0, 1, 2),
  maxToolRounds: fc.constantFrom(1, 5),
  finalAnswer: fc.constantFrom('present', 'reuse', 'synthesize'),
});

/** A step of the world: somebody moves, or something happens to the whole run. `who` picks among those at work. */
interface Step {
  who: number;
  what: number;
  text: number;
  target: number;
}

const step: fc.Arbitrary<Step> = fc.record({ who: fc.nat(), what: fc.nat(99), text: fc.nat(6), target: fc.nat(8) });

function moveOf(step: Step): Move {
  const target = `agent${step.target + 1}`;
  if (step.what < 35) return { do: 'answer', text: `answer ${step.text} ${step.who}` };
  if (step.what < 70) return { do: 'vote', for: target, ranking: ['agent1', target] };
  if (step.what < 76) return { do: 'call', calls: [['calculator', {}]] };
  if (step.what < 80)
    return { do: 'say', text: step.text % 2 ? 'thinking aloud' : '', stopReason: step.text % 3 ? 'end' : 'max-tokens' };
  if (step.what < 84)
    return {
      do: 'call',
      calls: [
        ['vote', { agent_id: target, reason: '' }],
        ['vote', { agent_id: 'agent1', reason: '' }],
      ],
    };
  if (step.what < 88)
    return {
      do: 'call',
      calls: [
        ['vote', { agent_id: target, reason: '' }],
        ['new_answer', { content: 'both' }],
      ],
    };
  if (step.what < 92) return { do: 'call', calls: [['new_answer', null]] };
  if (step.what < 96) return { do: 'vote', for: 'member-1' };
  return { do: 'fail' };
}

/** Something that happens to the whole run, before the step of that number. */
interface Happening {
  at: number;
  what: 'nothing' | 'deadline' | 'cancel';
}

const happening: fc.Arbitrary<Happening> = fc.record({
  at: fc.nat(15),
  what: fc.constantFrom('nothing', 'nothing', 'deadline', 'cancel'),
});

/** Plays the steps, then lets everybody act sensibly until the run ends. Throws if it does not. */
function play(agents: number, rules: Partial<CoordinationSettings>, steps: Step[], happens: Happening): SimulatedTeam {
  const team = new SimulatedTeam(agents, rules, 7);
  for (const [index, next] of steps.entries()) {
    if (index === happens.at && happens.what === 'deadline')
      team.record({ type: 'deadline.reached', data: { limitMs: 1 } });
    if (index === happens.at && happens.what === 'cancel') team.record({ type: 'run.cancelled', data: { by: 'user' } });
    if (team.state.end) return team;
    const alias = team.working[next.who % team.working.length];
    if (alias === undefined) throw new Error(`nobody works and the run has not ended: ${team.types.join(' ')}`);
    if (next.who % 2) team.update(alias);
    team.move(alias, moveOf(next));
  }
  for (let rounds = 0; !team.state.end; rounds += 1) {
    const [alias] = team.working;
    if (alias === undefined || rounds > 500) throw new Error(`the run does not end: ${team.types.join(' ')}`);
    const [answer] = currentAnswers(team.state);
    const isJudging = team.kindOf(alias) === 'judge' && answer;
    team.move(alias, isJudging ? { do: 'vote', for: answer.alias } : { do: 'say', text: `last words ${rounds}` });
  }
  return team;
}

const runs = fc.record({
  agents: fc.integer({ min: 1, max: 8 }),
  rules: settings,
  steps: fc.array(step, { maxLength: 60 }),
  happens: happening,
});

function check(claim: (team: SimulatedTeam) => void, numRuns = 1_000): void {
  fc.assert(
    fc.property(runs, ({ agents, rules, steps, happens }) => claim(play(agents, rules, steps, happens))),
    { numRuns },
  );
}

function ofType<T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

describe('whatever agents do, in whatever order', () => {
  it('the run ends, once, and says so last', () => {
    check((team) => {
      expect(team.types.filter((type) => type === 'run.finished')).toHaveLength(1);
      expect(team.types.at(-1)).toBe('run.finished');
      expect(team.working).toEqual([]);
    });
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

  it('at most one presenter is started and at most one answer is presented', () => {
    check((team) => {
      expect(
        ofType(team.events, 'turn.started').filter((event) => event.data.kind === 'present').length,
      ).toBeLessThanOrEqual(1);
      expect(ofType(team.events, 'answer.presented').length).toBeLessThanOrEqual(1);
      expect(ofType(team.events, 'winner.chosen').length).toBeLessThanOrEqual(1);
    });
  });

  it('an answer is presented exactly when one was handed in and nobody cancelled', () => {
    check((team) => {
      const hasAnswer = ofType(team.events, 'answer.submitted').length > 0;
      expect(team.state.final !== null || team.state.isCancelled).toBe(hasAnswer || team.state.isCancelled);
      const { isCancelled, isDeadlineReached } = team.state;
      const expected = isCancelled ? 'cancelled' : isDeadlineReached ? 'timed-out' : hasAnswer ? 'answered' : 'failed';
      expect(team.state.end?.outcome).toBe(expected);
    });
  });

  it('every cap holds', () => {
    check((team) => {
      const { maxAnswersPerAgent, maxProtocolRetries, maxToolRounds } = team.state.settings;
      for (const agent of Object.values(team.state.agents)) {
        expect(agent.answers.length).toBeLessThanOrEqual(maxAnswersPerAgent ?? Infinity);
      }
      for (const turn of ofType(team.events, 'turn.started')) {
        const replies = ofType(team.events, 'request.finished').filter((event) => event.data.turn === turn.data.turn);
        expect(replies.length).toBeLessThanOrEqual(maxToolRounds + maxProtocolRetries + 1);
      }
    });
  });

  it('labels carry the alias of their author and count from one', () => {
    check((team) => {
      const counts = new Map<string, number>();
      for (const event of ofType(team.events, 'answer.submitted')) {
        const n = (counts.get(event.agent ?? '') ?? 0) + 1;
        counts.set(event.agent ?? '', n);
        expect(event.data.label).toBe(`${event.agent}.${n}`);
      }
    });
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
            : effect?.alias === next.agent;
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
