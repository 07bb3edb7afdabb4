import { describe, expect, test } from 'vitest';
import { createGeminiReader } from '../../../src/providers/gemini/reader.ts';
import type { Reply, StreamedEvent } from '../../../src/providers/wire/model-call.ts';
import { createCallIds } from '../../../src/providers/wire/tool-call.ts';

function read(chunks: unknown[]): { events: StreamedEvent[]; reply: Reply; usage: unknown; failure: unknown } {
  const reader = createGeminiReader(createCallIds([]));
  const events = chunks.flatMap((chunk) => reader.read(chunk));
  return { events, reply: reader.finish(), usage: reader.usage(), failure: reader.failure() };
}

const parts = (...list: object[]): object => ({ candidates: [{ content: { role: 'model', parts: list } }] });
const end = (finishReason: string, more: object = {}): object => ({ candidates: [{ finishReason, ...more }] });

describe('parts', () => {
  test('of thought are reasoning, and a signature on any part goes back with it', () => {
    const signed = { text: 'Hi', thoughtSignature: 's' };
    const bare = { text: '', thoughtSignature: 't' };
    const { events, reply } = read([parts({ text: 'Hm', thought: true }, signed), parts(bare), end('STOP')]);
    expect(events).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Hi' },
    ]);
    expect(reply.message.native?.items).toEqual([signed, bare]);
  });

  test('of calls get ids of ours where there are none, and go back with the ids that came', () => {
    const { reply } = read([
      parts({ functionCall: { name: 'one', args: { x: 1 } }, thoughtSignature: 's' }),
      parts({ functionCall: { id: 'their', name: 'two' } }),
      end('STOP'),
    ]);
    expect(reply.message.calls.map(({ id, args }) => [id, args])).toEqual([
      ['call_1', { x: 1 }],
      ['their', {}],
    ]);
    expect(reply.message.native?.items).toEqual([
      { functionCall: { name: 'one', args: { x: 1 } }, thoughtSignature: 's' },
      { functionCall: { id: 'their', name: 'two', args: {} } },
    ]);
    expect(reply.stopReason).toBe('tool-calls');
  });

  test.each([
    ['MAX_TOKENS', null],
    ['SAFETY', null],
    ['STOP', { text: 'Once' }],
  ])('of a call that was to go on are no arguments when %s ends it', (reason, args) => {
    const begun = { name: 'write', willContinue: true };
    const piece = {
      partialArgs: [{ jsonPath: '$.text', stringValue: 'Once', willContinue: true }],
      willContinue: true,
    };
    const { reply } = read([parts({ functionCall: begun }), parts({ functionCall: piece }), end(reason)]);
    expect(reply.message.calls).toEqual([{ id: 'call_1', name: 'write', args, rawArgs: '{"text":"Once"}' }]);
  });

  test('of one call may all have its name and id', () => {
    const call = { id: 'p', name: 'one' };
    const partialArgs = [{ jsonPath: '$.a', numberValue: 1 }];
    const { reply } = read([
      parts({ functionCall: { ...call, willContinue: true } }),
      parts({ functionCall: { ...call, partialArgs, willContinue: true } }),
      parts({ functionCall: call }),
      end('STOP'),
    ]);
    expect(reply.message.calls).toMatchObject([{ id: 'p', name: 'one', args: { a: 1 } }]);
  });

  test('of code and its result are one tool at work, and go back', () => {
    const code = { executableCode: { language: 'PYTHON', code: '1/0' } };
    const result = { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'oops' } };
    const { events, reply } = read([parts(code, result), end('STOP')]);
    expect(events).toMatchObject([
      { type: 'builtin-tool', name: 'code_execution', detail: '1/0', itemType: 'executableCode' },
      {
        type: 'builtin-result',
        name: 'code_execution',
        itemType: 'codeExecutionResult',
        output: 'oops',
        isError: true,
      },
    ]);
    expect(reply.message.native?.items).toEqual([code, result]);
  });

  test('of files are told of, and those in the reply itself do not go back', () => {
    const { events, reply } = read([
      parts({ inlineData: { mimeType: 'image/png', data: 'AA==' } }),
      parts({ fileData: { mimeType: 'application/pdf', fileUri: 'https://files.example/1', displayName: 'a.pdf' } }),
      end('STOP'),
    ]);
    expect(events).toMatchObject([
      { type: 'file', name: 'file 1', id: null, mediaType: 'image/png', base64: 'AA==' },
      { type: 'file', name: 'a.pdf', id: 'https://files.example/1', mediaType: 'application/pdf' },
    ]);
    expect(JSON.stringify(reply.message.native)).not.toContain('AA==');
  });
});

