import { describe, expect, it } from 'vitest';
import { foldEvents, isOver } from '../../src/coordination/apply.ts';
import { elapsedMs } from '../../src/coordination/views.ts';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';

const begun: EventDraft = {
  type: 'run.started',
  data: {
    question: 'q',
    team: 't',
    agents: [{ alias: 'agent1', id: 'a', type: 'demo', model: 'demo', isModel: false }],
    settings: DEFAULT_SETTINGS,
    seed: 1,
    version: '0',
  },
};
const cancelled: EventDraft[] = [
  { type: 'run.cancelled', data: { by: 'user' } },
  { type: 'run.finished', data: { outcome: 'cancelled', reason: 'The run was cancelled.' } },
];
const timeIsUp: EventDraft = { type: 'deadline.reached', data: { limitMs: 5 } };
const resumed: EventDraft = { type: 'run.resumed', data: { epoch: 2 } };

const fold = (...drafts: EventDraft[]) =>
  foldEvents(
    drafts.map(
      (draft, index) => ({ ...draft, v: 1, seq: index + 1, at: 0, run: 'r', attempt: 1, epoch: 1 }) as RunEvent,
    ),
  );

describe('a run that goes on', () => {
  it('is neither cancelled nor at its end any more', () => {
    expect(fold(begun, ...cancelled)).toMatchObject({ isCancelled: true, end: { outcome: 'cancelled' } });
    expect(fold(begun, ...cancelled, resumed)).toMatchObject({ isCancelled: false, end: null });
  });

  it('keeps a time limit that was reached', () => {
    expect(fold(begun, timeIsUp, resumed)).toMatchObject({ isDeadlineReached: true, end: null });
  });

  it.each(['answered', 'failed', 'timed-out'] as const)('does not take back the outcome %s', (outcome) => {
    const end: EventDraft = { type: 'run.finished', data: { outcome, reason: 'r' } };
    const state = fold(begun, end, resumed);
    expect([state?.end?.outcome, state && isOver(state)]).toEqual([outcome, true]);
  });

  it('counts the time in which it worked, not the time in between', () => {
    const at = [1000, 3000, 4000, 90_000, 91_500];
    const events = [begun, ...cancelled, resumed, timeIsUp].map(
      (draft, i) => ({ ...draft, v: 1, seq: i + 1, at: at[i], run: 'r', attempt: 1, epoch: 1 }) as RunEvent,
    );
    const state = foldEvents(events);
    expect(state && at.map((each) => elapsedMs(state, each))).toEqual([0, 2000, 3000, 3000, 4500]);
  });
});
