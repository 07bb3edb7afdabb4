import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createRealClock, type Clock } from '../../../src/platform/clock.ts';
import { isProcessAlive } from '../../../src/platform/process-alive.ts';
import { createToolHost } from '../../../src/tools/create-tool-host.ts';
import { McpServer } from '../../../src/tools/mcp/mcp-server.ts';
import type { ToolResult } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { stdioNeed } from './server-needs.ts';

const MORTAL = fileURLToPath(new URL('mortal-server.mjs', import.meta.url));
const SILENT = fileURLToPath(new URL('silent-server.mjs', import.meta.url));

async function mortal(
  clock: Clock = createRealClock(),
): Promise<{ server: McpServer; call: (name: string) => Promise<ToolResult>; journal: () => Promise<string[]> }> {
  const base = await temporaryFolder();
  const path = join(base, 'journal');
  const server = new McpServer({ need: stdioNeed(MORTAL, { args: [path] }), clock, cwd: base, version: '0' });
  onTestFinished(() => server.dispose());
  await server.connect();
  return {
    server,
    call: (name) => {
      const tool = server.tools().find((each) => each.spec.name === `mcp__server__${name}`);
      if (!tool) throw new Error(`no tool ${name}`);
      return tool.execute({}, { signal: new AbortController().signal });
    },
    journal: async () => (await readFile(path, 'utf8')).trim().split('\n'),
  };
}

test('a call that only reads is repeated when its server died, which is started again', async () => {
  const { call, journal } = await mortal();
  expect(await call('read')).toEqual({ output: 'done', isError: false });
  expect(await journal()).toEqual(['start', 'read', 'start', 'read']);
});

test('a call that may do something twice is not repeated; the model is told that it may have taken effect', async () => {
  const { call, journal } = await mortal();
  expect(await call('pay')).toEqual({
    output:
      'The MCP server server went away during the call. The call may have taken effect or not: find out before you repeat it.',
    isError: true,
  });
  expect(await journal()).toEqual(['start', 'pay']);
  expect(await call('pay')).toEqual({ output: 'done', isError: false });
  expect(await journal()).toEqual(['start', 'pay', 'start', 'pay']);
});

test('a server that dies of call after call is left alone for growing pauses, until one goes well', async () => {
  let now = 0;
  const { call, journal } = await mortal({ ...createRealClock(), now: () => now });
  const told: string[] = [];
  const doom = async (): Promise<void> => void told.push((await call('doom')).output.replace(/ The call may.*/, ''));
  for (let times = 0; times < 5; times += 1) await doom();
  now = 1_000;
  await doom();
  await doom();
  now = 3_000;
  await doom();
  const died = 'The MCP server server went away during the call.';
  expect(told).toEqual([
    died,
    died,
    died,
    died,
    'The MCP server server is down; it is tried again in 1 seconds.',
    died,
    'The MCP server server is down; it is tried again in 2 seconds.',
    died,
  ]);
  expect(await journal()).toHaveLength(6);
  now = 10_000;
  expect(await call('pay')).toEqual({ output: 'done', isError: false });
  await doom();
  await doom();
  expect(told.slice(-2)).toEqual([died, died]);
});

test('a server is one process for all calls', async () => {
  const { call, journal } = await mortal();
  await call('read');
  await Promise.all([call('read'), call('pay'), call('read')]);
  expect((await journal()).filter((line) => line === 'start')).toHaveLength(2);
});

test('tools that a server adds are there', async () => {
  const { server, call } = await mortal();
  await call('grow');
  await vi.waitFor(() => expect(server.tools().map((tool) => tool.spec.name)).toContain('mcp__server__grown'), 10_000);
  expect(await call('grown')).toEqual({ output: 'done', isError: false });
});

