import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { McpServerNeed } from '../../../src/config/tool-needs.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { McpServer } from '../../../src/tools/mcp/mcp-server.ts';
import type { ToolContext, ToolResult } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { freePort, httpNeed, modulePath, stdioNeed } from './server-needs.ts';

const EVERYTHING = modulePath('@modelcontextprotocol/server-everything/dist/index.js');

/** The reference server on this machine; resolves once it listens. */
async function serve(mode: 'streamableHttp' | 'sse', port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [EVERYTHING, mode], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const listens = Promise.withResolvers<void>();
  child.stderr.on('data', (chunk) => String(chunk).includes(String(port)) && listens.resolve());
  await listens.promise;
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function open(
  need: McpServerNeed,
): Promise<(name: string, args: JsonObject, context?: Partial<ToolContext>) => Promise<ToolResult>> {
  const server = new McpServer({ need, clock: createRealClock(), cwd: await temporaryFolder(), version: '0' });
  onTestFinished(() => server.dispose());
  await server.connect();
  return (name, args, context = {}) => {
    const tool = server.tools().find((each) => each.origin?.tool === name);
    if (!tool) throw new Error(`no tool ${name}`);
    return tool.execute(args, { signal: new AbortController().signal, ...context });
  };
}

function remote(mode: 'streamableHttp' | 'sse', port: number): McpServerNeed {
  const url = `http://127.0.0.1:${port}/${mode === 'sse' ? 'sse' : 'mcp'}`;
  const need = httpNeed(url, { allowLocalhost: true });
  return mode === 'sse' ? ({ ...need, transport: { ...need.transport, isSse: true } } as McpServerNeed) : need;
}

test.each(['streamableHttp', 'sse'] as const)(
  'a server that was started anew is connected to anew: %s',
  { timeout: 30_000 },
  async (mode) => {
    const port = await freePort();
    const first = await serve(mode, port);
    const call = await open(remote(mode, port));
    expect(await call('get-sum', { a: 1, b: 2 })).toMatchObject({ isError: false });
    await end(first);
    await serve(mode, port);
    expect(await call('get-sum', { a: 2, b: 2 })).toEqual({ output: 'The sum of 2 and 2 is 4.', isError: false });
  },
);

test('a call that is under way when its server dies ends, and one after that says that nobody is there', async () => {
  const port = await freePort();
  const server = await serve('streamableHttp', port);
  const call = await open(remote('streamableHttp', port));
  const onProgress = (): void => void server.kill('SIGKILL');
  const down = { output: expect.stringMatching(/could not be started: |is down; /) as string, isError: true };
  expect(await call('trigger-long-running-operation', { duration: 60, steps: 200 }, { onProgress })).toEqual(down);
  expect(await call('echo', { message: 'x' })).toEqual(down);
}, 30_000);

test('a tool that its server runs as a task tells its stages and gives its result', { timeout: 30_000 }, async () => {
  const call = await open(stdioNeed(EVERYTHING));
  const told: string[] = [];
  const result = await call(
    'simulate-research-query',
    { topic: 'tea' },
    { onProgress: (message) => void told.push(message) },
  );
  expect(told).toEqual([
    'Gathering sources...',
    'Analyzing content...',
    'Synthesizing findings...',
    'Generating report...',
  ]);
  expect(result).toMatchObject({ output: expect.stringContaining('# Research Report: tea') as string, isError: false });
});

test('what the server of a task asks is asked for the agent whose call it is', { timeout: 30_000 }, async () => {
  const call = await open(stdioNeed(EVERYTHING));
  const questions: string[] = [];
  const asks = {
    ask: (question: { text: string }) => {
      questions.push(question.text);
      return Promise.resolve([{ by: 'user', outcome: 'declined', choices: [], text: '', reason: '' }]);
    },
  } as unknown as NonNullable<ToolContext['asks']>;
  const result = await call('simulate-research-query', { topic: 'python', ambiguous: true }, { asks });
  expect(questions).toEqual([expect.stringContaining('multiple interpretations')]);
  expect(result.output).toContain('User declined - using default interpretation');
});

test('a task ends with its call', { timeout: 30_000 }, async () => {
  const call = await open(stdioNeed(EVERYTHING));
  const turn = new AbortController();
  const onProgress = (): void => turn.abort(new Error('over'));
  const result = await call('simulate-research-query', { topic: 'tea' }, { signal: turn.signal, onProgress });
  expect(result).toMatchObject({ isError: true });
});
