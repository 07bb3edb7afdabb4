import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/events/message.ts';
import { readConversation } from '../../../src/providers/wire/conversation.ts';
import { createCallIds, createToolCall } from '../../../src/providers/wire/tool-call.ts';

const call = (id: string): ReturnType<typeof createToolCall> => createToolCall(id, 'note', '{}');
const result = (callId: string, output: string): Message & { role: 'tool' } => ({
  role: 'tool',
  callId,
  name: 'note',
  output,
  isError: false,
});

describe('readConversation', () => {
  test('puts results behind their calls, in the order of the calls, whatever came between', () => {
    const assistant: Message = { role: 'assistant', text: '', calls: [call('a'), call('b')] };
    const { turns } = readConversation(
      [{ role: 'user', text: 'Go' }, assistant, result('b', 'B'), { role: 'user', text: 'News' }, result('a', 'A')],
      'chat',
    );
    expect(turns).toEqual([
      { role: 'user', texts: ['Go'] },
      { role: 'assistant', message: assistant, results: [result('a', 'A'), result('b', 'B')] },
      { role: 'user', texts: ['News'] },
    ]);
  });

  test('answers a call that nobody answered, and keeps a result that nobody asked for as text', () => {
    const { turns } = readConversation([{ role: 'assistant', text: '', calls: [call('a')] }, result('z', 'Z')], 'chat');
    expect(turns).toMatchObject([
      { role: 'assistant', results: [{ callId: 'a', output: 'This call was not run.', isError: true }] },
      { role: 'user', texts: ['Result of note:\nZ'] },
    ]);
  });

  test('leaves out what is empty', () => {
    const messages: Message[] = [
      { role: 'system', text: ' ' },
      { role: 'user', text: '' },
      { role: 'assistant', text: '\n', calls: [] },
    ];
    expect(readConversation(messages, 'chat')).toEqual({ system: null, turns: [] });
  });

  test.each([
    ['chat', [{ role: 'user', texts: ['Go', 'On'] }]],
    ['gemini', [{ role: 'user', texts: ['Go'] }, { role: 'assistant' }, { role: 'user', texts: ['On'] }]],
  ])('as %s leaves out a reply that only items of another protocol fill', (protocol, turns) => {
    const native = { protocol: 'gemini', items: [{ executableCode: { code: '1' } }] };
    const messages: Message[] = [
      { role: 'user', text: 'Go' },
      { role: 'assistant', text: '', calls: [], native },
      { role: 'user', text: 'On' },
    ];
    expect(readConversation(messages, protocol).turns).toMatchObject(turns);
    expect(readConversation(messages, protocol).turns).toHaveLength(turns.length);
  });

  test('always gives each call exactly one result and never two user turns in a row', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const message: fc.Arbitrary<Message> = fc.oneof(
      fc.record({ role: fc.constant('user' as const), text: fc.string() }),
      id.map((i) => result(i, 'x')),
      fc.uniqueArray(id).map((ids) => ({ role: 'assistant' as const, text: '', calls: ids.map(call) })),
    );
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const { turns } = readConversation(messages, 'chat');
        const isDoubled = turns.some((turn, at) => turn.role === 'user' && turns[at - 1]?.role === 'user');
        const replies = turns.filter((turn) => turn.role === 'assistant');
        expect(isDoubled).toBe(false);
        expect(replies.map((t) => t.results.map((r) => r.callId))).toEqual(
          replies.map((t) => t.message.calls.map((c) => c.id)),
        );
      }),
    );
  });
});

describe('createToolCall', () => {
  test.each([
    ['', {}],
    ['{"a":1}', { a: 1 }],
    ['"{\\"a\\":1}"', { a: 1 }],
    ['[1]', null],
    ['null', null],
    ['{"a":', null],
    ['text', null],
  ])('reads %j', (rawArgs, args) => {
    expect(createToolCall('id', 'note', rawArgs)).toEqual({ id: 'id', name: 'note', args, rawArgs });
  });
});

describe('createCallIds', () => {
  test('keeps a free id, and makes others unique', () => {
    const next = createCallIds([{ role: 'assistant', text: '', calls: [call('call_0'), call('call_1')] }]);
    expect([next('call_0'), next('new'), next('new'), next(null), next(''), next(null)]).toEqual([
      'call_0_2',
      'new',
      'new_2',
      'call_2',
      'call_3',
      'call_4',
    ]);
  });
});
