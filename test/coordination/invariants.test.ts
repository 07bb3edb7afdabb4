import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../src/coordination/apply.ts';
import { electionOf } from '../../src/coordination/early-stop.ts';
import type { RunState } from '../../src/coordination/state.ts';
import { answerByLabel, currentAnswers, isDraftingOver } from '../../src/coordination/views.ts';
import type { EventOf, EventType, RunEvent } from '../../src/events/event.ts';
import { tally } from '../../src/voting/tally.ts';
import { play, runs } from './random-play.ts';

/** What is and what has to be; null where an event is no matter of the rule. */
type Found = { is: unknown; wanted: unknown } | null;

/** Looks at every event of that type in random plays, with the state before it: the smallest play that breaks the rule. */
function breach<T extends EventType>(type: T, look: (event: EventOf<T>, before: RunState) => Found): unknown {
  return breachOf((events) => {
    let state: RunState | null = null;
    for (const event of events) {
      const found: Found = state && event.type === type ? look(event as EventOf<T>, state) : null;
      if (!isDeepStrictEqual(found?.is, found?.wanted)) return { event, ...found };
      state = applyEvent(state, event);
    }
    return null;
  });
}

/** The smallest random play in which something is wrong, and what; null where nothing ever is. */
function breachOf(wrong: (events: readonly RunEvent[]) => unknown): unknown {
  const { counterexample } = fc.check(
    fc.property(runs, (world) => wrong(play(world).events) === null),
    { numRuns: 500 },
  );
  const [world] = counterexample ?? [];
  return world ? { world, wrong: wrong(play(world).events) } : null;
}

const labels = (state: RunState): string[] => currentAnswers(state).map(({ label }) => label);

/** Events that are not in the turn that they name, turns that begin in another one, and turns that never end; null without any. */
function misplaced(events: readonly RunEvent[]): unknown[] | null {
  const open = new Map<string, string>();
  const found: unknown[] = [];
  for (const { seq, type, agent = '', data } of events) {
    if (type === 'turn.started') {
      if (open.has(agent)) found.push({ seq, type });
      open.set(agent, data.turn);
    } else if ('turn' in data && type !== 'question.asked' && open.get(agent) !== data.turn) {
      found.push({ seq, type });
    }
    if (type === 'turn.finished') open.delete(agent);
  }
  const all = [...found, ...open];
  return all.length > 0 ? all : null;
}

describe('whatever agents do, in whatever order, the rules of a turn hold', () => {
  it('an agent is in one turn at a time, and every turn ends once, after all that happens in it', () => {
    expect(breachOf(misplaced)).toBeNull();
  });

  it('first answers are independent: whoever drafts sees none but those that its part builds on', () => {
    expect(
      breach('turn.started', ({ data: { kind, view }, agent = '' }, state) => {
        const needed = state.prepared.subtasks?.[agent]?.dependsOn ?? [];
        const others = view.filter((label) => !needed.includes(label.slice(0, label.lastIndexOf('.'))));
        return kind === 'draft' ? { is: others, wanted: [] } : null;
      }),
    ).toBeNull();
  });

  it('nobody judges before all have answered who still can, and everybody is shown all current answers', () => {
    expect(
      breach('turn.started', ({ data: { kind, view } }, state) => {
        const is = [isDraftingOver(state), view.toSorted()];
        return kind === 'judge' ? { is, wanted: [true, labels(state).toSorted()] } : null;
      }),
    ).toBeNull();
  });

  it('whoever is out begins no turn', () => {
    expect(
      breach('turn.started', ({ agent = '' }, state) => ({ is: state.agents[agent]?.standing, wanted: 'active' })),
    ).toBeNull();
  });

  it('no turn begins once time or money is used up, or the run is cancelled', () => {
    expect(
      breach('turn.started', (_, { isCancelled, isDeadlineReached, spent }) => ({
        is: { isCancelled, isDeadlineReached, spent },
        wanted: { isCancelled: false, isDeadlineReached: false, spent: null },
      })),
    ).toBeNull();
  });
});

describe('whatever agents do, in whatever order, the vote is what it is said to be', () => {
  it('a ballot names answers that its voter was shown, and holds what it was shown', () => {
    expect(
      breach('ballot.cast', ({ agent = '', data: { choice, ranking, view } }, state) => {
        const shown = (state.agents[agent]?.turn?.view ?? []).filter((label) => !Object.hasOwn(state.vetoes, label));
        const unseen = ranking.filter((label) => !view.includes(label));
        return { is: { view, unseen, first: ranking[0] }, wanted: { view: shown, unseen: [], first: choice } };
      }),
    ).toBeNull();
  });

  it('the winner is one of the current answers', () => {
    expect(
      breach('winner.chosen', ({ data }, state) => ({ is: labels(state).includes(data.label), wanted: true })),
    ).toBeNull();
  });

  it('the winner of a vote is the one that the rule gives for the ballots that count', () => {
    expect(
      breach('winner.chosen', ({ data: { label, rule, ballots, scores, tie } }, state) => {
        if (['only-answer', 'fallback', 'override', 'division'].includes(rule)) return null;
        const counted = tally(electionOf(state));
        const wanted = counted && [counted.label, counted.ballots, counted.scores, counted.tie];
        return { is: [label, ballots, scores, tie], wanted };
      }),
    ).toBeNull();
  });

  it('a fallback is taken only where no ballot counts', () => {
    expect(
      breach('winner.chosen', ({ data: { rule } }, state) =>
        rule === 'fallback' ? { is: tally(electionOf(state)), wanted: null } : null,
      ),
    ).toBeNull();
  });

  it('what no presenter wrote is the winning answer, and a presenter that failed is told of', () => {
    expect(
      breach('answer.presented', ({ data: { source, text, notice } }, state) => {
        if (source === 'presenter') return { is: notice, wanted: null };
        if (!state.winner || state.winner.rule === 'division') return null;
        const own = answerByLabel(state, state.winner.label)?.text;
        return { is: [text, state.hasPresenter && notice === null], wanted: [own, false] };
      }),
    ).toBeNull();
  });
});
