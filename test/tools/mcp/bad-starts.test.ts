import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { McpServerNeed } from '../../../src/config/tool-needs.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { McpServer } from '../../../src/tools/mcp/mcp-server.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { stdioNeed } from './server-needs.ts';

const MORTAL = fileURLToPath(new URL('mortal-server.mjs', import.meta.url));

/** What people are told of a server that is this program, without the words that are always there. */
async function faultOf(program: string, transport: { command?: string; cwd?: string } = {}): Promise<string> {
  const base = await temporaryFolder();
  const script = join(base, 'server.mjs');
  await writeFile(script, program);
  const need = stdioNeed(script);
  const changed = { ...need, transport: { ...need.transport, ...transport } } as McpServerNeed;
  const server = new McpServer({ need: changed, clock: createRealClock(), cwd: base, version: '0' });
  onTestFinished(() => server.dispose());
  const message = await server.connect().then(
    () => 'It started.',
    (error: Error) => error.message,
  );
  return message.replace('The MCP server server could not be started: ', '').replaceAll(base, '');
}

test('a program that is not there, or a folder to start it in, is named', async () => {
  expect(await faultOf('', { command: '/nowhere/node' })).toBe(
    'There is no program /nowhere/node: install it, or give its full path as command.',
  );
  expect(await faultOf('', { cwd: '/nowhere' })).toBe(
    `There is no program ${process.execPath}, or no folder /nowhere to start it in.`,
  );
});

test('a server that ends is told of with what it has written, to the one output or the other', async () => {
  expect(await faultOf('process.exit(0)')).toBe('It ended before it answered.');
  expect(await faultOf("console.log('Usage: server DIR')")).toBe(
    'It ended before it answered. Its standard output, which is for the protocol alone, holds something else (“Usage: server DIR”).',
  );
});

test.each([
  ['throw new Error("No KEY is set.")', 'Error: No KEY is set.'],
  ['console.error("Traceback:\\n  raise KeyError(name)\\nKeyError: \'KEY\'"); process.exit(1)', "KeyError: 'KEY'"],
  [
    'console.error("npm error code E404\\nnpm error 404 Not Found - GET https://npm.example/x\\nnpm error 404"); process.exit(1)',
    'npm error 404 Not Found - GET https://npm.example/x',
  ],
])('of what a server writes as it fails, the line that says why is told: %s', async (program, line) => {
  expect(await faultOf(program)).toBe(`It ended before it answered. It said: ${line}`);
});

test('what a server says as it dies of a call is told with the call, not what it said before', async () => {
  const base = await temporaryFolder();
  const need = stdioNeed(MORTAL, { args: [join(base, 'journal')] });
  const server = new McpServer({ need, clock: createRealClock(), cwd: base, version: '0' });
  onTestFinished(() => server.dispose());
  await server.connect();
  const tool = server.tools().find(({ spec }) => spec.name === 'mcp__server__scream');
  expect(await tool?.execute({}, { signal: new AbortController().signal })).toEqual({
    output:
      'The MCP server server went away during the call. The call may have taken effect or not: find out before you repeat it. It said: Error: the disk is full',
    isError: true,
  });
});
