import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { serveMcpOverHttp } from '../../src/server/mcp-http.ts';
import { createMcpTeam } from '../../src/server/mcp-team.ts';
import { RunPool } from '../../src/server/run-pool.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

/** A server of these teams, or of the demo's, until the test has ended. */
async function served({ cwd, configs = [] }: { cwd: string; configs?: string[] }): ReturnType<typeof serveMcpOverHttp> {
  const demo = configs.length === 0;
  const pool = new RunPool(9);
  const options = { configs, demo, cwd, env: { HOME: cwd }, version: '0', onProblem: () => undefined, pool };
  const server = await serveMcpOverHttp(() => createMcpTeam(options), 'secret-token', 0);
  onTestFinished(() => server.close());
  return server;
}

const MASSGEN = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));

/** A client of `massgen mcp serve --demo`, started as another agent would start it. */
async function connect(env: Record<string, string> = {}): Promise<Client> {
  const cwd = await temporaryFolder();
  const client = new Client({ name: 'test', version: '0' });
  const args = [MASSGEN, 'mcp', 'serve', '--demo'];
  const basic = { PATH: process.env['PATH'] ?? '', HOME: cwd };
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd, env: { ...basic, ...env }, stderr: 'ignore' }),
  );
  onTestFinished(() => client.close());
  return client;
}

async function overHttp(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '0' });
  const requestInit = { headers: { authorization: 'Bearer secret-token' } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }) as Transport);
  onTestFinished(() => client.close());
  return client;
}

/** Says hello as a new client; resolves with the status of the answer. */
async function begin(url: string): Promise<number> {
  const info = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '0' } };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: 'Bearer secret-token',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: info }),
  });
  await response.text();
  return response.status;
}

/** A model that never answers. `asked` and `left` resolve when somebody asks it, and goes away again. */
async function silentModel(): Promise<{ url: string; asked: Promise<void>; left: Promise<void> }> {
  const [asked, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const model = createServer((_, response) => {
    response.on('close', () => left.resolve());
    asked.resolve();
  }).listen(0, '127.0.0.1');
  await once(model, 'listening');
  onTestFinished(() => {
    model.closeAllConnections();
    model.close();
  });
  const address = model.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, asked: asked.promise, left: left.promise };
}

