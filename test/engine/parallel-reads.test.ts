import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createRealClock } from '../../src/platform/clock.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import type { ToolHost } from '../../src/tools/tool-host.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { stdioNeed } from '../tools/mcp/server-needs.ts';
import { ofType, runScripted } from './scripted-run.ts';

const MEETING = fileURLToPath(new URL('meeting-server.mjs', import.meta.url));

/** The real tools of an agent with files and a server. */
async function realHost(): Promise<ToolHost> {
  const base = await temporaryFolder();
  const runDir = join(base, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const host = await createToolHost({
    needs: {
      hasWorkspace: true,
      asksForReading: true,
      contextPaths: [],
      mcpServers: [stdioNeed(MEETING)],
      commands: null,
    },
    alias: 'agent1',
    runDir,
    cwd: base,
    clock: createRealClock(),
    version: '0',
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  const workspace = join(runDir, 'workspaces/agent1');
  for (const name of ['a', 'b', 'c']) await writeFile(join(workspace, `${name}.txt`), `text of ${name}`);
  return host;
}

/** Each call begins once so many are under way: in order, they would wait for ever. */
function together(tools: readonly Tool[], count: number): Tool[] {
  const all = Promise.withResolvers<void>();
  let begun = 0;
  return tools.map((tool) => ({
    ...tool,
    execute: async (args, context) => {
      begun += 1;
      if (begun === count) all.resolve();
      await all.promise;
      return tool.execute(args, context);
    },
  }));
}

test('files that one reply reads are read side by side, and every result is its own', async () => {
  const host = await realHost();
  const calls = [
    { name: 'read_file', args: { path: 'a.txt' } },
    { name: 'search_files', args: { text: 'text of b' } },
    { name: 'read_file', args: { path: 'c.txt' } },
  ];
  const tools = together(host.tools(), calls.length);
  const events = await runScripted({ scripts: { only: [{ tool_calls: calls }, { text: 'Done.' }] }, tools });
  const results = ofType(events, 'tool.finished').map(({ data }) => `${data.name}: ${data.output}`);
  expect(results.toSorted()).toEqual([
    'read_file: text of a',
    'read_file: text of c',
    'search_files: b.txt:1: text of b',
  ]);
});

test('calls of a server that says that it only reads reach it side by side', async () => {
  const host = await realHost();
  const calls = [1, 2, 3].map(() => ({ name: 'mcp__server__meet', args: {} }));
  const tools = [...host.tools()];
  const events = await runScripted({ scripts: { only: [{ tool_calls: calls }, { text: 'Done.' }] }, tools });
  expect(ofType(events, 'tool.finished').map(({ data }) => data.output)).toEqual(['met', 'met', 'met']);
});
