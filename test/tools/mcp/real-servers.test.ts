import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { McpServerNeed } from '../../../src/config/tool-needs.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createToolHost } from '../../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import type { ToolHost } from '../../../src/tools/tool-host.ts';
import type { ToolContext, ToolResult } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { freePort, httpNeed, modulePath, stdioNeed } from './server-needs.ts';

const EVERYTHING = modulePath('@modelcontextprotocol/server-everything/dist/index.js');
const FILESYSTEM = modulePath('@modelcontextprotocol/server-filesystem/dist/index.js');
const MEMORY = modulePath('@modelcontextprotocol/server-memory/dist/index.js');

interface Opened {
  host: ToolHost;
  base: string;
  names: () => string[];
  call: (name: string, args: JsonObject, context?: Partial<ToolContext>) => Promise<ToolResult>;
}

async function open(needs: McpServerNeed[], hasWorkspace = false): Promise<Opened> {
  const base = await temporaryFolder();
  const runDir = join(base, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const host = await createToolHost({
    needs: { hasWorkspace, asksForReading: true, contextPaths: [], mcpServers: needs, commands: null },
    alias: 'agent1',
    runDir,
    cwd: base,
    clock: createRealClock(),
    version: '0.0.0',
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  return {
    host,
    base,
    names: () => host.tools().map((tool) => tool.spec.name),
    call: (name, args, context = {}) => {
      const tool = host.tools().find((candidate) => candidate.spec.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      // Who decides over calls is tested elsewhere.
      return runToolCall(
        tool,
        args,
        { ...host.rules, approve: null },
        { signal: new AbortController().signal, ...context },
      );
    },
  };
}

test('the reference server over stdio: its tools are there under its name, and calls are answered', async () => {
  const { names, call, host } = await open([stdioNeed(EVERYTHING, { name: 'every' })]);
  expect(host.problems).toEqual([]);
  expect(names()).toEqual(expect.arrayContaining(['mcp__every__echo', 'mcp__every__get-sum']));
  expect(await call('mcp__every__echo', { message: 'hi' })).toEqual({ output: 'Echo: hi', isError: false });
  expect(await call('mcp__every__get-sum', { a: 2, b: 3 })).toEqual({
    output: 'The sum of 2 and 3 is 5.',
    isError: false,
  });
});

test('wrong arguments are told without asking the server', async () => {
  const { call } = await open([stdioNeed(EVERYTHING)]);
  expect(await call('mcp__server__get-sum', { a: 'two', b: 3 })).toEqual({
    output: 'The arguments of mcp__server__get-sum are wrong: "a" must be a number.',
    isError: true,
    isHeld: true,
  });
});

test('structured content becomes text, and images are told and given', async () => {
  const { call } = await open([stdioNeed(EVERYTHING)]);
  const structured = await call('mcp__server__get-structured-content', { location: 'Chicago' });
  expect(structured.output).toMatch(/"temperature":/);
  const image = await call('mcp__server__get-tiny-image', {});
  expect(image.output).toMatch(/\[image, image\/png, \d+ bytes\]/);
  expect(image.pictures).toEqual([{ mediaType: 'image/png', base64: expect.stringMatching(/^iVBORw0KGgo/) as string }]);
});

test('a long call tells its progress and can be interrupted', async () => {
  const { call } = await open([stdioNeed(EVERYTHING)]);
  const told: string[] = [];
  const turn = new AbortController();
  const result = await call(
    'mcp__server__trigger-long-running-operation',
    { duration: 20, steps: 200 },
    {
      signal: turn.signal,
      onProgress: (message) => {
        told.push(message);
        turn.abort(new Error('over'));
      },
    },
  );
  expect(result).toEqual({ output: 'Interrupted before it ended.', isError: true });
  expect(told[0]).toMatch(/1 of 200|1/);
});

test('the same server over HTTP, on this machine when that is allowed', { timeout: 30_000 }, async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await Promise.race([once(child.stderr, 'data'), once(child.stdout, 'data')]);
  const need = httpNeed(`http://127.0.0.1:${port}/mcp`, { allowLocalhost: true });
  let opened = await open([need]);
  for (let tries = 0; opened.host.problems.length > 0 && tries < 20; tries += 1) opened = await open([need]);
  expect(opened.host.problems).toEqual([]);
  expect(await opened.call('mcp__remote__echo', { message: 'hi' })).toEqual({ output: 'Echo: hi', isError: false });
});

test('a server that speaks SSE works, and is said to be out of date', { timeout: 30_000 }, async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [EVERYTHING, 'sse'], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await Promise.race([once(child.stderr, 'data'), once(child.stdout, 'data')]);
  const plain = httpNeed(`http://127.0.0.1:${port}/sse`, { allowLocalhost: true });
  const need = { ...plain, transport: { ...plain.transport, isSse: true as const } } as McpServerNeed;
  let opened = await open([need]);
  for (let tries = 0; opened.host.problems.length > 1 && tries < 20; tries += 1) opened = await open([need]);
  expect(opened.host.problems).toEqual([
    'The MCP server remote speaks SSE, which is out of date; use type: streamable-http where the server has it.',
  ]);
  expect(await opened.call('mcp__remote__echo', { message: 'hi' })).toEqual({ output: 'Echo: hi', isError: false });
});

test('a server on this machine is not reached without leave', async () => {
  const { host, names } = await open([httpNeed('http://127.0.0.1:9/mcp')]);
  expect([host.problems, names()]).toEqual([
    [
      'The MCP server remote could not be started: Servers on this machine are not allowed here. Set security.allow_localhost: true.',
    ],
    [],
  ]);
});

/** Names of this machine beside localhost, which the system's own resolver knows. */
const ownNames = readFileSync('/etc/hosts', 'utf8')
  .split('\n')
  .flatMap((line) => (line.startsWith('127.') ? line.split(/\s+/).slice(1) : []))
  .filter((name) => !name.startsWith('localhost') && name !== '');

test.runIf(ownNames.length > 0)('nor by an innocent name that leads to it', async () => {
  let isReached = false;
  const site = createServer((socket) => {
    isReached = true;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  onTestFinished(() => void site.close());
  const address = site.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { host } = await open([httpNeed(`http://${ownNames[0]}:${port}/mcp`)]);
  expect(host.problems).toEqual([
    'The MCP server remote could not be started: Servers on this machine are not allowed here. Set security.allow_localhost: true.',
  ]);
  expect(isReached).toBe(false);
});

test('the file server reads what it may and is kept out of everything that the agent may not see', async () => {
  const base = await temporaryFolder();
  await writeFile(join(base, 'secret.txt'), 'secret');
  const { call, host } = await open([stdioNeed(FILESYSTEM, { name: 'fs', args: [base, '/tmp'] })], true);
  expect(host.problems).toEqual([]);
  expect(await call('mcp__fs__read_text_file', { path: join(base, 'secret.txt') })).toMatchObject({ isError: true });
  expect(await call('mcp__fs__read_multiple_files', { paths: ['/etc/passwd'] })).toMatchObject({ isError: true });
  expect(await call('mcp__fs__write_file', { path: join(base, 'new.txt'), content: '' })).toMatchObject({
    isError: true,
  });
  expect(await call('mcp__fs__move_file', { source: join(base, 'secret.txt'), destination: 'mine.txt' })).toMatchObject(
    { output: expect.stringContaining('outside of what you may use') as string, isError: true },
  );
});

/** The server asks for the roots after it has said that it is ready, and is open to the old folders until it has them. */
async function rootsTaken(call: Opened['call']): Promise<void> {
  let folders = '';
  while (!folders.includes('/workspaces/')) folders = (await call('mcp__fs__list_allowed_directories', {})).output;
}

test('reading through the file server counts as reading', async () => {
  const { call, host, base } = await open([stdioNeed(FILESYSTEM, { name: 'fs', args: ['/tmp'] })], true);
  await rootsTaken(call);
  const workspace = join(base, 'runs/run/workspaces/agent1');
  await writeFile(join(workspace, 'a.txt'), 'content');
  expect(await call('delete_file', { path: 'a.txt' })).toMatchObject({ isError: true });
  const read = await call('mcp__fs__read_text_file', { path: join(workspace, 'a.txt') });
  expect([host.problems, read]).toEqual([[], { output: 'content', isError: false }]);
  expect(await call('delete_file', { path: 'a.txt' })).toEqual({ output: 'Deleted a.txt.', isError: false });
});

test('what was not read is not moved, replaced or changed through a server either', async () => {
  const { call, base } = await open([stdioNeed(FILESYSTEM, { name: 'fs', args: ['/tmp'] })], true);
  await rootsTaken(call);
  const workspace = join(base, 'runs/run/workspaces/agent1');
  await mkdir(join(workspace, 'docs'));
  for (const path of ['a.txt', 'docs/b.txt']) await writeFile(join(workspace, path), 'content');
  const place = (path: string): string => join(workspace, path);
  const edits = [{ oldText: 'content', newText: 'other' }];
  const results = [
    await call('mcp__fs__write_file', { path: place('a.txt'), content: 'other' }),
    await call('mcp__fs__edit_file', { path: place('a.txt'), edits }),
    await call('mcp__fs__move_file', { source: place('a.txt'), destination: place('c.txt') }),
    await call('mcp__fs__move_file', { source: place('docs'), destination: place('gone') }),
  ];
  expect(results.map(({ output }) => output.replace(/^mcp__fs__/, ''))).toEqual([
    'write_file was not run: Read a.txt before you change it.',
    'edit_file was not run: Read a.txt before you change it.',
    'move_file was not run: Read a.txt before you delete it.',
    'move_file was not run: Read every file in it before you delete it. Not read: docs/b.txt.',
  ]);
  await call('mcp__fs__read_text_file', { path: place('a.txt') });
  expect(await call('mcp__fs__edit_file', { path: place('a.txt'), edits })).toMatchObject({ isError: false });
  expect(await readFile(place('a.txt'), 'utf8')).toBe('other');
});

test('a whole file may be written through a server', async () => {
  const { call, base } = await open([stdioNeed(FILESYSTEM, { name: 'fs', args: ['/tmp'] })], true);
  await rootsTaken(call);
  const path = join(base, 'runs/run/workspaces/agent1', 'big.txt');
  expect(await call('mcp__fs__write_file', { path, content: 'x'.repeat(60_000) })).toEqual({
    output: `Successfully wrote to ${path}`,
    isError: false,
  });
});

test('the memory server keeps its memory from call to call: it lives as long as the agent', async () => {
  const base = await temporaryFolder();
  const { call } = await open([stdioNeed(MEMORY, { name: 'memory', env: { MEMORY_FILE_PATH: join(base, 'm.json') } })]);
  const entities = [{ name: 'Ada', entityType: 'person', observations: ['wrote the first program'] }];
  expect(await call('mcp__memory__create_entities', { entities })).toMatchObject({ isError: false });
  expect((await call('mcp__memory__search_nodes', { query: 'Ada' })).output).toContain('wrote the first program');
});

test('only wanted tools are offered', async () => {
  const need = stdioNeed(EVERYTHING, { allowedTools: ['echo', 'get-sum'], excludedTools: ['get-sum'] });
  expect((await open([need])).names()).toEqual(['mcp__server__echo']);
});

test('no variable of this program reaches a server, only the basic ones and those that the config names', async () => {
  process.env['MASSGEN_TEST_API_KEY'] = 'leaked';
  onTestFinished(() => void delete process.env['MASSGEN_TEST_API_KEY']);
  const { call } = await open([stdioNeed(EVERYTHING, { env: { NAMED: 'yes', NODE_OPTIONS: '--inspect' } })]);
  const env = JSON.parse((await call('mcp__server__get-env', {})).output) as Record<string, string>;
  const basic = new Set(['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER']);
  expect(Object.keys(env).filter((name) => !basic.has(name))).toEqual(['NAMED']);
});

test('one server that does not start is told and does not keep the others from working', async () => {
  const { host, call } = await open([
    stdioNeed('/nowhere/server.js', { name: 'broken' }),
    stdioNeed(EVERYTHING, { name: 'fine' }),
  ]);
  expect(host.problems).toEqual([expect.stringMatching(/^The MCP server broken could not be started: .*It said: /)]);
  expect(await call('mcp__fine__echo', { message: 'x' })).toMatchObject({ isError: false });
});