test('a server that does not start is left alone for growing pauses', async () => {
  let now = 0;
  const clock: Clock = { ...createRealClock(), now: () => now };
  const need = stdioNeed('/nowhere.js');
  const server = new McpServer({ need, clock, cwd: '/', version: '0' });
  const told: string[] = [];
  const tryNow = async (): Promise<void> => {
    await server.connect().catch((error: Error) => told.push(error.message.replace(/: .*/s, '')));
  };
  await tryNow();
  now = 999;
  await tryNow();
  now = 1_000;
  await tryNow();
  now = 2_500;
  await tryNow();
  expect(told).toEqual([
    'The MCP server server could not be started',
    'The MCP server server is down; it is tried again in 1 seconds.',
    'The MCP server server could not be started',
    'The MCP server server is down; it is tried again in 1 seconds.',
  ]);
});

test('after it is disposed of, a server is not started again', async () => {
  const { server, journal } = await mortal();
  const tools = server.tools();
  await server.dispose();
  await server.dispose();
  expect(await tools[0]?.execute({}, { signal: new AbortController().signal })).toEqual({
    output: 'The run has ended.',
    isError: true,
  });
  expect(await journal()).toEqual(['start']);
});

test('a server says for itself what its tools do; silence counts as the worse case', async () => {
  const { server } = await mortal();
  const told = server
    .tools()
    .map(({ spec, annotations }) => [
      spec.name,
      annotations?.readOnly,
      annotations?.destructive,
      annotations?.idempotent,
      annotations?.openWorld,
    ]);
  expect(told.slice(0, 2)).toEqual([
    ['mcp__server__read', true, false, false, true],
    ['mcp__server__pay', false, true, false, true],
  ]);
});

/** One that tells no tools, and the number of its process once it has been asked for them. */
async function silent(way: 'refuses' | 'waits'): Promise<{ server: McpServer; asked: () => Promise<number> }> {
  const base = await temporaryFolder();
  const path = join(base, 'journal');
  const need = stdioNeed(SILENT, { args: [path, way] });
  const server = new McpServer({ need, clock: createRealClock(), cwd: base, version: '0' });
  onTestFinished(() => server.dispose());
  const asked = (): Promise<number> =>
    vi.waitFor(async () => {
      const pid = Number(await readFile(path, 'utf8'));
      expect(pid).toBeGreaterThan(0);
      return pid;
    }, 15_000);
  return { server, asked };
}

const isGone = (pid: number): Promise<void> => vi.waitFor(() => expect(isProcessAlive(pid)).toBe(false), 15_000);

test('a server that does not tell its tools is not left running', async () => {
  const { server, asked } = await silent('refuses');
  await expect(server.connect()).rejects.toThrow('The MCP server server could not be started: ');
  await isGone(await asked());
});

test('a server that is being started ends with its agent at once', async () => {
  const { server, asked } = await silent('waits');
  const connecting = server.connect().catch((error: unknown) => String(error));
  const pid = await asked();
  await server.dispose();
  expect(await connecting).toContain('could not be started');
  await isGone(pid);
});

test('a server ends where the rest of what its agent needs cannot be made', async () => {
  const base = await temporaryFolder();
  const [runDir, journal] = [join(base, 'runs', 'run'), join(base, 'journal')];
  await mkdir(runDir, { recursive: true });
  // Functions for code have their folder there.
  await writeFile(join(runDir, 'code'), '');
  const making = createToolHost({
    needs: {
      hasWorkspace: true,
      asksForReading: true,
      contextPaths: [],
      mcpServers: [stdioNeed(MORTAL, { args: [journal] })],
      commands: { mode: 'host', allowed: [], blocked: [], network: false },
      code: { direct: [], folder: null },
    },
    alias: 'agent1',
    runDir,
    cwd: base,
    clock: createRealClock(),
    version: '0',
    extraTools: [],
  });
  await expect(making).rejects.toThrow('ENOTDIR');
  await isGone(Number(await readFile(`${journal}.pid`, 'utf8')));
});
