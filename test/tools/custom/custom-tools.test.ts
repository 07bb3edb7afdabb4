import { spawnSync } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { customToolsOf } from '../../../src/config/read-custom-tools.ts';
import { toolNeedsOf } from '../../../src/config/read-tool-needs.ts';
import type { BackendConfig } from '../../../src/config/schema/config.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createToolHost } from '../../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import type { ToolHost } from '../../../src/tools/tool-host.ts';
import type { Tool, ToolContext, ToolResult } from '../../../src/tools/tool.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { hasCallFilter, hasSandbox } from '../../support/sandbox.ts';

const MODULES = fileURLToPath(new URL('modules', import.meta.url));
const hasPython = spawnSync('/usr/bin/python3', ['--version']).status === 0;

type Entries = NonNullable<BackendConfig['custom_tools']>;

interface Opened {
  host: ToolHost;
  folder: string;
  tool: (name: string) => Tool;
  call: (name: string, args: JsonObject, context?: Partial<ToolContext>) => Promise<ToolResult>;
}

/** A host as a config asks for it, in a folder with the modules of this test and a hidden file with a key. */
async function open(
  entries: Entries,
  more: Partial<BackendConfig> = {},
  environment = {},
  clock = createRealClock(),
): Promise<Opened> {
  const folder = await temporaryFolder();
  const runDir = join(folder, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  await cp(MODULES, folder, { recursive: true });
  await writeFile(join(folder, '.env'), 'SHOP_KEY=hidden');
  await writeFile(join(folder, 'weather.ts'), WEATHER);
  const backend = { type: 'openai', model: 'm', custom_tools: entries, ...more } as BackendConfig;
  const needs = toolNeedsOf(backend, {});
  if (!needs) throw new Error('no needs');
  const host = await createToolHost({
    needs,
    alias: 'agent1',
    runDir,
    cwd: folder,
    clock,
    version: '0',
    environment,
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  const tool = (name: string): Tool => {
    const found = host.tools().find((each) => each.spec.name === name);
    if (!found) throw new Error(`no tool ${name}: ${host.problems.join(' ')}`);
    return found;
  };
  return {
    host,
    folder,
    tool,
    call: (name, args, context = {}) =>
      runToolCall(tool(name), args, host.rules, { signal: new AbortController().signal, ...context }),
  };
}

const WEATHER = `
import { defineTool } from 'massgen-tui';

interface Place { city: string; units?: 'c' | 'f' }

export const forecast = defineTool({
  description: 'Says the weather.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, units: { enum: ['c', 'f'] } },
    required: ['city'],
    additionalProperties: false,
  },
  readOnly: true,
  run: ({ city, units }: Place, context) => city + ': 20 ' + (units ?? 'c') + ', for ' + context.agent_id,
});
export const crawl = defineTool({
  description: 'Reads pages.',
  parameters: { type: 'object', properties: { pages: { type: 'integer' } }, required: ['pages'] },
  async *run({ pages }: { pages: number }) {
    for (let page = 1; page <= pages; page += 1) yield 'page ' + page;
    return { pages };
  },
});
export const broken = defineTool({
  description: 'Gives back what nobody can write down.',
  parameters: { '~standard': { jsonSchema: { input: () => ({ type: 'object', properties: {} }) } } },
  run: () => { const circle: any = {}; circle.self = circle; return circle; },
});
export const throws = defineTool({
  description: 'Fails.',
  parameters: { type: 'object' },
  run: () => Promise.reject(new RangeError('too far')),
});
export function plain({ text }: { text: string }): string { return text.toUpperCase(); }
export const notATool = 5;
`;

describe('a Python function', () => {
  test.runIf(hasSandbox && hasPython)('has a schema from its signature and docstring', async () => {
    const { tool, host } = await open([{ path: 'shop.py', function: ['price', 'everything', 'untyped'] }]);
    expect(host.problems).toEqual([]);
    expect(tool('custom_tool__price').spec).toEqual({
      name: 'custom_tool__price',
      description: 'Says what something costs.\n\nLonger words.',
      parameters: {
        type: 'object',
        properties: {
          item: { type: 'string', description: 'What to buy.' },
          count: { type: 'integer', description: 'How many, at least one.', default: 1 },
          note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        },
        required: ['item'],
        additionalProperties: false,
      },
    });
    expect(tool('custom_tool__everything').spec.parameters['properties']).toEqual({
      names: { type: 'array', items: { type: 'string' } },
      size: { enum: ['s', 'l'] },
      kind: { enum: ['a', 'b'] },
      where: {
        type: 'object',
        properties: { street: { type: 'string' }, number: { type: 'integer' } },
        required: ['street'],
        additionalProperties: false,
      },
      ratio: { type: 'number' },
      on: { type: 'boolean' },
      more: { type: 'object' },
    });
    expect(tool('custom_tool__untyped').spec.parameters).toEqual({
      type: 'object',
      properties: { first: {} },
      required: ['first'],
    });
  });

  test.runIf(hasSandbox && hasPython)(
    'is called with what the model gives, and may import its neighbours',
    async () => {
      const { call } = await open([{ path: 'shop.py', function: ['price', 'everything', 'untyped'] }]);
      expect(await call('custom_tool__price', { item: 'tea', count: 2 })).toEqual({ output: '5.0', isError: false });
      const args = { names: ['é'], size: 'l', kind: 'a', where: { street: 'S' }, ratio: 1, on: true, more: { x: 1 } };
      const result = await call('custom_tool__everything', args);
      expect(JSON.parse(result.output)).toEqual({
        names: ['é'],
        size: 'LARGE',
        kind: 'a',
        street: 'S',
        more: { x: 1 },
      });
      expect(await call('custom_tool__untyped', { first: 1, b: 2, a: 3 })).toEqual({
        output: "1 ['a', 'b']",
        isError: false,
      });
    },
  );

  test.runIf(hasSandbox && hasPython)('gives progress by what it yields', async () => {
    const { call } = await open([{ path: 'shop.py', function: 'slow' }]);
    const told: string[] = [];
    const result = await call('custom_tool__slow', { steps: 3 }, { onProgress: (message) => void told.push(message) });
    expect([result, told]).toEqual([{ output: 'done', isError: false }, ['step 1', 'step 2', 'step 3']]);
  });

  test.runIf(hasSandbox && hasPython)(
    'written for MassGen works as it is, and gets what it asks of the program',
    async () => {
      const { call, tool } = await open([{ path: 'original.py', function: 'greet', preset_args: { greeting: 'Hi' } }]);
      expect(tool('custom_tool__greet').spec.parameters).toEqual({
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
        additionalProperties: false,
      });
      const told: string[] = [];
      const turn = { kind: 'judge' as const, view: [] };
      const more = { turn, onProgress: (message: string) => void told.push(message) };
      expect(await call('custom_tool__greet', { name: 'Ada' }, more)).toEqual({
        output: 'Hi, Ada, in a workspace, judge.',
        isError: false,
      });
      expect(told).toEqual(['thinking']);
    },
  );

  test.runIf(hasSandbox && hasPython)(
    'keeps its presets whatever the model sends, and does not show them',
    async () => {
      const { call } = await open([{ path: 'shop.py', function: 'price', preset_args: { item: 'cake' } }]);
      expect(await call('custom_tool__price', { item: 'tea' })).toEqual({ output: '4.0', isError: false });
    },
  );

  test.runIf(hasSandbox && hasPython)(
    'runs in the sandbox, with no variable and no hidden file that the config does not name',
    async () => {
      process.env['OTHER_API_KEY'] = 'leaked';
      onTestFinished(() => void delete process.env['OTHER_API_KEY']);
      const { call, folder } = await open([{ path: 'shop.py', function: 'where_am_i', env: { SHOP_KEY: 'given' } }]);
      expect(JSON.parse((await call('custom_tool__where_am_i', {})).output)).toEqual({
        cwd: join(folder, 'runs/run/workspaces/agent1'),
        variables: ['SHOP_KEY'],
        key: 'given',
        home: false,
        hidden: false,
      });
    },
  );

  test.runIf(hasSandbox && hasPython)(
    'that raises, crashes, or gives back an object is a failed call, and the next one works',
    async () => {
      const { call } = await open([{ path: 'shop.py', function: ['fails', 'crashes', 'gives_object', 'price'] }]);
      expect(await call('custom_tool__fails', {})).toEqual({ output: 'ValueError: no such thing', isError: true });
      expect(await call('custom_tool__crashes', {})).toEqual({
        output: 'Its process ended with code 7 before it gave a result. It said: last words',
        isError: true,
      });
      expect(await call('custom_tool__gives_object', {})).toEqual({
        output:
          'TypeError: what it gave back cannot be written as JSON (Object of type object is not JSON serializable)',
        isError: true,
      });
      expect(await call('custom_tool__price', { item: 'tea' })).toEqual({ output: '2.5', isError: false });
    },
  );

  test.runIf(hasSandbox && hasPython)('that does not end is stopped at its time limit', async () => {
    const { call } = await open([{ path: 'shop.py', function: 'hangs', timeout: 0.5 }]);
    expect(await call('custom_tool__hangs', {})).toEqual({
      output: 'custom_tool__hangs did not end within 0.5 seconds and was stopped.',
      isError: true,
    });
  });
});

describe('a module of TypeScript', () => {
  test.runIf(hasSandbox)('offers the tools that it exports, with what they say of themselves', async () => {
    const { host, tool } = await open([{ path: 'weather.ts' }]);
    expect(host.problems).toEqual([]);
    expect(host.tools().map(({ spec }) => spec.name)).toEqual([
      'custom_tool__broken',
      'custom_tool__crawl',
      'custom_tool__forecast',
      'custom_tool__throws',
    ]);
    expect(tool('custom_tool__forecast').annotations).toEqual({
      readOnly: true,
      destructive: false,
      idempotent: true,
      openWorld: true,
      pathArguments: [],
    });
  });

  test.runIf(hasSandbox)('is called, checked by its schema, and gives progress as a generator', async () => {
    const { call } = await open([{ path: 'weather.ts' }]);
    expect(await call('custom_tool__forecast', { city: 'Ulm' })).toEqual({
      output: 'Ulm: 20 c, for agent1',
      isError: false,
    });
    expect(await call('custom_tool__forecast', { city: 5 })).toEqual({
      output: 'The arguments of custom_tool__forecast are wrong: "city" must be a text.',
      isError: true,
      isHeld: true,
    });
    const told: string[] = [];
    const result = await call('custom_tool__crawl', { pages: 2 }, { onProgress: (message) => void told.push(message) });
    expect([result, told]).toEqual([{ output: '{\n  "pages": 2\n}', isError: false }, ['page 1', 'page 2']]);
  });

  test.runIf(hasSandbox)('that throws or gives back what cannot be written is a failed call', async () => {
    const { call } = await open([{ path: 'weather.ts' }]);
    expect(await call('custom_tool__throws', {})).toEqual({ output: 'RangeError: too far', isError: true });
    expect((await call('custom_tool__broken', {})).output).toMatch(/^TypeError: what it gave back cannot be written/);
  });

  test.runIf(hasSandbox)('may export a plain function, which is named and described by the config', async () => {
    const entry = { path: './weather.ts', function: 'plain', name: 'loud', description: 'Shouts.' };
    const { call, tool } = await open([entry]);
    expect(tool('custom_tool__loud').spec.description).toBe('Shouts.');
    expect(await call('custom_tool__loud', { text: 'hey' })).toEqual({ output: 'HEY', isError: false });
  });
});

test.runIf(hasPython).for(['sandbox', 'docker', 'host'] as const)(
  'in the %s functions of Python and TypeScript have their schema, give progress and a result',
  { timeout: 30_000 },
  async (mode, { skip }) => {
    if (mode === 'sandbox' && !(hasSandbox && hasCallFilter)) skip('there is no whole sandbox here');
    const environment = mode === 'docker' ? { DOCKER_HOST: `unix://${(await FakeDocker.start()).socketPath}` } : {};
    const entries = [{ path: 'shop.py', function: 'slow' }, { path: 'weather.ts' }];
    const { call, tool, host } = await open(entries, { command_line_execution_mode: mode }, environment);
    const warning = expect.stringMatching(
      /^Commands and tools of the agent run as you .*without any protection/,
    ) as string;
    expect(host.problems).toEqual(mode === 'host' ? [warning] : []);
    expect(tool('custom_tool__slow').spec.parameters['properties']).toEqual({ steps: { type: 'integer' } });
    const told: string[] = [];
    const onProgress = (message: string): void => void told.push(message);
    const results = [
      await call('custom_tool__slow', { steps: 2 }, { onProgress }),
      await call('custom_tool__crawl', { pages: 2 }, { onProgress }),
    ];
    expect(results).toEqual([
      { output: 'done', isError: false },
      { output: expect.stringMatching(/"pages": ?2/) as string, isError: false },
    ]);
    expect(told).toEqual(['step 1', 'step 2', 'page 1', 'page 2']);
  },
);

test.runIf(hasSandbox)('an entry that cannot be used is told by name, and the others work', async () => {
  const { host, call } = await open([
    { function: 'two_num_tool' },
    { path: 'nowhere.py', function: 'f' },
    { path: 'weather.ts', function: 'nothing' },
    { path: 'weather.ts', function: ['plain', 'forecast'], name: ['only_one'] },
    { path: 'weather.ts', function: 'plain' },
  ]);
  expect(host.problems).toEqual([
    'The custom tool two_num_tool is left out: it names no path, and functions that are built into MassGen are not there.',
    'The custom tool f is left out: there is no file nowhere.py.',
    'The custom tool nothing could not be loaded: Error: the module exports no tool or function called nothing.',
    'The custom tool plain, forecast is left out: it has 1 entries of name for 2 functions.',
  ]);
  expect(await call('custom_tool__plain', { text: 'a' })).toEqual({ output: 'A', isError: false });
});

test.runIf(hasSandbox)('a module that never ends being loaded is left out by name, and says why', async () => {
  const clock = createRealClock();
  const hasty = { ...clock, after: (_: number, callback: () => void) => clock.after(0, callback) };
  const { host } = await open([{ path: 'endless.mjs', function: 'f' }], {}, {}, hasty);
  expect(host.problems).toEqual(['The custom tool f could not be loaded: it takes longer than 30 seconds.']);
});

test('lists of a config belong to functions by their place, single values to all', () => {
  const entry = { path: 'a.py', function: ['f', 'g'], description: ['F', 'G'], preset_args: { k: 1 }, name: 'same' };
  const backend = { type: 'openai', custom_tools: [entry], enable_tool_search: true } as BackendConfig;
  expect(customToolsOf(backend)).toEqual({
    mode: 'sandbox',
    tools: [
      {
        path: 'a.py',
        functions: [
          { function: 'f', name: null, description: 'F', preset: { k: 1 } },
          { function: 'g', name: null, description: 'G', preset: { k: 1 } },
        ],
        fault: null,
        timeoutMs: null,
        env: {},
        network: false,
        readOnly: false,
        isDeferred: true,
      },
    ],
  });
});
