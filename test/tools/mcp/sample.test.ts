import { expect, test } from 'vitest';
import type { Asks, LentRequest } from '../../../src/tools/asks.ts';
import { sample } from '../../../src/tools/mcp/sample.ts';
import type { JsonObject } from '../../../src/events/json.ts';

const signal = new AbortController().signal;

function lender(text: string): { asks: Asks; requests: LentRequest[] } {
  const requests: LentRequest[] = [];
  const lendModel: Asks['lendModel'] = (_, request) => {
    requests.push(request);
    return Promise.resolve({ text, model: 'm' });
  };
  return { asks: { lendModel } as unknown as Asks, requests };
}

const text = (words: string): JsonObject => ({ type: 'text', text: words });

test('a conversation of texts is asked as it is, and the answer is cut at the server’s limit', async () => {
  const { asks, requests } = lender('0123456789');
  const messages = [
    { role: 'user', content: text('a') },
    { role: 'assistant', content: [text('b'), text('c')] },
    { role: 'user', content: text('d') },
  ];
  expect(await sample('s', { messages, maxTokens: 2, temperature: 2 }, asks, signal)).toEqual({
    role: 'assistant',
    model: 'm',
    content: { type: 'text', text: '01234567' },
    stopReason: 'maxTokens',
  });
  expect(requests).toEqual([
    {
      system: '',
      messages: [
        { role: 'user', text: 'a' },
        { role: 'assistant', text: 'b\nc' },
        { role: 'user', text: 'd' },
      ],
    },
  ]);
});

test.each<[string, JsonObject, string]>([
  [
    'pictures',
    { messages: [{ role: 'user', content: { type: 'image', data: '', mimeType: 'a' } }] },
    'Only text can be asked.',
  ],
  ['no messages', { messages: [] }, 'There is no message to answer.'],
  [
    'tools',
    { messages: [{ role: 'user', content: text('a') }], tools: [{ name: 't' }] },
    'The model calls no tools for a server.',
  ],
  ['too much', { messages: [{ role: 'user', content: text('a'.repeat(200_001)) }] }, 'At most 100 messages'],
])('%s are refused without asking', async (_, params, why) => {
  const { asks, requests } = lender('x');
  await expect(sample('s', params, asks, signal)).rejects.toThrow(why);
  expect(requests).toEqual([]);
});
