import { expect, test } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { nestedText } from '../../src/coordination/nested.ts';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';

const agents = ['agent1', 'agent2'].map((alias) => ({ alias, id: alias, type: 't', model: 'm', isModel: true }));
const begun: EventDraft = {
  type: 'run.started',
  data: { question: 'q', team: 't', agents, settings: DEFAULT_SETTINGS, seed: 1, version: '0' },
};
const used = (dir: string, input: number, costUsd: number, isWhole = true) => ({
  run: `run-${dir}`,
  dir,
  usage: { ...NO_USAGE, input },
  costUsd,
  isWhole,
});
const counted = (agent: string, data: ReturnType<typeof used>): EventDraft => ({
  type: 'nested.counted',
  agent,
  data,
});

function fold(...drafts: EventDraft[]) {
  const events = [begun, ...drafts].map(
    (draft, index) => ({ ...draft, v: 1, seq: index + 1, at: 0, run: 'r', attempt: 1, epoch: 1 }) as RunEvent,
  );
  const state = foldEvents(events);
  if (!state) throw new Error('nothing happened');
  return state;
}

test('what runs inside of a run use is added up by run, by agent, and in all', () => {
  const state = fold(
    counted('agent1', used('a', 10, 0.5)),
    counted('agent2', used('b', 5, 0.25, false)),
    counted('agent1', used('a', 7, 0.25)),
  );
  const figures = (of: { usage: typeof NO_USAGE; cost: object } | undefined): unknown => [of?.usage.input, of?.cost];
  expect(state.nested.map((each) => [each.run, each.alias, ...(figures(each) as unknown[])])).toEqual([
    ['run-a', 'agent1', 17, { usd: 0.75, isComplete: true }],
    ['run-b', 'agent2', 5, { usd: 0.25, isComplete: false }],
  ]);
  expect([state.agents['agent1'], state.agents['agent2'], state, state.phases.nested].map(figures)).toEqual([
    [17, { usd: 0.75, isComplete: true }],
    [5, { usd: 0.25, isComplete: false }],
    [22, { usd: 1, isComplete: false }],
    [22, { usd: 1, isComplete: false }],
  ]);
});

test('people are told of it in words, that a price is a lower bound, and that little is not nothing', () => {
  const words = [used('a', 10, 0.5), used('a', 10, 0.5, false), used('a', 10, 0.000_01), used('a', 10, 0, false)];
  expect(words.map(nestedText)).toEqual([
    'has used 10 tokens and $0.5000 in the run run-a, which it has started',
    'has used 10 tokens and $0.5000 or more in the run run-a, which it has started',
    'has used 10 tokens and less than $0.0001 in the run run-a, which it has started',
    'has used 10 tokens and an unknown amount in the run run-a, which it has started',
  ]);
});
