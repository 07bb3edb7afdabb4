import type { Part, Says } from './part.ts';

/** Chunks with one delta each. */
function deltas(name: string, list: readonly object[], says: Says): Part {
  return { name, says, events: () => list.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })) };
}

/** Calls are numbered over the whole reply, so fragments are made where they stand. */
function calls(name: string, id: string, args: unknown, fragments: (index: number) => object[]): Part {
  return {
    name,
    says: { calls: [{ id, name: 'do', args }] },
    events: (at) =>
      fragments(at).map((fragment) => ({
        choices: [{ index: 0, delta: { tool_calls: [fragment] }, finish_reason: null }],
      })),
  };
}

export const CHAT_PARTS: readonly Part[] = [
  deltas('text', [{ role: 'assistant', content: '' }, { content: 'Grü' }, { content: 'ße 🌍' }], { text: 'Grüße 🌍' }),
  deltas('no text', [{ content: null }, {}], {}),
  deltas('text as a list', [{ content: [{ type: 'text', text: 'one ' }, 'two'] }], { text: 'one two' }),
  deltas(
    'thinking in the content',
    [
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'H' }] }] },
      { content: [{ type: 'thinking', thinking: 'm.' }] },
    ],
    { reasoning: 'Hm.' },
  ),
  deltas('a refusal', [{ refusal: 'I can' }, { refusal: 'not.' }], { refusal: 'I cannot.' }),
  deltas('a refusal in the content', [{ content: [{ type: 'refusal', refusal: 'No.' }] }], { refusal: 'No.' }),
  deltas('reasoning of DeepSeek', [{ content: null, reasoning_content: 'Hm.' }], { reasoning: 'Hm.' }),
  deltas('reasoning of Groq', [{ reasoning: 'Hm.' }], { reasoning: 'Hm.' }),
  deltas('reasoning of GitHub', [{ reasoning_text: 'Hm.' }], { reasoning: 'Hm.' }),
  deltas(
    'reasoning of OpenRouter, twice',
    [{ reasoning: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', index: 0 }] }],
    { reasoning: 'Hm.' },
  ),
  deltas(
    'reasoning in details only',
    [
      { reasoning_details: [{ type: 'reasoning.summary', summary: 'Hm.', index: 0 }] },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'x', index: 1 }] },
    ],
    { reasoning: 'Hm.' },
  ),
  deltas('words that are spoken', [{ audio: { id: 'a', data: 'AAAA' } }, { audio: { transcript: 'spoken' } }], {
    text: 'spoken',
  }),
  deltas(
    'pages',
    [{ content: '', annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A' } }] }],
    { citations: ['https://a.example'] },
  ),
  {
    name: 'pages beside the reply',
    says: { citations: ['https://b.example', 'https://c.example'] },
    events: () => [
      { choices: [], search_results: [{ url: 'https://b.example', title: 'B' }] },
      { choices: [], citations: ['https://b.example', 'https://c.example'] },
    ],
  },
  calls('a call in pieces', 'call_1', { a: 1 }, (index) => [
    { index, id: 'call_1', type: 'function', function: { name: 'do', arguments: '' } },
    { index, function: { arguments: '{"a"' } },
    { index, function: { arguments: ':1}' } },
  ]),
  calls('a call in one', 'call_2', { b: 2 }, (index) => [
    { index, id: 'call_2', type: 'function', function: { name: 'do', arguments: '{"b":2}' } },
  ]),
  calls('a call without arguments', 'call_3', {}, (index) => [
    { index, id: 'call_3', type: 'function', function: { name: 'do', arguments: '' } },
  ]),
  calls('a call whose id and name are repeated', 'call_4', { c: 3 }, (index) => [
    { index, id: 'call_4', function: { name: 'do', arguments: '{"c"' } },
    { index, id: 'call_4', function: { name: 'do', arguments: ':3}' } },
  ]),
  calls('a call without an index', 'call_5', { d: 4 }, () => [
    { id: 'call_5', function: { name: 'do', arguments: '{"d"' } },
    { id: 'call_5', function: { arguments: ':4}' } },
  ]),
  calls('a call whose arguments are an object', 'call_6', { e: 5 }, (index) => [
    { index, id: 'call_6', function: { name: 'do', arguments: { e: 5 } } },
  ]),
  calls('a call of free text', 'call_7', 'SELECT 1', (index) => [
    { index, id: 'call_7', type: 'custom', custom: { name: 'do', input: 'SELECT' } },
    { index, custom: { input: ' 1' } },
  ]),
  {
    name: 'another choice',
    says: {},
    events: () => [{ choices: [{ index: 1, delta: { content: 'never said' }, finish_reason: 'stop' }] }],
  },
  {
    name: 'chunks that hold nothing',
    says: {},
    events: () => [
      { choices: [], obfuscation: 'x' },
      { choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }] },
      { choices: [], moderation: { input: { type: 'error', code: 'x', message: 'y' }, output: null } },
    ],
  },
];
