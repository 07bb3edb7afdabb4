import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../src/events/json.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../src/tools/pipeline.ts';
import { KeptOutputs } from '../../src/workspace/kept-outputs.ts';
import { temporaryFolder } from './files/agent-desk.ts';
import { modulePath, stdioNeed } from './mcp/server-needs.ts';

const EVERYTHING = modulePath('@modelcontextprotocol/server-everything/dist/index.js');
/** One line, with signs of two code units where parts may end. */
const LONG = `x${'😀'.repeat(50_000)}\0end`;
const WHOLE = `Echo: ${LONG.replace('\0', '\uFFFD')}`;

type Call = (name: string, args: JsonObject) => Promise<string>;

/** An agent with a server that gives back what it gets, and its run's folder. */
async function agent(hasWorkspace: boolean, base?: string): Promise<{ call: Call; names: () => string[]; at: string }> {
  const at = base ?? (await temporaryFolder());
  const runDir = join(at, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const host = await createToolHost({
    needs: {
      hasWorkspace,
      asksForReading: true,
      contextPaths: [],
      mcpServers: [stdioNeed(EVERYTHING, { allowedTools: ['echo'] })],
      commands: null,
    },
    alias: 'agent1',
    runDir,
    cwd: at,
    clock: createRealClock(),
    version: '0',
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  const call: Call = async (name, args) => {
    const tool = host.tools().find(({ spec }) => spec.name === name);
    if (!tool) throw new Error(`no tool ${name}`);
    const rules = { ...host.rules, approve: null };
    return (await runToolCall(tool, args, rules, { signal: new AbortController().signal })).output;
  };
  return { call, names: () => host.tools().map(({ spec }) => spec.name), at };
}

/** All of a text that comes in parts, and how many there were. */
async function readAll(read: (character: number) => Promise<string>): Promise<[string, number]> {
  let [text, count] = ['', 0];
  for (let character = 1; ; count += 1) {
    const output = await read(character);
    text += output.replace(/\n\[[^\]]*\]$/, '');
    const next = /character (\d+)\.\]$/.exec(output)?.[1];
    if (next === undefined) return [text, count + 1];
    character = Number(next);
  }
}

test(
  'an agent with files reads all of a long result there, also where it is one line',
  { timeout: 30_000 },
  async () => {
    const { call } = await agent(true);
    const cut = await call('mcp__server__echo', { message: LONG });
    const path = /All of it is in (\S+);/.exec(cut)?.[1] ?? '';
    expect(await readAll((character) => call('read_file', { path, character }))).toEqual([WHOLE, 5]);
    expect(await call('read_file', { path, character: 200_000 })).toMatch(/^Line 1 has only 100011 characters\.$/);
  },
);

test('an agent without files has a tool for it as soon as there is one, also when it is taken up again', async () => {
  const { call, names, at } = await agent(false);
  expect(names()).toEqual(['mcp__server__echo']);
  const cut = await call('mcp__server__echo', { message: LONG });
  const output = /All of it is in (\S+); read it with read_output/.exec(cut)?.[1] ?? '';
  expect(names()).toEqual(['mcp__server__echo', 'read_output']);
  expect(await readAll((character) => call('read_output', { output, character }))).toEqual([WHOLE, 5]);
  expect(await call('read_output', { output: '../../events.jsonl' })).toMatch(
    /^There is no such output\. There are: 1-/,
  );
  const again = await agent(false, at);
  expect((await again.call('read_output', { output })).length).toBeGreaterThan(25_000);
}, 30_000);

test('what is longer than a text file may be is kept in several', async () => {
  const outputs = new KeptOutputs(await temporaryFolder(), 'agent1');
  const names = (await outputs.keep('x'.repeat(7_000_000), 't')).map((path) => path.replace(/^.*-(part\d).txt$/, '$1'));
  expect(names).toEqual(['part1', 'part2', 'part3']);
});