describe('metadata', () => {
  test('tell of searches, pages and documents once', () => {
    const groundingMetadata = {
      webSearchQueries: ['news'],
      groundingChunks: [
        { web: { uri: 'https://a.example', title: 'A' } },
        { retrievedContext: { title: 'notes.txt' } },
        { maps: { uri: 'https://maps.example', title: 'M' } },
      ],
    };
    const chunk = { candidates: [{ groundingMetadata, urlContextMetadata: { urlMetadata: [{ retrievedUrl: 'x' }] } }] };
    expect(read([chunk, chunk, end('STOP')]).events).toEqual([
      { type: 'builtin-tool', name: 'web_search', detail: 'news' },
      { type: 'builtin-result', name: 'web_search', output: '', isError: false },
      { type: 'builtin-tool', name: 'url_context', detail: '' },
      { type: 'builtin-result', name: 'url_context', output: 'x', isError: false },
      { type: 'citation', url: 'https://a.example', title: 'A' },
      { type: 'file', name: 'notes.txt', id: null, mediaType: null },
      { type: 'citation', url: 'https://maps.example', title: 'M' },
    ]);
  });

  test('say which pages could not be fetched', () => {
    const page = (retrievedUrl: string, why: string): object => ({
      retrievedUrl,
      urlRetrievalStatus: `URL_RETRIEVAL_STATUS_${why}`,
    });
    const urlContextMetadata = { urlMetadata: [page('a', 'PAYWALL'), page('b', 'SUCCESS')] };
    const { events } = read([{ candidates: [{ urlContextMetadata }] }, end('STOP')]);
    expect(events).toMatchObject([{}, { output: 'a paywall\nb', isError: false }]);
  });

  test('count the prompts of tools as input, and thoughts as output', () => {
    const usageMetadata = {
      promptTokenCount: 10,
      toolUsePromptTokenCount: 5,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 4,
      cachedContentTokenCount: 2,
      totalTokenCount: 22,
    };
    // Vertex sends some that hold no counts.
    const { usage } = read([{ usageMetadata }, { usageMetadata: { trafficType: 'ON_DEMAND' } }, end('STOP')]);
    expect(usage).toEqual({ input: 15, output: 7, cachedInput: 2, cacheWrite: 0, reasoning: 4 });
  });
});

describe('the end', () => {
  test.each([
    ['STOP', 'end'],
    ['MAX_TOKENS', 'max-tokens'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['LANGUAGE', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['OTHER', 'other'],
    ['FINISH_REASON_UNSPECIFIED', 'other'],
  ])('%s means %s', (reason, stopReason) => {
    expect(read([end(reason)])).toMatchObject({ failure: null, reply: { stopReason } });
  });

  test.each([
    'MALFORMED_FUNCTION_CALL',
    'MALFORMED_RESPONSE',
    'UNEXPECTED_TOOL_CALL',
    'TOO_MANY_TOOL_CALLS',
    'MISSING_THOUGHT_SIGNATURE',
  ])('%s is a failure that another try may mend', (reason) => {
    expect(read([end(reason, { finishMessage: 'why' })]).failure).toEqual({
      kind: 'protocol',
      message: `The reply was broken off: ${reason}: why.`,
    });
  });

  test.each(['SAFETY', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'IMAGE_SAFETY', 'MODEL_ARMOR', 'JAILBREAK'])(
    'a prompt that is blocked for %s is a failure',
    (blockReason) => {
      expect(read([{ promptFeedback: { blockReason } }]).failure).toMatchObject({ kind: 'content-filter' });
    },
  );
});
