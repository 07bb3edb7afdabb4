import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  errorAnswer,
  startLoopback,
  type Answer,
  type Loopback,
  type LoopbackRequest,
} from '../support/loopback-server.ts';
import { replyStream, type WireReply } from '../support/wire-replies.ts';
import { runCommandLine, withFolder, type Ended } from './command-process.ts';

const REPLY: WireReply = {
  reasoning: 'Hm.',
  text: ['Hello ', '\u001b[31mthere'],
  calls: [{ id: 'c1', name: 'look', args: { at: 'sky' } }],
  usage: { input: 100, output: 50, cached: 30, reasoning: 20 },
};

let answer: Answer | WireReply;
let server: Loopback;
beforeEach(async () => {
  answer = REPLY;
  server = await startLoopback(() => answer);
});
afterEach(async () => server.close());

async function probe(
  args: readonly string[],
  more: { files?: Record<string, string>; env?: Record<string, string>; onOutput?: (kill: () => void) => void } = {},
): Promise<Ended> {
  return withFolder(more.files ?? {}, (cwd) =>
    runCommandLine(['probe', ...args], {
      cwd,
      env: { TEST_KEY: 'a-key-of-tests', ...more.env },
      ...(more.onOutput && { onOutput: (_out, kill) => more.onOutput?.(() => kill('SIGINT')) }),
    }),
  );
}

const chat = (...args: string[]): string[] =>
  ['--backend', 'chatcompletion', '--model', 'm', '--base-url', `${server.url}/v1`, '--api-key-env', 'TEST_KEY'].concat(
    args,
  );

