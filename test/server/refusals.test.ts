import { readdir } from 'node:fs/promises';
import { AuthenticationError } from 'openai';
import { describe, expect, it } from 'vitest';
import { clientOf, post, PUZZLE, serve, TOKEN } from './serving.ts';

const hello = [{ role: 'user', content: 'Hi?' }];

describe('who may ask', () => {
  it.each([
    ['no token', {}],
    ['another token', { authorization: `Bearer ${TOKEN}x` }],
    ['the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['an empty token', { authorization: 'Bearer ' }],
  ])('is not somebody with %s', async (_, headers) => {
    const { server } = await serve();
    const responses = await Promise.all([
      fetch(`${server.url}/models`, { headers }),
      fetch(`${server.url}/chat/completions`, { method: 'POST', headers, body: 'not even JSON' }),
      fetch(`${server.url}/nothing/here`, { headers }),
    ]);
    const bodies = await Promise.all(responses.map((response) => response.json()));
    expect(responses.map(({ status, headers: got }) => [status, got.get('www-authenticate')])).toEqual(
      responses.map(() => [401, 'Bearer']),
    );
    expect(bodies).toEqual(
      bodies.map(() => ({
        error: {
          message: expect.stringContaining('massgen serve') as string,
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        },
      })),
    );
  });

  it('is told by the SDK as a wrong key', async () => {
    const { server } = await serve();
    await expect(clientOf(server, 'something-else').models.list()).rejects.toThrow(
      expect.objectContaining({ constructor: AuthenticationError, status: 401, code: 'invalid_api_key' }),
    );
  });

  it('needs no token to see whether the server is there', async () => {
    const { server } = await serve();
    const response = await fetch(server.url.replace('/v1', '/healthz'));
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('requests that cannot be answered', () => {
  const chat = (more: object): object => ({ model: 'massgen/demo', messages: hello, ...more });

  it.each<[string, object, string, string]>([
    ['no model', { messages: hello }, 'model', 'invalid_parameter'],
    ['no messages', { model: 'massgen/demo' }, 'messages', 'invalid_parameter'],
    ['an empty list of messages', chat({ messages: [] }), 'messages', 'invalid_parameter'],
    [
      'a last message of the assistant',
      chat({ messages: [...hello, { role: 'assistant', content: 'Ho.' }] }),
      'messages',
      'invalid_parameter',
    ],
    ['only blank text', chat({ messages: [{ role: 'user', content: '  ' }] }), 'messages', 'invalid_parameter'],
    ['a message that is none', chat({ messages: ['Hi?'] }), 'messages[0]', 'invalid_parameter'],
    ['an unknown role', chat({ messages: [{ role: 'tool', content: '1' }] }), 'messages[0].role', 'invalid_parameter'],
    [
      'a picture',
      chat({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] }),
      'messages[0].content',
      'invalid_parameter',
    ],
    [
      'calls of tools',
      chat({ messages: [{ role: 'assistant', content: null, tool_calls: [{}] }, ...hello] }),
      'messages[0].tool_calls',
      'invalid_parameter',
    ],
    ['tools', chat({ tools: [{ type: 'function', function: { name: 'f' } }] }), 'tools', 'unsupported_parameter'],
    ['several answers', chat({ n: 2 }), 'n', 'unsupported_parameter'],
    [
      'an answer by a schema',
      chat({ response_format: { type: 'json_object' } }),
      'response_format',
      'unsupported_parameter',
    ],
    ['probabilities', chat({ logprobs: true }), 'logprobs', 'unsupported_parameter'],
    ['sound', chat({ modalities: ['text', 'audio'] }), 'modalities', 'unsupported_parameter'],
    ['a stream that is no switch', chat({ stream: 'yes' }), 'stream', 'invalid_parameter'],
    ['a seed that is no number', chat({ seed: -1 }), 'seed', 'invalid_parameter'],
    ['a list', [], 'body', 'invalid_json'],
  ])('have %s', async (_, body, param, code) => {
    const { server, cwd } = await serve();
    const response = await post(server, '/chat/completions', body);
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: { message: expect.stringMatching(/^[^\n]+\.$/) as string, type: 'invalid_request_error', param, code } },
    ]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['no input', {}, 'input'],
    ['calls of tools', { input: [{ type: 'function_call', name: 'f' }] }, 'input[0].type'],
    ['an earlier response', { input: 'Hi?', previous_response_id: 'resp_1' }, 'previous_response_id'],
    ['work in the background', { input: 'Hi?', background: true }, 'background'],
    ['an answer by a schema', { input: 'Hi?', text: { format: { type: 'json_schema' } } }, 'text.format'],
    ['instructions that are no text', { input: 'Hi?', instructions: 1 }, 'instructions'],
  ])('have %s, at the other endpoint', async (_, body, param) => {
    const { server } = await serve();
    const response = await post(server, '/responses', { model: 'massgen/demo', ...body });
    expect([response.status, ((await response.json()) as { error: { param: string } }).error.param]).toEqual([
      400,
      param,
    ]);
  });

  it('may tune what a team does not let be tuned, and lists of nothing', async () => {
    const { server } = await serve();
    const tuning = {
      temperature: 0,
      max_tokens: 10,
      top_p: 1,
      user: 'me',
      tools: [],
      n: 1,
      logprobs: false,
      metadata: {},
    };
    const messages = [{ role: 'user', content: PUZZLE }];
    const response = await post(
      server,
      '/chat/completions',
      chat({ ...tuning, messages, response_format: { type: 'text' } }),
    );
    expect(response.status).toBe(200);
  });

  it('are no JSON', async () => {
    const { server } = await serve();
    const response = await post(server, '/chat/completions', '{"model":');
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'invalid_json' } }]);
  });

  it.each([true, false])('are too large (told so beforehand: %s)', async (isTold) => {
    const { server } = await serve();
    const large = JSON.stringify(chat({ messages: [{ role: 'user', content: 'x'.repeat(4_100_000) }] }));
    const body = isTold ? large : new Blob([large]).stream();
    const response = await fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body,
      ...(isTold ? {} : { duplex: 'half' }),
    } as RequestInit);
    expect([response.status, await response.json()]).toMatchObject([413, { error: { code: 'request_too_large' } }]);
  });

  it.each([
    ['POST', '/embeddings'],
    ['DELETE', '/chat/completions'],
    ['PUT', '/models'],
  ])('lead nowhere, without a body: %s %s', async (method, path) => {
    const { server, bugs } = await serve();
    const response = await fetch(`${server.url}${path}`, { method, headers: { authorization: `Bearer ${TOKEN}` } });
    expect([response.status, await response.json(), bugs]).toMatchObject([404, { error: { code: 'not_found' } }, []]);
  });

  it('have no body', async () => {
    const { server, bugs } = await serve();
    const response = await post(server, '/chat/completions', '');
    expect([response.status, await response.json(), bugs]).toMatchObject([
      400,
      { error: { code: 'invalid_json' } },
      [],
    ]);
  });

  it('ask the built-in team what it cannot do', async () => {
    const { server } = await serve();
    const response = await post(server, '/chat/completions', chat({ stream: true }));
    expect([response.status, response.headers.get('content-type'), await response.json()]).toMatchObject([
      400,
      'application/json',
      { error: { code: 'no-puzzle' } },
    ]);
  });

  it('want a team that cannot start', async () => {
    const { server } = await serve();
    const response = await post(server, '/chat/completions', chat({ model: 'massgen/model:gpt-5' }));
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'cannot-start' } }]);
  });

  it('leave no place taken behind', async () => {
    const { server } = await serve({}, { maxRuns: 1 });
    const statuses: number[] = [];
    for (const model of ['massgen/nowhere', 'massgen/model:gpt-5', 'massgen/nowhere']) {
      for (const stream of [true, false]) {
        statuses.push((await post(server, '/chat/completions', chat({ model, stream }))).status);
      }
    }
    expect([statuses, server.running]).toEqual([[404, 404, 400, 400, 404, 404], 0]);
  });
});
