import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { EventOf, RunEvent } from '../../src/events/event.ts';
import type { JsonObject } from '../../src/events/json.ts';
import { start } from '../../src/index.ts';
import { startLoopback, type Handler, type LoopbackRequest } from '../support/loopback-server.ts';
import { replyStream, sseEvent, type WireProtocol, type WireReply } from '../support/wire-replies.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { modulePath } from '../tools/mcp/server-needs.ts';

const PROTOCOLS: WireProtocol[] = ['responses', 'chat', 'messages', 'gemini'];

const BACKENDS: Record<WireProtocol, (url: string) => JsonObject> = {
  responses: (url) => ({ type: 'openai', model: 'gpt-5-mini', base_url: `${url}/v1` }),
  chat: (url) => ({ type: 'chatcompletion', model: 'some-model', base_url: `${url}/v1` }),
  messages: (url) => ({ type: 'claude', model: 'claude-sonnet-4-5-20250929', base_url: url }),
  gemini: (url) => ({ type: 'gemini', model: 'gemini-2.5-flash', base_url: url }),
};

interface Played {
  folder: string;
  requests: LoopbackRequest[];
  of: <T extends RunEvent['type']>(type: T) => EventOf<T>[];
}

/** Agents of one vendor out of a config, over the real SDK and a server on this machine. */
async function play(
  protocol: WireProtocol,
  handler: Handler,
  { count = 1, backend = {}, more = {} }: { count?: number; backend?: JsonObject; more?: JsonObject } = {},
): Promise<Played> {
  const server = await startLoopback(handler);
  onTestFinished(() => server.close());
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'outside.txt'), 'secret words');
  await mkdir(join(folder, 'given'));
  await writeFile(join(folder, 'given', 'a.txt'), 'given words');
  const agents = Array.from({ length: count }, (_, at) => ({
    id: `agent.${at + 1}`,
    backend: { ...BACKENDS[protocol](server.url), api_key: 'sk-some-key-0123456789', cwd: `work${at}`, ...backend },
  }));
  const file = join(folder, 'team.json');
  await writeFile(file, JSON.stringify({ agents, ...more }));
  const events: RunEvent[] = [];
  const run = start('Why is the sky blue?', {
    config: file,
    cwd: folder,
    env: { HOME: folder },
    onEvent: (event) => events.push(event),
  });
  await run.result;
  return {
    folder,
    requests: server.requests,
    of: (type) => events.filter((event): event is EventOf<typeof type> => event.type === type),
  };
}

/** Replies by the number of results that a request holds, so that one script serves every protocol. */
function byResults(replies: readonly WireReply[]): Handler {
  let at = 0;
  return () => replies[Math.min(at++, replies.length - 1)] ?? { text: 'Done.' };
}

describe.each(PROTOCOLS)('an agent that speaks %s', (protocol) => {
  test('is kept to its files by the same rules as every other', async () => {
    const context = { orchestrator: { context_paths: [{ path: 'given', permission: 'read' }] } };
    const calls = [
      { name: 'read_file', args: { path: '../../../../outside.txt' } },
      { name: 'write_file', args: { path: '/etc/massgen-canary', content: 'x' } },
      { name: 'write_file', args: { path: 'mine.txt', content: 'x' } },
    ];
    const { of, folder } = await play(protocol, byResults([{ calls }, { text: 'Done.' }]), { more: context });
    expect(of('tool.finished').map(({ data }) => [data.name, data.isError])).toEqual([
      ['read_file', true],
      ['write_file', true],
      ['write_file', false],
    ]);
    const late = await readFile(join(folder, 'given', 'a.txt'), 'utf8');
    expect(late).toBe('given words');
  });

  test('may hand in an answer beside other calls: all of them count', async () => {
    const calls = [
      { name: 'write_file', args: { path: 'a.txt', content: 'x' } },
      { name: 'new_answer', args: { content: 'The answer.' } },
    ];
    const model: Handler = ({ body }) => {
      const text = JSON.stringify(body);
      if (text.includes('Present it to the user')) return { text: 'Presented.' };
      if (text.includes('<answer '))
        return { calls: [{ name: 'vote', args: { agent_id: 'agent1', reason: 'Right.' } }] };
      return { calls };
    };
    const { of } = await play(protocol, model, { count: 2 });
    expect(of('tool.finished').map(({ data }) => [data.name, data.isError])).toEqual([
      ['write_file', false],
      ['write_file', false],
    ]);
    expect([of('answer.submitted').length, of('ballot.cast').length]).toEqual([2, 2]);
  });

  test('gets files of the user also where it has tools', async () => {
    const { requests } = await play(protocol, () => ({ text: 'Done.' }), {
      backend: { upload_files: [{ file_path: 'given/a.txt' }] },
    });
    const sent = JSON.stringify(requests[0]?.body);
    const words = ['given words', Buffer.from('given words').toString('base64')];
    expect([words.some((text) => sent.includes(text)), sent.includes('read_file')]).toEqual([true, true]);
  });

  test('is told what it uses and what that costs', async () => {
    const { of } = await play(protocol, () => ({ text: 'Done.', usage: { input: 1_000, output: 100 } }));
    const [{ data } = { data: null }] = of('request.finished');
    expect([data?.usage.input, data?.usage.output]).toEqual([1_000, 100]);
    // What a compatible server on this machine runs is free.
    expect((data?.costUsd ?? 0) > 0).toBe(protocol !== 'chat');
  });

  test('that uses tools without end is stopped', async () => {
    const endless: Handler = () => ({ calls: [{ name: 'list_files', args: {} }] });
    const { of, requests } = await play(protocol, endless, { more: { limits: { tool_calls: 20 } } });
    expect(of('tool.finished').length).toBe(20);
    expect(requests.length).toBeLessThan(40);
    expect(of('run.finished')[0]?.data.outcome).toBe('failed');
  });
});

