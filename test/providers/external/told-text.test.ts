import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/events/message.ts';
import { toldText } from '../../../src/providers/external/told-text.ts';

describe('what an agent with a mind of its own is told', () => {
  const messages: Message[] = [
    { role: 'system', text: 'Be brief.' },
    {
      role: 'user',
      text: 'Look.',
      files: [
        { name: 'a.md', mediaType: 'text/plain', base64: Buffer.from('notes').toString('base64') },
        { name: 'b.png', mediaType: 'image/png', base64: 'AAA=' },
      ],
    },
  ];

  test('holds files that are texts, and says which it cannot be shown', () => {
    expect(toldText({ isNew: true, messages })).toBe(
      "Be brief.\n\nLook.\n\nThe user's file a.md:\n\n```\nnotes\n```\n\nThe user's file b.png (image/png) cannot be shown to you.",
    );
  });

  test('leaves out a reply that says nothing in words', () => {
    const reply: Message = { role: 'assistant', text: '', calls: [], native: { protocol: 'gemini', items: [{}] } };
    expect(toldText({ isNew: true, messages: [{ role: 'user', text: 'Go' }, reply] })).toBe('Go');
  });

  test('says nothing of files that go along in another way', () => {
    expect(toldText({ isNew: true, messages }, () => true)).not.toContain('b.png');
  });
});