describe('the team as an MCP server', { timeout: 120_000 }, () => {
  test('offers one tool, which answers with text and data, and tells how far it is', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['ask_team']);
    const told: string[] = [];
    const result = await client.callTool(
      { name: 'ask_team', arguments: { question: 'Make 24 from 4 7 8 8', max_usd: 1, max_seconds: 60 } },
      undefined,
      { onprogress: ({ message }) => void told.push(message ?? '') },
    );
    const content = result.content as { text: string }[];
    expect(content[0]?.text).toContain('24');
    expect(result.structuredContent).toMatchObject({
      outcome: 'answered',
      answer: content[0]?.text,
      votes: 3,
      cost_usd: 0,
    });
    expect(told[0]).toBe('3 agents began');
    expect(told.at(-1)).toMatch(/^agent\d\.\d won$/);
  });

  test('counts as a run inside of a run, and does not start where that is too deep', async () => {
    await expect(connect({ MASSGEN_DEPTH: '3' })).rejects.toThrow(/closed/);
    const client = await connect({ MASSGEN_DEPTH: '2', MASSGEN_PARENT_RUN: '/nowhere' });
    const result = await client.callTool({ name: 'ask_team', arguments: { question: 'Make 24 from 4 7 8 8' } });
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result.content)).toContain('cannot be read');
  });

  test('a call that is cancelled cancels its run', async () => {
    const cwd = await temporaryFolder();
    const model = await silentModel();
    const backend = { type: 'chatcompletion', model: 'm', base_url: model.url, api_key: 'k' };
    await writeFile(join(cwd, 'team.json'), JSON.stringify({ agent: { id: 'a', backend } }));
    const configs = [join(cwd, 'team.json')];
    const server = await served({ cwd, configs });
    const client = await overHttp(server.url);
    const stop = new AbortController();
    const ask = { name: 'ask_team', arguments: { question: 'q' } };
    const call = client.callTool(ask, undefined, { signal: stop.signal, onprogress: () => undefined });
    await Promise.race([model.asked, call]);
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow(/enough/);
    await model.left;
  });

  test('a call may lower the limits of the config, and neither raise nor drop them', async () => {
    const cwd = await temporaryFolder();
    const script = { turns: [{ when: 'solo', text: 'Done.', repeat: true }] };
    const team = { agent: { id: 'a', backend: { type: 'scripted', script } }, limits: { usd: 1, tokens: 5_000 } };
    await writeFile(join(cwd, 'team.json'), JSON.stringify(team));
    const configs = [join(cwd, 'team.json')];
    const server = await served({ cwd, configs });
    const client = await overHttp(server.url);
    const asked = { question: 'q', max_usd: 2, max_tokens: 100, max_seconds: 60 };
    const { structuredContent } = await client.callTool({ name: 'ask_team', arguments: asked });
    const { run } = structuredContent as { run: string };
    const [first] = await readAll(join(cwd, '.massgen', 'runs', run));
    expect(first?.type === 'run.started' && first.data.settings.limits).toEqual({
      usd: 1,
      tokens: 100,
      seconds: 60,
      toolCalls: null,
    });
  });

  test('clients that went away without a word give their places to others', async () => {
    const cwd = await temporaryFolder();
    const server = await served({ cwd });
    const statuses: number[] = [];
    for (let count = 0; count < 40; count += 1) statuses.push(await begin(server.url));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test('clients that come at once do not get more places than there are', async () => {
    const cwd = await temporaryFolder();
    const options = { configs: [], demo: true, cwd, env: { HOME: cwd }, version: '0', onProblem: () => undefined };
    const open = Promise.withResolvers<void>();
    const pool = new RunPool(9);
    const create = (): ReturnType<typeof createMcpTeam> => open.promise.then(() => createMcpTeam({ ...options, pool }));
    const server = await serveMcpOverHttp(create, 'secret-token', 0);
    onTestFinished(() => server.close());
    const statuses: number[] = [];
    const refused = Promise.withResolvers<void>();
    const all = Array.from({ length: 40 }, async () => {
      statuses.push(await begin(server.url));
      // Nobody is let in before the last one was sent away.
      if (statuses.length === 8) refused.resolve();
    });
    await refused.promise;
    open.resolve();
    await Promise.all(all);
    expect(statuses).toEqual([...Array<number>(8).fill(503), ...Array<number>(32).fill(200)]);
  });

  test('does not leave before a run that its client has left wrote its end', async () => {
    const cwd = await temporaryFolder();
    const model = await silentModel();
    const backend = { type: 'chatcompletion', model: 'm', base_url: model.url, api_key: 'k' };
    await writeFile(join(cwd, 'team.json'), JSON.stringify({ agent: { id: 'a', backend } }));
    const args = [MASSGEN, 'mcp', 'serve', '--config', 'team.json'];
    const env = { PATH: process.env['PATH'] ?? '', HOME: cwd };
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const say = (message: object): boolean => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '0' } };
    say({ id: 1, method: 'initialize', params });
    say({ method: 'notifications/initialized' });
    say({ id: 2, method: 'tools/call', params: { name: 'ask_team', arguments: { question: 'q' } } });
    await model.asked;
    child.stdin.end();
    await once(child, 'close');
    const runs = join(cwd, '.massgen', 'runs');
    const [run = ''] = await readdir(runs);
    const last = (await readAll(join(runs, run))).at(-1);
    expect(last?.type === 'run.finished' && last.data.outcome).toBe('cancelled');
  });

  test('over HTTP nobody is heard without the token, or under another host', async () => {
    const cwd = join(await temporaryFolder());
    const server = await served({ cwd });
    const post = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(server.url, { method: 'POST', headers, body: '{}' })).status;
    expect(await post({})).toBe(401);
    expect(await post({ authorization: 'Bearer wrong-token' })).toBe(401);
    expect(await post({ authorization: 'Bearer secret-token', 'mcp-session-id': 'made-up' })).toBe(404);
  });
});
