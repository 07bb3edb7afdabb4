import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { start } from '../../../src/index.ts';
import { temporaryFolder } from '../files/agent-desk.ts';

const SERVER = fileURLToPath(new URL('odd-server.mjs', import.meta.url));
const PAGED = fileURLToPath(new URL('paged-server.mjs', import.meta.url));

async function play(
  calls: readonly { name: string; args: JsonObject }[],
  {
    id = 'a',
    env = {},
    coordination = {},
    script: server = SERVER,
  }: { id?: string; env?: JsonObject; coordination?: JsonObject; script?: string } = {},
): Promise<{ tools: string[]; problems: string[]; results: [boolean, string][] }> {
  const folder = await temporaryFolder();
  const script = { turns: [...calls.map((call) => ({ text: 'Working.', tool_calls: [call] })), { text: 'Done.' }] };
  const odd = { command: process.execPath, args: [server], env };
  const agent = { id, backend: { type: 'scripted', model: 'script', script, cwd: 'work', mcp_servers: { odd } } };
  const file = join(folder, 'team.json');
  await writeFile(file, JSON.stringify({ agent, orchestrator: { coordination } }));
  const events: RunEvent[] = [];
  const run = start('Go.', {
    config: file,
    cwd: folder,
    env: { HOME: folder },
    onEvent: (event) => events.push(event),
  });
  await run.result;
  return {
    tools: events.flatMap((event) => (event.type === 'request.started' ? event.data.tools : [])),
    problems: events.flatMap((event) => (event.type === 'tools.prepared' ? event.data.problems : [])),
    results: events.flatMap((event): [boolean, string][] =>
      event.type === 'tool.finished' ? [[event.data.isError, event.data.output]] : [],
    ),
  };
}

test('a server may call its tools whatever it likes', async () => {
  const calls = ['list', 'status', 'help'].map((name) => ({ name: `mcp__odd__${name}`, args: {} }));
  const { tools, problems, results } = await play(calls);
  expect(problems).toEqual([]);
  expect(new Set(tools.filter((name) => name.startsWith('mcp__odd__'))).size).toBe(11);
  expect(results).toEqual([
    [false, 'list'],
    [false, 'status'],
    [false, 'help'],
  ]);
});

test('an agent may have any id: its servers, its files and its plan are there', async () => {
  const options = { id: 'gemini2.5flash/beta', coordination: { enable_agent_task_planning: true } };
  const { tools, problems, results } = await play([{ name: 'mcp__odd__ping', args: {} }], options);
  expect([problems, results]).toEqual([[], [[false, 'ping']]]);
  expect(tools).toEqual(expect.arrayContaining(['create_task_plan', 'write_file', 'mcp__odd__ping']));
});

test('arguments may be long and deep', async () => {
  const deep = JSON.parse(`${'{"a":['.repeat(20)}1${']}'.repeat(20)}`) as JsonObject;
  const { results } = await play([{ name: 'mcp__odd__measure', args: { text: 'x'.repeat(500_000), deep } }]);
  expect(results).toEqual([[false, '500000']]);
});

test('a value for a server may hold any signs', async () => {
  const { results } = await play([{ name: 'mcp__odd__tell', args: {} }], { env: { ODD_VALUE: 'a|b;$(c)`d`&e' } });
  expect(results).toEqual([[false, 'a|b;$(c)`d`&e']]);
});

test('tools that a server tells in pages are all there', async () => {
  const { tools, results } = await play([{ name: 'mcp__odd__tool-8', args: {} }], { script: PAGED });
  expect(new Set(tools.filter((name) => name.startsWith('mcp__odd__'))).size).toBe(8);
  expect(results).toEqual([[false, 'tool-8']]);
});
