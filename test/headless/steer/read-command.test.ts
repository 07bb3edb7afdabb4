import { describe, expect, it } from 'vitest';
import { readCommand } from '../../../src/headless/steer/read-command.ts';
import type { RunState } from '../../../src/coordination/state.ts';
import { SimulatedTeam } from '../../coordination/simulated-team.ts';

const ASKED = { question: 'question-1', turn: 'agent1-turn2', to: ['user'], text: 'Which?', isMultiple: false };
const OPTIONS = [
  { label: 'red', description: '' },
  { label: 'blue', description: '' },
];

/** Two agents judge two answers; a call waits, and a question with two options and no words. */
function judging(): RunState {
  const team = new SimulatedTeam(2);
  for (const alias of ['agent1', 'agent2']) team.move(alias, { do: 'answer', text: `by ${alias}` });
  const call = { turn: 'agent1-turn2', callId: 'c', tool: 't', action: 'run', target: 'ls', risk: 'low' as const };
  team.record({
    type: 'approval.requested',
    agent: 'agent1',
    data: { ...call, request: 'approval-1', detail: '', diff: null },
  });
  const data = { ...ASKED, options: OPTIONS, allowsText: false, timeoutMs: null };
  team.record({ type: 'question.asked', agent: 'agent1', data });
  return team.state;
}

describe('a command of a program', () => {
  it.each([
    [{ text: 'be brief' }, { type: 'message', to: 'all', text: 'be brief' }],
    [
      { content: 'be brief', target: ['member-2'] },
      { type: 'message', to: ['agent2'], text: 'be brief' },
    ],
    [
      { type: 'message', to: 'agent1', text: 'x' },
      { type: 'message', to: ['agent1'], text: 'x' },
    ],
    [
      { type: 'vote', label: 'agent1.1' },
      { type: 'vote', label: 'agent1.1' },
    ],
    [
      { type: 'veto', label: 'agent1.1' },
      { type: 'veto', label: 'agent1.1', reason: '' },
    ],
    [
      { type: 'override', label: 'agent2.1' },
      { type: 'override', label: 'agent2.1' },
    ],
    [{ type: 'answer-now' }, { type: 'answer-now', by: 'caller' }],
    [{ type: 'cancel' }, { type: 'cancel', by: 'caller' }],
    [
      { type: 'decide', request: 'approval-1', allow: true },
      { type: 'decide', request: 'approval-1', isAllowed: true, scope: 'once', by: 'file', reason: '' },
    ],
    [
      { type: 'reply', question: 'question-1', choices: ['red'] },
      { type: 'reply', question: 'question-1', choices: ['red'], text: '', by: 'file' },
    ],
    [
      { type: 'decline', question: 'question-1', reason: 'no' },
      { type: 'decline', question: 'question-1', outcome: 'declined', reason: 'no', by: 'file' },
    ],
  ])('%j is understood', (value, command) => {
    expect(readCommand(value, judging())).toEqual({ command });
  });

  it.each([
    ['text', 'A command is a JSON object.'],
    [[], 'A command is a JSON object.'],
    [{ type: 'shout' }, 'type must be one of'],
    [{ type: 'message' }, 'text is missing'],
    [{ text: 7 }, 'text must be text.'],
    [{ text: 'x', to: 'nobody' }, 'there are member-1, member-2, or all'],
    [{ text: 'x', to: [7] }, 'names no agent'],
    [{ text: 'x'.repeat(40_000) }, 'more than 32000 characters'],
    [{ type: 'vote', label: 'agent9.1' }, 'there are agent1.1, agent2.1'],
    [{ type: 'decide', request: 'approval-2', allow: true }, 'approval-1'],
    [{ type: 'decide', request: 'approval-1' }, 'allow must be true or false'],
    [{ type: 'decide', request: 'approval-1', allow: true, scope: 'for ever' }, 'scope must be one of'],
    [{ type: 'reply', question: 'question-2', choices: ['red'] }, 'question-1'],
    [{ type: 'reply', question: 'question-1', choices: ['green'] }, 'red, blue'],
    [{ type: 'reply', question: 'question-1', choices: ['red', 'blue'] }, 'Only one option'],
    [{ type: 'reply', question: 'question-1', text: 'none' }, 'options only'],
    [{ type: 'reply', question: 'question-1' }, 'The answer is empty'],
  ])('%j is refused with what would be right', (value, fault) => {
    expect(readCommand(value, judging())).toMatchObject({ fault: expect.stringContaining(fault) as string });
  });
});

describe('a review', () => {
  const changed = [
    { path: 'a.txt', change: 'modified', added: 2, removed: 0, isBinary: false, hunks: 2 } as const,
    { path: 'b.txt', change: 'added', added: 1, removed: 0, isBinary: false } as const,
  ];
  const reviewing = (): RunState => ({
    ...judging(),
    changes: { label: 'agent1.1', base: '/home/me', patch: 'p', files: [...changed], state: 'proposed', accepted: [] },
  });

  it.each([
    [{ paths: 'all' }, { paths: ['a.txt', 'b.txt'], comment: '' }],
    [
      { paths: [], comment: 'no' },
      { paths: [], comment: 'no' },
    ],
    [
      { paths: ['a.txt'], hunks: { 'a.txt': [1] } },
      { paths: ['a.txt'], comment: '', hunks: { 'a.txt': [1] } },
    ],
  ])('%j is understood', (value, command) => {
    expect(readCommand({ type: 'review', ...value }, reviewing())).toEqual({ command: { type: 'review', ...command } });
  });

  it.each([
    [{}, 'a list of changed files: "a.txt", "b.txt"'],
    [{ paths: ['c.txt'] }, 'a list of changed files'],
    [{ paths: 'all', hunks: { 'b.txt': [0] } }, 'it has 0 parts'],
    [{ paths: 'all', hunks: { 'a.txt': [2] } }, 'numbers from 0 to 1'],
    [{ paths: 'all', hunks: [] }, 'hunks must be an object'],
  ])('%j is refused with what would be right', (value, fault) => {
    expect(readCommand({ type: 'review', ...value }, reviewing())).toMatchObject({
      fault: expect.stringContaining(fault) as string,
    });
  });

  it('may send them back with a comment, not without', () => {
    expect(readCommand({ type: 'send-back', comment: 'shorter' }, reviewing())).toEqual({
      command: { type: 'send-back', comment: 'shorter' },
    });
    expect(readCommand({ type: 'send-back' }, reviewing())).toEqual({
      fault: 'comment must say what is to be different.',
    });
  });

  it('is refused where nothing waits for one', () => {
    expect(readCommand({ type: 'review', paths: 'all' }, judging())).toEqual({
      fault: 'No changes wait for a review now.',
    });
  });
});
