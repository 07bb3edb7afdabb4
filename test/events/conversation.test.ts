import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { Conversation } from '../../src/events/projections/conversation.ts';
import type { Message } from '../../src/events/message.ts';
import { NO_USAGE } from '../../src/events/usage.ts';

function conversationOf(...drafts: EventDraft[]): Message[] {
  const conversation = new Conversation('agent1');
  drafts.forEach((draft, i) =>
    conversation.apply({
      v: 1,
      seq: i + 1,
      at: 0,
      run: 'r',
      attempt: 1,
      epoch: 1,
      agent: 'agent1',
      ...draft,
    } as RunEvent),
  );
  return conversation.messages();
}

const context = (text: string, isReset = false): EventDraft => ({
  type: 'context.added',
  data: { turn: 't', isReset, messages: [{ role: 'user', text }] },
});

const reply = (text: string, ...names: string[]): EventDraft => ({
  type: 'request.finished',
  data: {
    turn: 't',
    request: 'r',
    message: {
      role: 'assistant',
      text,
      calls: names.map((name) => ({ id: `call-${name}`, name, args: {}, rawArgs: '{}' })),
    },
    stopReason: 'end',
    usage: NO_USAGE,
    costUsd: null,
    durationMs: 0,
  },
});

const assistant = (text: string, ...names: string[]): Message => ({
  role: 'assistant',
  text,
  calls: names.map((name) => ({ id: `call-${name}`, name, args: {}, rawArgs: '{}' })),
});

describe('a conversation rebuilt from the log', () => {
  it('holds prompts, replies and tool results in order', () => {
    const result: EventDraft = {
      type: 'tool.finished',
      data: { turn: 't', callId: 'call-add', name: 'add', output: '3', isError: false, durationMs: 1 },
    };
    expect(conversationOf(context('What is 1 + 2?'), reply('I add.', 'add'), result, reply('3'))).toEqual([
      { role: 'user', text: 'What is 1 + 2?' },
      assistant('I add.', 'add'),
      { role: 'tool', callId: 'call-add', name: 'add', output: '3', isError: false },
      assistant('3'),
    ]);
  });

  it('answers a refused call, and tells of a missing one', () => {
    const refused = (callId: string | null): EventDraft => ({
      type: 'call.refused',
      data: { turn: 't', callId, name: null, code: 'no-call', message: 'Not like that.' },
    });
    expect(conversationOf(reply('', 'vote'), refused('call-vote'), reply('hm'), refused(null))).toEqual([
      assistant('', 'vote'),
      { role: 'tool', callId: 'call-vote', name: 'vote', output: 'Not like that.', isError: true },
      assistant('hm'),
      { role: 'user', text: 'Not like that.' },
    ]);
  });

  it('gives every call a result, also one that was interrupted', () => {
    expect(conversationOf(reply('', 'slow'), context('Go on.'))).toEqual([
      assistant('', 'slow'),
      { role: 'tool', callId: 'call-slow', name: 'slow', output: 'Interrupted before it ended.', isError: true },
      { role: 'user', text: 'Go on.' },
    ]);
  });

  it('begins anew where the log says so', () => {
    expect(conversationOf(context('first'), reply('old', 'slow'), context('second', true))).toEqual([
      { role: 'user', text: 'second' },
    ]);
  });

  it('leaves other agents out', () => {
    expect(conversationOf({ ...context('theirs'), agent: 'agent2' }, context('mine'))).toEqual([
      { role: 'user', text: 'mine' },
    ]);
  });
});
