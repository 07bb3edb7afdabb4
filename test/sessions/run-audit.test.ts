import { expect, test } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { auditText } from '../../src/headless/report/audit-text.ts';
import { auditRun } from '../../src/sessions/run-audit.ts';

const call = { turn: 't1', callId: 'c1', tool: 'send', action: 'send', target: 'bob\u001B[2J', risk: 'high' as const };
const events = (...drafts: EventDraft[]): RunEvent[] =>
  drafts.map((draft, index) => ({
    v: 1,
    seq: index + 1,
    at: index * 1000,
    run: 'r',
    attempt: 1,
    epoch: 1,
    agent: 'agent1',
    ...draft,
  })) as RunEvent[];
const started = (id: string, name: string): EventDraft => ({
  type: 'tool.started',
  data: { turn: 't1', call: { id, name, args: { a: 1 }, rawArgs: '{"a":1}' } },
});
const finished = (callId: string, name: string, output: string, isError = false): EventDraft => ({
  type: 'tool.finished',
  data: { turn: 't1', callId, name, output, isError, durationMs: 1 },
});
const held = (callId: string, name: string, output: string): EventDraft => ({
  type: 'tool.finished',
  data: { turn: 't1', callId, name, output, isError: true, isHeld: true, durationMs: 1 },
});
const hook = (outcome: 'denied' | 'passed'): EventDraft => ({
  type: 'hook.finished',
  data: {
    turn: 't1',
    point: 'pre_tool',
    hook: 'check.py',
    callId: 'c1',
    tool: 'send',
    outcome,
    reason: 'No.',
    durationMs: 1,
  },
});
const decided = (isAllowed: boolean): EventDraft => ({
  type: 'approval.decided',
  data: { ...call, request: null, isAllowed, scope: 'once', by: 'rule', reason: 'So it is.' },
});

const SAID = { isAllowed: true, scope: 'once', by: 'user', reason: '' } as const;

const brief = (log: RunEvent[]): string[] =>
  auditRun(log).map(({ tool, verdict, by, effect, reason }) => [tool, verdict, by, effect, reason].join(' | '));

test.each([
  ['what needed no leave', [started('c1', 'look'), finished('c1', 'look', 'x')], 'look | free |  | done | '],
  [
    'what was allowed',
    [started('c1', 'send'), decided(true), finished('c1', 'send', 'x')],
    'send | allowed | rule | done | So it is.',
  ],
  [
    'what was allowed and failed',
    [started('c1', 'send'), decided(true), finished('c1', 'send', 'x', true)],
    'send | allowed | rule | failed | So it is.',
  ],
  [
    'what was denied',
    [started('c1', 'send'), decided(false), held('c1', 'send', 'send was not run: So it is.')],
    'send | denied | rule | none | So it is.',
  ],
  [
    'what was refused before anybody was asked',
    [started('c1', 'send'), held('c1', 'send', 'send was not run: No such place.')],
    'send | refused | run | none | send was not run: No such place.',
  ],
  [
    'what a hook denied',
    [started('c1', 'send'), hook('denied'), held('c1', 'send', 'send was not run: No.')],
    'send | denied | hook | none | No.',
  ],
  [
    'what a tool failed to do, though its words sound like a refusal',
    [started('c1', 'send'), finished('c1', 'send', 'send was not run: ha', true)],
    'send | free |  | failed | ',
  ],
  ['what was cut off', [started('c1', 'send'), decided(true)], 'send | allowed | rule | unknown | So it is.'],
  ['what an agent’s own program asked for', [decided(true)], 'send | allowed | rule | elsewhere | So it is.'],
  [
    'what was only planned',
    [
      started('c1', 'send'),
      { type: 'action.proposed', data: { turn: 't1', key: 'k', tool: 'send', args: {} } },
      held('c1', 'send', 'send was not run: later'),
    ],
    'send | planned | run | none | Agents only planned at that time.',
  ],
] as [string, EventDraft[], string][])('tells %s', (_, drafts, line) => {
  expect(brief(events(...drafts))).toEqual([line]);
});

test('prints lines in which nothing of an agent is more than text', () => {
  const entries = auditRun(events(started('c1', 'send'), decided(false)));
  expect(auditText('r1', 0, entries)).toBe(
    'r1: 1 call, 1 denied\n\n    0.0s  DENIED   agent1: send bob\n                    by rule, once; risk high; began; its end is not in the log\n                    So it is.\n',
  );
});

test('a call that code has made is told as one', () => {
  const call = { id: 'c1/1', name: 'look', args: {}, rawArgs: '{}' };
  const log = events(
    started('c1', 'run_command'),
    { type: 'tool.started', data: { turn: 't1', call, parent: 'c1' } },
    finished('c1/1', 'look', 'x'),
    finished('c1', 'run_command', 'y'),
  );
  expect(auditRun(log).map(({ callId, parent, effect }) => [callId, parent, effect])).toEqual([
    ['c1', undefined, 'done'],
    ['c1/1', 'c1', 'done'],
  ]);
  expect(auditText('run', 0, auditRun(log))).toContain('from code; ran');
});

test('a call of a subagent stands under its own name behind its agent’s', () => {
  const asked: EventDraft = {
    type: 'approval.decided',
    data: { ...call, subagent: 'agent1-sub1', request: 'a1', ...SAID },
  };
  expect(
    auditText('r', 0, auditRun(events(asked)))
      .split('\n')
      .slice(2, 4),
  ).toEqual([
    '    0.0s  ALLOWED  agent1 ▸ agent1-sub1: send bob',
    '                    by user, once; risk high; what came of it is in the subagent’s own log',
  ]);
});

test('a call of a subagent is no call of its agent by the same id', () => {
  const said: EventDraft = {
    type: 'approval.decided',
    data: { ...call, subagent: 'agent1-sub1', request: 'a1', ...SAID },
  };
  expect(brief(events(started('c1', 'look'), said, finished('c1', 'look', 'x')))).toEqual([
    'look | free |  | done | ',
    'send | allowed | user | elsewhere | ',
  ]);
});
