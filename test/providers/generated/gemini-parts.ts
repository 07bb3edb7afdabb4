import type { Part, Says } from './part.ts';

/** Chunks with one part each. */
function parts(name: string, list: readonly object[], says: Says): Part {
  const chunk = (part: object): object => ({ candidates: [{ content: { role: 'model', parts: [part] }, index: 0 }] });
  return { name, says, events: () => list.map(chunk) };
}

/** A chunk whose candidate says something beside its content. */
function beside(name: string, candidate: object, says: Says): Part {
  return { name, says, events: () => [{ candidates: [{ index: 0, ...candidate }] }] };
}

export const GEMINI_PARTS: readonly Part[] = [
  parts('text', [{ text: 'Grü' }, { text: 'ße 🌍' }], { text: 'Grüße 🌍' }),
  parts('signed text', [{ text: 'signed', thoughtSignature: 's' }], { text: 'signed' }),
  parts('a signature alone', [{ text: '', thoughtSignature: 's' }], {}),
  parts(
    'thoughts',
    [
      { text: 'H', thought: true },
      { text: 'm.', thought: true },
    ],
    { reasoning: 'Hm.' },
  ),
  parts('a call', [{ functionCall: { id: 'fc_1', name: 'do', args: { a: 1 } }, thoughtSignature: 's' }], {
    calls: [{ id: 'fc_1', name: 'do', args: { a: 1 } }],
  }),
  parts('a call without arguments', [{ functionCall: { id: 'fc_2', name: 'do' } }], {
    calls: [{ id: 'fc_2', name: 'do', args: {} }],
  }),
  parts(
    'a call in pieces',
    [
      { functionCall: { id: 'fc_3', name: 'do', willContinue: true } },
      {
        functionCall: {
          partialArgs: [{ jsonPath: '$.x.y', stringValue: 'a', willContinue: true }],
          willContinue: true,
        },
      },
      { functionCall: { partialArgs: [{ jsonPath: '$.x.y', stringValue: 'b' }], willContinue: true } },
      { functionCall: { partialArgs: [{ jsonPath: '$.n[0]', nullValue: null }], willContinue: true } },
      { functionCall: { partialArgs: [{ jsonPath: '$.t', boolValue: true }], willContinue: true } },
      { functionCall: {} },
    ],
    { calls: [{ id: 'fc_3', name: 'do', args: { x: { y: 'ab' }, n: [null], t: true } }] },
  ),
  parts(
    'code and what it gave',
    [
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
    ],
    { builtin: ['executableCode', 'codeExecutionResult'] },
  ),
  parts('code that failed', [{ codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'no' } }], {
    builtin: ['codeExecutionResult'],
  }),
  parts(
    'a tool of the server',
    [
      { toolCall: { id: 't', toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['x'] } }, thoughtSignature: 's' },
      { toolResponse: { id: 't', toolType: 'GOOGLE_SEARCH_WEB', response: {} }, thoughtSignature: 's' },
    ],
    {},
  ),
  parts('a file by its address', [{ fileData: { fileUri: 'gs://a', mimeType: 'image/png' } }], { files: ['gs://a'] }),
  beside(
    'grounding',
    {
      groundingMetadata: {
        webSearchQueries: ['x'],
        imageSearchQueries: ['y'],
        groundingChunks: [
          { web: { uri: 'https://a.example', title: 'A' } },
          { retrievedContext: { uri: 'https://b.example', title: 'B' } },
          { retrievedContext: { title: 'notes' } },
          { maps: { uri: 'https://c.example', title: 'C' } },
          { image: { sourceUri: 'https://d.example', imageUri: 'https://d.example/p', title: 'D' } },
        ],
        groundingSupports: [],
      },
    },
    { citations: ['https://a.example', 'https://b.example', 'https://c.example', 'https://d.example'], files: [null] },
  ),
  beside(
    'citations',
    {
      citationMetadata: {
        citationSources: [{ uri: 'https://e.example' }],
        citations: [{ uri: 'https://f.example', title: 'F' }],
      },
    },
    { citations: ['https://e.example', 'https://f.example'] },
  ),
  beside(
    'pages that were fetched',
    {
      urlContextMetadata: {
        urlMetadata: [{ retrievedUrl: 'https://a.example', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' }],
      },
    },
    {},
  ),
  {
    name: 'another candidate',
    says: {},
    events: () => [{ candidates: [{ index: 1, content: { parts: [{ text: 'never said' }] }, finishReason: 'STOP' }] }],
  },
  {
    name: 'a part of a later version',
    says: {},
    events: () => [{ candidates: [{ content: { parts: [{ thing: 1 }] } }] }],
  },
];
