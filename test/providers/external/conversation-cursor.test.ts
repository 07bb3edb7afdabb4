import { expect, it } from 'vitest';
import type { Message } from '../../../src/events/message.ts';
import { ConversationCursor } from '../../../src/providers/external/conversation-cursor.ts';

const system: Message = { role: 'system', text: 's' };
const user = (text: string): Message => ({ role: 'user', text });
const reply: Message = { role: 'assistant', text: 'a', calls: [] };

it('tells everything at first, then what came after the reply', () => {
  const cursor = new ConversationCursor();
  const first = cursor.next([system, user('1')]);
  cursor.told([system, user('1')], true);
  expect([first, cursor.next([system, user('1'), reply, user('2')])]).toEqual([
    { isNew: true, messages: [system, user('1')] },
    { isNew: false, messages: [user('2')] },
  ]);
});

it('goes on after a call that brought no reply', () => {
  const cursor = new ConversationCursor();
  cursor.told([user('1')], false);
  expect(cursor.next([user('1'), user('2')])).toEqual({ isNew: false, messages: [user('2')] });
});

it('tells everything again when the conversation began anew, or the agent lost its memory', () => {
  const cursor = new ConversationCursor();
  cursor.told([user('1')], true);
  const restarted = cursor.next([user('another')]);
  cursor.forget();
  expect([restarted, cursor.next([user('1'), reply])]).toEqual([
    { isNew: true, messages: [user('another')] },
    { isNew: true, messages: [user('1'), reply] },
  ]);
});