describe('what a model thinks', () => {
  test.each([
    ['responses', 'c2VhbGVk'],
    ['messages', 'c2lnbmVk'],
    ['gemini', 'c2lnbmVk'],
  ] as const)('goes back sealed in the next step of its tools (%s)', async (protocol, seal) => {
    const first = { reasoning: 'Hm.', calls: [{ name: 'list_files', args: {} }] };
    const { requests } = await play(protocol, byResults([first, { text: 'Done.' }]));
    expect(requests.slice(0, 2).map(({ body }) => JSON.stringify(body).includes(seal))).toEqual([false, true]);
  });
});

test('a vote counts in a reply in which the provider has searched the web', async () => {
  const vote = { calls: [{ name: 'vote', args: { agent_id: 'agent1', reason: 'Right.' } }] };
  const search = { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'sky' } };
  const model: Handler = ({ body }) => {
    const text = JSON.stringify(body);
    if (text.includes('Present it to the user')) return { text: 'Presented.' };
    if (!text.includes('<answer ')) return { calls: [{ name: 'new_answer', args: { content: 'The answer.' } }] };
    const [created = '', ...rest] = replyStream('responses', vote);
    const added = sseEvent(
      { type: 'response.output_item.added', output_index: 9, item: search },
      'response.output_item.added',
    );
    const done = sseEvent(
      { type: 'response.output_item.done', output_index: 9, item: search },
      'response.output_item.done',
    );
    return { chunks: [created, added, done, ...rest] };
  };
  const { of } = await play('responses', model, { count: 2, backend: { enable_web_search: true } });
  expect(of('builtin.used').map(({ data }) => data.detail)).toEqual(['sky', 'sky']);
  expect(of('ballot.cast')).toHaveLength(2);
  expect(of('run.finished')[0]?.data.outcome).toBe('answered');
});

test('a server for models on this machine is asked, and nothing is started or fetched for it', async () => {
  const programs = await temporaryFolder();
  for (const name of ['sh', 'bash', 'curl', 'wget', 'lms', 'npx', 'brew']) {
    await writeFile(join(programs, name), `#!/bin/sh\necho ${name} >> ${programs}/started\n`, { mode: 0o755 });
  }
  vi.stubEnv('PATH', programs);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { of } = await play('chat', () => ({ text: 'Done.' }), { backend: { type: 'lmstudio' } });
  expect(of('run.finished')[0]?.data.outcome).toBe('answered');
  expect(await readFile(join(programs, 'started'), 'utf8').catch(() => 'nothing')).toBe('nothing');
});

describe('a picture that a tool gives back', { timeout: 120_000 }, () => {
  const every = {
    command: process.execPath,
    args: [modulePath('@modelcontextprotocol/server-everything/dist/index.js')],
    allowed_tools: ['get-tiny-image'],
  };
  const calls = [{ name: 'mcp__server__get-tiny-image', args: {} }];
  const backend = { mcp_servers: { server: every } };

  test.each([
    ['responses', {}],
    ['chat', { model: 'gpt-4o' }],
    ['messages', {}],
    ['gemini', { model: 'gemini-3-pro-preview' }],
  ] as const)('is seen by the model and kept in the run (%s)', async (protocol, more) => {
    const { requests, of } = await play(protocol, byResults([{ calls }, { text: 'Done.' }]), {
      backend: { ...backend, ...more },
    });
    const [kept] = of('tool.finished')[0]?.data.pictures ?? [];
    expect(kept).toEqual({ path: 'files/agent1-turn1-1.png', mediaType: 'image/png' });
    const sent = requests.slice(0, 2).map(({ body }) => JSON.stringify(body));
    // How every PNG begins, in base64.
    expect(sent.map((text) => text.includes('iVBORw0KGgo'))).toEqual([false, true]);
    expect(sent[1]).not.toContain('not shown to you');
  });

  test.each([
    ['chat', { model: 'some-model' }],
    ['gemini', { model: 'gemini-2.5-flash' }],
  ] as const)('is told to a model of which nobody knows that it takes them (%s)', async (protocol, more) => {
    const { requests } = await play(protocol, byResults([{ calls }, { text: 'Done.' }]), {
      backend: { ...backend, ...more },
    });
    const sent = JSON.stringify(requests[1]?.body);
    expect([sent.includes('iVBORw0KGgo'), sent.includes('Its pictures are not shown to you.')]).toEqual([false, true]);
  });
});
