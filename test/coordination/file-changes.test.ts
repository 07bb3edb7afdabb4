import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../src/coordination/apply.ts';
import { decide } from '../../src/coordination/decide.ts';
import type { RunState } from '../../src/coordination/state.ts';
import { commandEvents } from '../../src/coordination/step-in.ts';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS, type ApplyMode } from '../../src/events/settings.ts';

/** A run of one agent whose answer has just been presented, and what came after. */
function after(applyChanges: ApplyMode | null, ...drafts: EventDraft[]): RunState {
  const agents = [{ alias: 'agent1', id: 'a', type: 'scripted', model: 'm', isModel: false }];
  const settings = { ...DEFAULT_SETTINGS, applyChanges };
  const begun: EventDraft[] = [
    { type: 'run.started', data: { question: 'q', team: 't', agents, settings, seed: 1, version: '0' } },
    { type: 'turn.started', agent: 'agent1', data: { turn: 't1', kind: 'solo', view: [] } },
    {
      type: 'answer.submitted',
      agent: 'agent1',
      data: { turn: 't1', label: 'agent1.1', text: 'x', source: 'text', isCut: false, callId: null },
    },
    { type: 'turn.finished', agent: 'agent1', data: { turn: 't1', outcome: 'answered' } },
    {
      type: 'winner.chosen',
      agent: 'agent1',
      data: { label: 'agent1.1', rule: 'only-answer', scores: [], tie: null, ballots: 0, reason: 'r' },
    },
    {
      type: 'answer.presented',
      agent: 'agent1',
      data: { text: 'x', source: 'winning-answer', mode: 'present', notice: null },
    },
  ];
  const state = [...begun, ...drafts].reduce<RunState | null>(
    (now, draft, index) =>
      applyEvent(now, { v: 1, seq: index + 1, at: index, run: 'r', attempt: 1, epoch: 1, ...draft } as RunEvent),
    null,
  );
  if (!state) throw new Error('no state');
  return state;
}

const FILE = { path: 'a.txt', change: 'modified', added: 1, removed: 1, isBinary: false } as const;
const BEGUN: EventDraft = { type: 'changes.begun', data: { step: 'propose' } };
const proposed = (count: number): EventDraft => ({
  type: 'changes.proposed',
  data: { label: 'agent1.1', base: '/home/me', patch: 'p', files: count === 0 ? [] : [FILE] },
});
const decided = (paths: string[]): EventDraft => ({
  type: 'changes.decided',
  data: { label: 'agent1.1', paths, by: 'user', comment: '' },
});
const finished = (outcome: string, reason = 'The final answer was presented.'): object => ({
  do: 'record',
  event: { type: 'run.finished', data: { outcome, reason } },
});

describe('before a run ends, the changes of the user’s files', () => {
  const cases: [string, RunState, object | null][] = [
    ['are no matter where agents have no copies', after(null), finished('answered')],
    ['are looked for', after('ask'), { do: 'change-files', step: 'propose' }],
    ['are waited for while they are looked for', after('ask', BEGUN), null],
    ['end it where there are none', after('ask', BEGUN, proposed(0)), finished('answered')],
    ['wait for the user', after('ask', BEGUN, proposed(1)), null],
    [
      'are written once they are accepted',
      after('ask', BEGUN, proposed(1), decided(['a.txt'])),
      { do: 'change-files', step: 'apply' },
    ],
    ['end it where none is accepted', after('ask', BEGUN, proposed(1), decided([])), finished('answered')],
    [
      'end it once they are written',
      after('ask', BEGUN, proposed(1), decided(['a.txt']), {
        type: 'changes.applied',
        data: { label: 'agent1.1', paths: ['a.txt'], backup: 'b' },
      }),
      finished('answered'),
    ],
    [
      'are looked for again after a crash in the middle',
      after('ask', BEGUN, { type: 'run.resumed', data: { epoch: 2 } }),
      { do: 'change-files', step: 'propose' },
    ],
    [
      'take no time of the run’s while the user looks at them',
      after('ask', BEGUN, proposed(1), { type: 'deadline.reached', data: { limitMs: 1 } }, decided([])),
      finished('answered'),
    ],
    [
      'keep nobody from cancelling',
      after('ask', BEGUN, proposed(1), { type: 'run.cancelled', data: { by: 'user' } }),
      finished('cancelled', 'The run was cancelled.'),
    ],
  ];
  it.each(cases)('%s', (_, state, effect) => {
    expect(decide(state)).toEqual(effect);
  });
});

it('a review takes single parts of accepted files only', () => {
  const state = after('ask', BEGUN, proposed(1));
  const command = {
    type: 'review',
    paths: ['a.txt', 'other'],
    comment: 'c',
    hunks: { 'a.txt': [1], other: [0] },
  } as const;
  const hunks = { 'a.txt': [1], other: [0] };
  expect(commandEvents(state, { ...command, paths: [...command.paths], hunks }, '')).toEqual([
    {
      type: 'changes.decided',
      data: { label: 'agent1.1', paths: ['a.txt'], by: 'user', comment: 'c', hunks: { 'a.txt': [1] } },
    },
  ]);
});

describe('changes that are sent back', () => {
  const sent = { type: 'send-back', comment: ' shorter, please ' } as const;

  it('are not taken, and a new attempt begins with the comment', () => {
    const state = after('ask', BEGUN, proposed(1));
    const drafts = commandEvents(state, sent, '');
    expect(drafts).toEqual([
      { type: 'changes.decided', data: { label: 'agent1.1', paths: [], by: 'user', comment: 'shorter, please' } },
      {
        type: 'attempt.started',
        data: {
          attempt: 2,
          feedback: {
            reason: 'The user has looked at the files that this answer would change, and wants them different.',
            instructions: 'shorter, please',
            previous: 'x',
          },
        },
      },
    ]);
    const anew = after('ask', BEGUN, proposed(1), ...drafts);
    expect([anew.changes, anew.final, decide(anew)]).toEqual([
      null,
      null,
      { do: 'start-turn', alias: 'agent1', kind: 'solo', view: [] },
    ]);
  });

  it.each<[string, RunState, string]>([
    ['without words', after('ask', BEGUN, proposed(1)), ' '],
    ['before there are any', after('ask', BEGUN), 'no'],
    ['once they are decided', after('ask', BEGUN, proposed(1), decided(['a.txt'])), 'no'],
    [
      'where the answer was asked for at once',
      after('ask', { type: 'drafting.closed', data: { by: 'user' } }, BEGUN, proposed(1)),
      'no',
    ],
  ])('stay as they are %s', (_, state, comment) => {
    expect(commandEvents(state, { type: 'send-back', comment }, '')).toEqual([]);
  });
});
