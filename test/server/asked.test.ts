import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/events/json.ts';
import { isJsonObject } from '../../src/events/json.ts';
import { HttpRefusal } from '../../src/server/http-refusal.ts';
import { readChatRequest } from '../../src/server/read-chat-request.ts';
import { readResponsesRequest } from '../../src/server/read-responses-request.ts';

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const system = (content: string) => ({ role: 'system', content });

describe('a conversation', () => {
  it.each<[string, object[], object]>([
    ['one message', [user('Q')], { question: 'Q', history: [], instruction: undefined }],
    [
      'turns',
      [user('A?'), assistant('A.'), user('B?'), assistant('B.'), user('C?')],
      {
        question: 'C?',
        history: [
          { question: 'A?', answer: 'A.' },
          { question: 'B?', answer: 'B.' },
        ],
        instruction: undefined,
      },
    ],
    [
      'messages of the user in a row',
      [user('A'), user('B')],
      { question: 'A\n\nB', history: [], instruction: undefined },
    ],
    [
      'answers in a row',
      [user('A?'), assistant('A.'), assistant('More.'), user('B?')],
      { question: 'B?', history: [{ question: 'A?', answer: 'A.\n\nMore.' }], instruction: undefined },
    ],
    [
      'a greeting',
      [assistant('Hello!'), user('A?')],
      { question: 'A?', history: [{ question: '', answer: 'Hello!' }], instruction: undefined },
    ],
    [
      'instructions anywhere',
      [system('One.'), user('A?'), { role: 'developer', content: 'Two.' }],
      { question: 'A?', history: [], instruction: 'One.\n\nTwo.' },
    ],
    ['blank instructions', [system(' '), user('A?')], { question: 'A?', history: [], instruction: undefined }],
    [
      'parts of text',
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'A' },
            { type: 'text', text: 'B' },
          ],
        },
      ],
      { question: 'A\nB', history: [], instruction: undefined },
    ],
  ])('is read out of %s', (_, messages, expected) => {
    const { question, history, instruction } = readChatRequest({ model: 'm', messages: messages as JsonValue[] });
    expect({ question, history, instruction }).toEqual(expected);
  });

  it('means the same at both endpoints', () => {
    const messages = [system('S'), user('A?'), assistant('A.'), user('B?')] as JsonValue[];
    expect(readResponsesRequest({ model: 'm', input: messages, stream: true })).toEqual(
      readChatRequest({ model: 'm', messages, stream: true }),
    );
  });
});

describe('any JSON at all', () => {
  const names = [
    'model',
    'messages',
    'input',
    'instructions',
    'stream',
    'seed',
    'tools',
    'n',
    'text',
    'response_format',
  ];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('m', 'user', null),
    fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'system', 'x'), content: fc.jsonValue() })),
  );
  const body = fc.dictionary(fc.constantFrom(...names), value);

  it.each([
    ['chat completions', readChatRequest],
    ['responses', readResponsesRequest],
  ])('is read or refused by %s, and nothing else', (_, read) => {
    fc.assert(
      fc.property(body, (given) => {
        const parsed: unknown = JSON.parse(JSON.stringify(given));
        if (!isJsonObject(parsed)) return;
        let outcome: unknown;
        try {
          outcome = typeof read(parsed).question;
        } catch (error) {
          outcome = error instanceof HttpRefusal ? error.status : error;
        }
        expect(['string', 400]).toContain(outcome);
      }),
      { numRuns: 500 },
    );
  });
});