describe('massgen probe', () => {
  test('prints events as JSON lines and the folded message as the last line', async () => {
    const ended = await probe(chat('--json', 'Hi'));
    const lines = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type?: string });
    // Text that came at once is one event.
    const types = lines.map(({ type }) => type).filter((type, at, all) => type !== 'text' || all[at - 1] !== 'text');
    expect(types).toEqual(['reasoning', 'text', 'tool-call', 'finished', undefined]);
    expect(lines.at(-1)).toEqual({
      text: 'Hello \u001b[31mthere',
      reasoning: 'Hm.',
      refusal: '',
      tool_calls: [{ id: 'c1', name: 'look', args: { at: 'sky' } }],
      builtin: [],
      stop_reason: 'tool_calls',
      usage: { input: 100, output: 50, cached: 30, cache_write: null, reasoning: 20, total: 150 },
      cost_usd: null,
      error: null,
      stop: 'tool-calls',
      billed: { input: 100, output: 50, cachedInput: 30, cacheWrite: 0, reasoning: 20 },
      citations: [],
      files: [],
    });
    expect({ code: ended.code, stderr: ended.stderr, requests: server.requests.length }).toEqual({
      code: 0,
      stderr: '',
      requests: 1,
    });
  });

  test('prints one event a line for people, and nothing that steers a terminal', async () => {
    const { stdout } = await probe(chat('Hi'));
    // Text that came at once is one event.
    const lines = stdout.replace(/(text "Hello )"\ntext "/, '$1').split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'reasoning "Hm."',
      'text "Hello \\u001b[31mthere"',
      'tool-call look {"at":"sky"}',
      'finished tool-calls',
    ]);
    expect(stdout).not.toContain('\u001b');
  });

  test('sends headers, parameters, tools and the system message', async () => {
    const tools = [
      { name: 'a', description: 'A.', parameters: { type: 'object' } },
      { type: 'function', function: { name: 'b', parameters: { type: 'object' } } },
      { name: 'c', input_schema: { type: 'object' } },
    ];
    const flags = ['--header', 'x-team=blue=green', '--param', 'temperature=0.5', '--param', 'user=me'];
    await probe(chat(...flags, '--tools', 'tools.json', '--system-message', 'Be brief.', 'Hi'), {
      files: { 'tools.json': JSON.stringify(tools) },
    });
    const [{ headers, body }] = server.requests as [Loopback['requests'][number]];
    expect(headers).toMatchObject({ 'x-team': 'blue=green', authorization: 'Bearer a-key-of-tests' });
    expect(body).toMatchObject({
      temperature: 0.5,
      user: 'me',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      tools: [{ function: { name: 'a' } }, { function: { name: 'b' } }, { function: { name: 'c' } }],
    });
  });

  test("switches the provider's own tools on", async () => {
    const url = `${server.url}/v1`;
    await probe([
      '--backend',
      'openai',
      '--base-url',
      url,
      '--api-key-env',
      'TEST_KEY',
      '--builtin',
      'web_search',
      'x',
    ]);
    expect(server.requests[0]?.body.tools).toEqual([{ type: 'web_search' }]);
  });

  test('reads a server that answers with one JSON object, and asks for one on demand', async () => {
    answer = {
      headers: { 'content-type': 'application/json' },
      chunks: [
        JSON.stringify({
          object: 'chat.completion',
          choices: [{ index: 0, message: { role: 'assistant', content: 'All at once.' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
        }),
      ],
    };
    const ended = [await probe(chat('--json', 'Hi')), await probe(chat('--json', '--param', 'stream=false', 'Hi'))];
    expect(ended.map(lastLine)).toMatchObject(
      Array(2).fill({ text: 'All at once.', usage: { total: 7 }, error: null }),
    );
    expect(server.requests.map(({ body }) => body.stream)).toEqual([true, false]);
  });

  test('fails with exit code 2, once, in the server’s words, without the key', async () => {
    answer = errorAnswer(401, { error: { message: 'No such key: a-key-of-tests' } });
    const ended = await probe(chat('--json', 'Hi'));
    expect({ code: ended.code, requests: server.requests.length, error: lastLine(ended).error }).toEqual({
      code: 2,
      requests: 1,
      error: {
        kind: 'auth',
        message: 'No such key: [secret]',
        status: 401,
        retry_after_ms: null,
        hint: 'The key is that of TEST_KEY, looked for in the shell, ./.env, ~/.massgen/.env, in this order.',
      },
    });
    expect(ended.stdout).not.toContain('a-key-of-tests');
  });

  test('keeps what came before the failure, and says what the arguments were that are no JSON', async () => {
    answer = { calls: [{ id: 'c', name: 'look', args: '{"at":"sk' }], isCut: true };
    const call = { id: 'c', name: 'look', args: null, args_raw: '{"at":"sk' };
    expect(lastLine(await probe(chat('--json', 'Hi')))).toMatchObject({ tool_calls: [call], stop: 'max-tokens' });
    answer = { chunks: replyStream('chat', REPLY).slice(0, 3) };
    const ended = await probe(chat('--json', 'Hi'));
    expect(lastLine(ended)).toMatchObject({
      text: 'Hello ',
      usage: null,
      cost_usd: null,
      stop: null,
      error: { kind: 'protocol' },
    });
  });

  test('is interrupted by Ctrl+C, and the server notices', async () => {
    answer = { chunks: replyStream('chat', REPLY).slice(0, 2), end: 'hang' };
    let isKilled = false;
    const onOutput = (kill: () => void): void => {
      if (!isKilled) kill();
      isKilled = true;
    };
    const ended = await probe(chat('--json', 'Hi'), { onOutput });
    expect({ code: ended.code, error: lastLine(ended).error?.kind }).toEqual({ code: 4, error: 'aborted' });
    expect(await server.requests[0]?.ended).toBe('client-closed');
  });

  test('needs no key for a server on this machine, and says so', async () => {
    const url = server.url;
    const ended = await probe(['--backend', 'claude', '--model', 'm', '--base-url', url, '--json', 'Hi']);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('ANTHROPIC_API_KEY is not set');
    expect(server.requests[0]?.headers).not.toHaveProperty('x-api-key');
  });

  test('takes one agent of a config as it is, whatever is missing for the others', async () => {
    const config = `
agents:
  - { id: other, backend: { type: openai, model: gpt-5, api_key: "\${NOT_SET}" } }
  - id: mine
    system_message: Be kind.
    backend: { type: claude, model: m, base_url: "${server.url}", api_key_env: TEST_KEY, max_tokens: 77 }
`;
    const files = { 'team.yaml': config };
    const ended = await probe(['--config', 'team.yaml', '--agent', 'mine', '--model', 'n', '--json', 'Hi'], { files });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(server.requests[0]?.body).toMatchObject({ model: 'n', max_tokens: 77, system: [{ text: 'Be kind.' }] });
    const unnamed = await probe(['--config', 'team.yaml', 'Hi'], { files });
    expect(unnamed).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The agents are: other, mine.') as unknown,
    });
    const missing = await probe(['--config', 'team.yaml', '--agent', 'other', 'Hi'], { files });
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('team.yaml:3') as unknown });
  });

  test('asks another address, model or vendor than the config says where flags name them', async () => {
    const config = `
agents:
  - { id: mine, system_message: Be kind., backend: { type: openai, model: gpt-5, base_url: "\${NOT_SET}", api_key: nowhere } }
`;
    const flags = ['--backend', 'chat', '--model', 'n', '--base-url', `${server.url}/v1`, '--api-key-env', 'TEST_KEY'];
    const ended = await probe(['--config', 'team.yaml', ...flags, '--json', 'Hi'], { files: { 'team.yaml': config } });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    const [{ path, headers, body }] = server.requests as [LoopbackRequest];
    expect([path, headers.authorization, body.model]).toEqual(['/v1/chat/completions', 'Bearer a-key-of-tests', 'n']);
    expect(body.messages).toMatchObject([{ content: 'Be kind.' }, { content: 'Hi' }]);
  });

  test('does not tell another vendor the key of the config', async () => {
    const config = `
agents:
  - { id: mine, backend: { type: claude, model: m, api_key: a-key-of-tests } }
`;
    const ended = await probe(['--config', 'team.yaml', '--backend', 'openai', '--model', 'n', 'Hi'], {
      files: { 'team.yaml': config },
      env: { OPENAI_API_KEY: '' },
    });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('OPENAI_API_KEY is not set') as unknown,
    });
  });

  test.each([
    [['Hi'], 'Name the endpoint with --backend TYPE'],
    [['--backend', 'opnai', 'Hi'], 'Did you mean openai?'],
    [['--backend', 'openai'], 'There is nothing to send'],
    [['--backend', 'openai', 'Hi'], 'OPENAI_API_KEY is not set'],
    [['--backend', 'openai', '--base-url', 'https://gateway.example/v1', 'Hi'], '--api-key-env OPENAI_API_KEY'],
    [
      ['--backend', 'claude', '--api-key-env', 'TEST_KEY', '--builtin', 'telepathy', 'Hi'],
      'web_search, code_execution',
    ],
    [['--backend', 'openai', '--api-key-env', 'TEST_KEY', '--header', 'no value', 'Hi'], 'A --header is NAME=VALUE'],
    [['--backend', 'openai', '--api-key-env', 'TEST_KEY', '--param', 'novalue', 'Hi'], 'A --param is NAME=VALUE'],
    [['--backend', 'openai', '--api-key-env', 'TEST_KEY', '--tools', 'none.json', 'Hi'], 'none.json cannot be read'],
    [['--agent', 'a', '--backend', 'openai', 'Hi'], 'add --config FILE'],
  ])('%j ends with exit code 1 and what to do', async (args, words) => {
    const ended = await probe(args, { env: { OPENAI_API_KEY: words.includes('--api-key-env') ? 'x-y-z' : '' } });
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(words) as unknown });
  });
});

interface Folded {
  text: string;
  error: { kind: string } | null;
}

function lastLine({ stdout }: Ended): Folded {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Folded;
}
