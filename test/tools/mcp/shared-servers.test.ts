import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { McpServerNeed } from '../../../src/config/tool-needs.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createToolHost } from '../../../src/tools/create-tool-host.ts';
import { SharedServers } from '../../../src/tools/mcp/shared-servers.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import type { ToolHost } from '../../../src/tools/tool-host.ts';
import type { ToolResult } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { modulePath, stdioNeed } from './server-needs.ts';

const MORTAL = fileURLToPath(new URL('mortal-server.mjs', import.meta.url));
const FILESYSTEM = modulePath('@modelcontextprotocol/server-filesystem/dist/index.js');

interface Agent {
  host: ToolHost;
  call: (name: string, args?: JsonObject) => Promise<ToolResult>;
}

/** Agents of one run, each with these servers. */
async function agents(needs: (base: string) => McpServerNeed[][], base: string): Promise<Agent[]> {
  const runDir = join(base, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const shared = new SharedServers();
  return Promise.all(
    needs(base).map(async (mcpServers, index): Promise<Agent> => {
      const host = await createToolHost({
        needs: { hasWorkspace: true, asksForReading: true, contextPaths: [], mcpServers, commands: null },
        alias: `agent${index + 1}`,
        runDir,
        cwd: base,
        clock: createRealClock(),
        version: '0',
        shared,
        extraTools: [],
      });
      onTestFinished(() => host.dispose());
      return {
        host,
        call: (name, args = {}) => {
          const tool = host.tools().find(({ spec }) => spec.name === name);
          if (!tool) throw new Error(`no ${name}: ${host.problems.join(' ')}`);
          return runToolCall(tool, args, { ...host.rules, approve: null }, { signal: new AbortController().signal });
        },
      };
    }),
  );
}

test('agents share a server that the config shares, and it lives until the last of them is done', async () => {
  const base = await temporaryFolder();
  const [journal, other] = [join(base, 'journal'), join(base, 'other')];
  // It dies of its first call unless it was started before.
  await writeFile(journal, 'start\nstart\n');
  const together = stdioNeed(MORTAL, { args: [journal], isShared: true });
  const [one, two, own] = await agents(() => [[together], [together], [stdioNeed(MORTAL, { args: [other] })]], base);
  const starts = async (path: string): Promise<number> =>
    (await readFile(path, 'utf8')).split('\n').filter((line) => line.startsWith('start')).length;
  expect([await starts(journal), await starts(other)]).toEqual([3, 1]);
  await one?.host.dispose();
  await one?.host.dispose();
  expect(await two?.call('mcp__server__read')).toMatchObject({ output: 'done' });
  expect(await starts(journal)).toBe(3);
  await two?.host.dispose();
  expect((await two?.call('mcp__server__read'))?.output).toBe('The run has ended.');
  expect((await own?.call('mcp__server__grow'))?.output).toBe('done');
});

test('the same name for something else is another server', async () => {
  const base = await temporaryFolder();
  const journal = join(base, 'journal');
  const need = (value: string): McpServerNeed =>
    stdioNeed(MORTAL, { args: [journal], env: { VALUE: value }, isShared: true });
  await agents(() => [[need('1')], [need('2')]], base);
  expect((await readFile(journal, 'utf8')).split('\n').filter((line) => line.startsWith('start'))).toHaveLength(2);
});

test('each agent’s paths are its own at a shared server: what is not given in full is refused', async () => {
  const base = await temporaryFolder();
  const need = stdioNeed(FILESYSTEM, { args: [base], name: 'fs', isShared: true });
  const [one] = await agents(() => [[need], [need]], base);
  const path = join(base, 'runs/run/workspaces/agent1/a.txt');
  expect(await one?.call('mcp__fs__write_file', { path: 'a.txt', content: 'x' })).toEqual({
    output: 'Write the path in full: "a.txt" does not begin with a slash.',
    isError: true,
  });
  expect(await one?.call('mcp__fs__write_file', { path, content: 'x' })).toMatchObject({ isError: false });
  const foreign = join(base, 'runs/run/workspaces/agent2/a.txt');
  expect(await one?.call('mcp__fs__write_file', { path: foreign, content: 'x' })).toMatchObject({ isError: true });
  expect(await readFile(path, 'utf8')).toBe('x');
});
