import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createRealClock } from '../../../src/platform/clock.ts';
import type { Answer, Asks, Question } from '../../../src/tools/asks.ts';
import { createToolHost } from '../../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import type { ToolHost } from '../../../src/tools/tool-host.ts';
import type { ToolResult } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import type { McpServerNeed } from '../../../src/config/tool-needs.ts';
import { modulePath, stdioNeed } from './server-needs.ts';

const EVERYTHING = modulePath('@modelcontextprotocol/server-everything/dist/index.js');
const FILESYSTEM = modulePath('@modelcontextprotocol/server-filesystem/dist/index.js');

/** The reference server, for an agent that has files or none, with somebody who answers or nobody. */
async function open(
  hasWorkspace: boolean,
  asks?: Asks,
  server = EVERYTHING,
  more: Partial<McpServerNeed> = {},
): Promise<{ host: ToolHost; runDir: string; call: (name: string, args?: JsonObject) => Promise<ToolResult> }> {
  const runDir = join(await temporaryFolder(), 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const needs = {
    hasWorkspace,
    asksForReading: true,
    contextPaths: [],
    mcpServers: [stdioNeed(server, { name: 'every', ...more })],
    commands: null,
  };
  const host = await createToolHost({
    needs,
    alias: 'agent1',
    runDir,
    cwd: runDir,
    clock: createRealClock(),
    version: '0',
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  return {
    host,
    runDir,
    call: (name, args = {}) => {
      const tool = host.tools().find(({ spec }) => spec.name === `mcp__every__${name}`);
      if (!tool) throw new Error(`no tool ${name}`);
      const context = { signal: new AbortController().signal, ...(asks && { asks }) };
      return runToolCall(tool, args, { ...host.rules, approve: null }, context);
    },
  };
}

/** Somebody who answers each question with the next of these, and remembers what was asked. */
function somebody(...answers: Partial<Answer>[]): Asks & { questions: Question[] } {
  const questions: Question[] = [];
  return {
    questions,
    isAttended: true,
    approve: () => Promise.reject(new Error('not asked for')),
    noteDecision: () => Promise.resolve(),
    remembered: () => null,
    ask: (question) => {
      questions.push(question);
      const given = { by: 'user' as const, outcome: 'answered' as const, choices: [], text: '', reason: '' };
      return Promise.resolve([{ ...given, ...(answers.shift() ?? { outcome: 'skipped' as const }) }]);
    },
  } as Asks & { questions: Question[] };
}

test('resources of a server can be listed and read', async () => {
  const { call } = await open(false);
  const listed = await call('list_resources');
  expect(listed.output).toMatch(/^- demo:\/\/resource\/static\/document\/architecture\.md: Static document/m);
  expect(listed.output).toMatch(/^- demo:\/\/resource\/dynamic\/text\/\{resourceId\}: /m);
  expect((await call('read_resource', { uri: 'demo://resource/dynamic/text/7' })).output).toMatch(/^Resource 7: /);
  expect(await call('read_resource', { uri: 'demo://nowhere' })).toMatchObject({ isError: true });
});

test('prompts of a server are told with their arguments, and given as text', async () => {
  const { call, host } = await open(false);
  const tool = host.tools().find(({ spec }) => spec.name === 'mcp__every__get_prompt');
  expect(tool?.spec.description).toContain('- args-prompt(city, state?): A prompt with two arguments');
  expect(await call('get_prompt', { name: 'args-prompt', arguments: { city: 'Ulm' } })).toEqual({
    output: "user: What's weather in Ulm?",
    isError: false,
  });
  expect((await call('get_prompt', { name: 'no-such-prompt' })).output).toMatch(/"name" must be one of/);
});

test('a server without resources and prompts gets no tools for them', async () => {
  const { host } = await open(true, undefined, FILESYSTEM);
  const names = host.tools().map(({ spec }) => spec.name);
  expect(names.filter((name) => /resource|prompt/.test(name))).toEqual([]);
});

test('a server is told the folders of an agent with a workspace, and none of another', async () => {
  const { call, runDir } = await open(true);
  expect((await call('get-roots-list')).output).toContain(pathToFileURL(join(runDir, 'workspaces/agent1')).href);
  const { host } = await open(false);
  expect(host.tools().map(({ spec }) => spec.name)).not.toContain('mcp__every__get-roots-list');
});

test('no server gets at the models unless its config says so', async () => {
  const { host } = await open(true);
  expect(host.tools().map(({ spec }) => spec.name)).not.toContain('mcp__every__trigger-sampling-request');
});

test('what a server asks its user is asked field by field, and only what fits is sent', async () => {
  const asks = somebody({ text: 'Ada' }, { choices: ['yes'] });
  const { call } = await open(false, asks);
  const { output } = await call('trigger-elicitation-request');
  expect(asks.questions[0]).toMatchObject({ to: ['user'], isMultiple: false, allowsText: true, options: [] });
  expect(asks.questions[0]?.text).toMatch(/^The MCP server every asks: .*\n\nString: Your full, legal name$/s);
  expect(asks.questions[1]?.options).toEqual([
    { label: 'yes', description: '' },
    { label: 'no', description: '' },
  ]);
  expect(output).toContain('User provided the requested information');
  expect(output).toContain('- Name: Ada');
});

test('where nobody is there, what a server asks its user is declined', async () => {
  const declined = somebody({ outcome: 'declined' });
  for (const asks of [undefined, declined]) {
    const { call } = await open(false, asks);
    expect((await call('trigger-elicitation-request')).output).toContain('User declined');
  }
  expect(declined.questions).toHaveLength(1);
});

test('a server that may ask the agent’s model gets its words, and the model gets what the server sends', async () => {
  const lent: unknown[] = [];
  const asks: Asks = {
    ...somebody(),
    lendModel: (server, request) => {
      lent.push([server, request]);
      return Promise.resolve({ text: 'forty-two', model: 'm-1' });
    },
  };
  const { call } = await open(false, asks, EVERYTHING, { allowsSampling: true });
  const { output, isError } = await call('trigger-sampling-request', { prompt: 'How many?', maxTokens: 100 });
  expect(isError).toBe(false);
  expect(output).toContain('forty-two');
  expect(output).toContain('m-1');
  expect(lent).toEqual([
    [
      'every',
      {
        system: 'You are a helpful test server.',
        messages: [{ role: 'user', text: 'Resource trigger-sampling-request context: How many?' }],
      },
    ],
  ]);
});

test('a server is told why the model does not answer it', async () => {
  const refusing: Asks = {
    ...somebody(),
    lendModel: () => Promise.resolve({ refused: 'The budget of $1 is used up.' }),
  };
  for (const [asks, why] of [
    [refusing, 'The budget of $1 is used up.'],
    [somebody(), 'There is no model that could be asked.'],
  ] as const) {
    const { call } = await open(false, asks, EVERYTHING, { allowsSampling: true });
    const { output } = await call('trigger-sampling-request', { prompt: 'How many?' });
    expect(output).toContain(why);
  }
});
