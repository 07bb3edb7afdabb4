import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EventOf, RunEvent } from '../../../src/events/event.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { start } from '../../../src/index.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { modulePath } from './server-needs.ts';

const CHROMIUM = '/usr/bin/chromium';
const server = (path: string): string => modulePath(`@modelcontextprotocol/server-${path}/dist/index.js`);

interface Call {
  name: string;
  args: JsonObject;
}

/** An agent out of a config file, with these servers, that makes these calls through the real engine. */
async function play(
  mcpServers: JsonObject,
  calls: readonly Call[],
  more: JsonObject = {},
  config: JsonObject = {},
  id = 'a',
): Promise<{ tools: string[]; problems: string[]; results: [string, boolean, string][]; folder: string }> {
  const folder = await temporaryFolder();
  const backend = {
    type: 'scripted',
    model: 'script',
    mcp_servers: mcpServers,
    script: {
      turns: [...calls.map((call) => ({ text: 'Working.', tool_calls: [call] })), { text: 'Done.' }],
    },
    ...more,
  };
  const permissions = { unattended: 'allow-all' };
  await writeFile(join(folder, 'team.json'), JSON.stringify({ permissions, agent: { id, backend }, ...config }));
  const events: RunEvent[] = [];
  const run = start('Go.', {
    config: join(folder, 'team.json'),
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    onEvent: (event) => events.push(event),
  });
  await run.result;
  const of = <T extends RunEvent['type']>(type: T): EventOf<T>[] =>
    events.filter((event): event is EventOf<T> => event.type === type);
  return {
    folder,
    tools: of('tools.prepared').flatMap(({ data }) => data.tools ?? []),
    problems: of('tools.prepared').flatMap(({ data }) => data.problems),
    results: of('tool.finished').map(({ data }) => [data.name, data.isError, data.output]),
  };
}

/** A page on this machine with one button. */
async function page(): Promise<string> {
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      "<title>Shop</title><h1>Tea</h1><button onclick=\"document.title='Bought';this.textContent='Thanks'\">Buy</button>",
    );
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  onTestFinished(() => void site.close());
  const address = site.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

describe('servers of a config, through the engine', () => {
  test(
    'the reference server: all its tools are there, and one of each kind is called',
    { timeout: 60_000 },
    async () => {
      const every = { command: process.execPath, args: [server('everything')] };
      const { tools, problems, results } = await play({ every }, [
        { name: 'mcp__every__echo', args: { message: 'hi' } },
        { name: 'mcp__every__get-structured-content', args: { location: 'Chicago' } },
        { name: 'mcp__every__trigger-long-running-operation', args: { duration: 1, steps: 2 } },
        { name: 'mcp__every__trigger-elicitation-request', args: {} },
        { name: 'mcp__every__read_resource', args: { uri: 'demo://resource/dynamic/text/1' } },
        { name: 'mcp__every__get_prompt', args: { name: 'simple-prompt' } },
        { name: 'mcp__every__simulate-research-query', args: { topic: 'tea' } },
      ]);
      expect(problems).toEqual([]);
      expect(tools.filter((name) => name.startsWith('mcp__every__')).map((name) => name.slice(12))).toEqual([
        'echo',
        'get-annotated-message',
        'get-env',
        'get-resource-links',
        'get-resource-reference',
        'get-structured-content',
        'get-sum',
        'get-tiny-image',
        'gzip-file-as-resource',
        'toggle-simulated-logging',
        'toggle-subscriber-updates',
        'trigger-long-running-operation',
        'trigger-elicitation-request',
        'simulate-research-query',
        'list_resources',
        'read_resource',
        'get_prompt',
      ]);
      expect(results.map(([, isError]) => isError)).toEqual(Array(7).fill(false));
      expect(results[3]?.[2]).toContain('User declined');
    },
  );

  test('an agent with dots in its name that plans first makes a call with very long arguments', async () => {
    const every = { command: process.execPath, args: [server('everything')] };
    const config = { orchestrator: { coordination: { enable_planning_mode: true } } };
    const message = 'x'.repeat(60_000);
    const { results } = await play(
      { every },
      [{ name: 'mcp__every__echo', args: { message } }],
      { cwd: 'w' },
      config,
      'gpt-4.1.mini',
    );
    expect(results.map(([name, isError]) => [name, isError])).toEqual([['mcp__every__echo', false]]);
  });

  test('a server that may ask the model is answered by it', async () => {
    const every = { command: process.execPath, args: [server('everything')], allow_sampling: true };
    const call = { name: 'mcp__every__trigger-sampling-request', args: { prompt: 'Which colour?' } };
    const script = {
      turns: [{ tool_calls: [call] }, { when: 'reply', text: 'Blue.' }, { text: 'Done.' }],
    };
    const { results } = await play({ every }, [], { script });
    expect(results[0]?.[2]).toContain('Blue.');
  });

  test('the file server and the memory server, side by side', { timeout: 60_000 }, async () => {
    const files = { command: process.execPath, args: [server('filesystem'), '/tmp'] };
    const graph = join(await temporaryFolder(), 'graph.json');
    const memory = { command: process.execPath, args: [server('memory')], env: { MEMORY_FILE_PATH: graph } };
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['wrote'] }];
    const { tools, problems, results } = await play(
      { files, memory },
      [
        { name: 'write_file', args: { path: 'a.txt', content: 'words' } },
        { name: 'mcp__files__list_allowed_directories', args: {} },
        { name: 'mcp__memory__create_entities', args: { entities } },
        { name: 'mcp__memory__read_graph', args: {} },
      ],
      { cwd: 'work' },
    );
    expect(problems).toEqual([]);
    const count = (prefix: string): number => tools.filter((name) => name.startsWith(prefix)).length;
    expect([count('mcp__files__'), count('mcp__memory__')]).toEqual([14, 11]);
    expect(results.map(([name, isError]) => [name, isError])).toEqual([
      ['write_file', false],
      ['mcp__files__list_allowed_directories', false],
      ['mcp__memory__create_entities', false],
      ['mcp__memory__read_graph', false],
    ]);
    expect(results[1]?.[2]).toMatch(/workspaces\/agent1/);
  });

  test.skipIf(!existsSync(CHROMIUM))(
    `a browser (@playwright/mcp with ${CHROMIUM}, skipped where it is not)`,
    { timeout: 90_000 },
    async () => {
      const address = await page();
      const folder = await temporaryFolder();
      await mkdir(join(folder, 'out'));
      const browser = {
        command: process.execPath,
        args: [
          modulePath('@playwright/mcp/cli.js'),
          '--executable-path',
          CHROMIUM,
          '--headless',
          '--isolated',
          '--no-sandbox',
          '--output-dir',
          join(folder, 'out'),
        ],
      };
      const { tools, problems, results } = await play({ browser }, [
        { name: 'mcp__browser__browser_navigate', args: { url: address } },
        { name: 'mcp__browser__browser_click', args: { element: 'Buy', target: 'e3' } },
        { name: 'mcp__browser__browser_snapshot', args: {} },
        { name: 'mcp__browser__browser_close', args: {} },
      ]);
      expect(problems).toEqual([]);
      expect(tools.filter((name) => name.startsWith('mcp__browser__')).length).toBeGreaterThan(15);
      expect(results.map(([name, isError]) => [name.slice(14), isError])).toEqual([
        ['browser_navigate', false],
        ['browser_click', false],
        ['browser_snapshot', false],
        ['browser_close', false],
      ]);
      expect(results[2]?.[2]).toContain('Thanks');
    },
  );
});
