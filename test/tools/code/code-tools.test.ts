import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EventOf, RunEvent } from '../../../src/events/event.ts';
import type { JsonObject } from '../../../src/events/json.ts';
import { start } from '../../../src/index.ts';
import { temporaryFolder } from '../files/agent-desk.ts';
import { modulePath } from '../mcp/server-needs.ts';
import { hasSandbox } from '../../support/sandbox.ts';

const hasPython = spawnSync('/usr/bin/python3', ['--version']).status === 0;
const server = (name: string): string => modulePath(`@modelcontextprotocol/server-${name}/dist/index.js`);

interface Played {
  folder: string;
  events: RunEvent[];
  of: <T extends RunEvent['type']>(type: T) => EventOf<T>[];
  /** What the commands gave back. */
  outputs: string[];
  /** Names and arguments of the calls that code made. */
  fromCode: [name: string, args: JsonObject | null][];
}

interface Step {
  name: string;
  args: JsonObject;
}

/** A scripted agent out of a config that runs these commands through the real engine. */
async function play(
  steps: readonly (string | Step)[],
  backend: JsonObject,
  config: JsonObject = {},
  allows?: boolean,
): Promise<Played> {
  const folder = await temporaryFolder();
  const calls = steps.map((step) =>
    typeof step === 'string' ? { name: 'run_command', args: { command: step } } : step,
  );
  const script = { turns: [...calls.map((call) => ({ text: 'Working.', tool_calls: [call] })), { text: 'Done.' }] };
  const agent = {
    id: 'a',
    backend: {
      type: 'scripted',
      model: 'script',
      script,
      enable_mcp_command_line: true,
      enable_code_based_tools: true,
      ...backend,
    },
  };
  const file = join(folder, 'team.json');
  await writeFile(file, JSON.stringify({ permissions: { unattended: 'allow-all' }, agent, ...config }));
  const events: RunEvent[] = [];
  const run = start('Go.', {
    config: file,
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    isAttended: allows !== undefined,
    onEvent: (event) => {
      events.push(event);
      if (event.type === 'approval.requested')
        void run.decide(event.data.request, { allow: allows === true, reason: 'So it is.' });
    },
  });
  await run.result;
  const of = <T extends RunEvent['type']>(type: T): EventOf<T>[] =>
    events.filter((event): event is EventOf<T> => event.type === type);
  return {
    folder,
    events,
    of,
    outputs: of('tool.finished').flatMap(({ data }) => (data.name === 'run_command' ? [data.output] : [])),
    fromCode: of('tool.started').flatMap(({ data }) =>
      data.parent === undefined ? [] : [[data.call.name, data.call.args]],
    ),
  };
}

const python = (source: string): string => `cat > use.py <<'END'\n${source}\nEND\npython3 use.py`;
const typeScript = (source: string): string => `cat > use.ts <<'END'\n${source}\nEND\n"$MASSGEN_NODE" use.ts`;

const every = { command: process.execPath, args: [server('everything')] };

async function servers(): Promise<JsonObject> {
  const graph = join(await temporaryFolder(), 'graph.json');
  return {
    every,
    memory: { command: process.execPath, args: [server('memory')], env: { MEMORY_FILE_PATH: graph } },
  };
}

describe.runIf(hasSandbox && hasPython)('code that an agent runs in the sandbox', { timeout: 60_000 }, () => {
  test('calls tools of servers from Python and from TypeScript', async () => {
    const inPython = python(`
from servers.every import echo, get_sum
from servers.memory.create_entities import create_entities
from servers.memory import read_graph
import json

total = sum(int(get_sum(a=n, b=1).split("is ")[1].rstrip(".")) for n in range(3))
print(echo(message="total %d" % total))
create_entities(entities=[{"name": "Ada", "entityType": "person", "observations": ["wrote"]}])
print([entity["name"] for entity in json.loads(read_graph())["entities"]])`);
    const inTypeScript = typeScript(`
export {};
const folder = process.env.PYTHONPATH;
const { echo } = await import(folder + '/servers/every/index.ts');
const { read_graph } = await import(folder + '/servers/memory/read_graph.ts');
const [first, second] = await Promise.all([echo({ message: 'one' }), echo({ message: 'two' })]);
const graph: { entities: { name: string }[] } = JSON.parse(await read_graph());
console.log(first, '|', second, '|', graph.entities[0].name);`);
    const { outputs, fromCode, of } = await play([inPython, inTypeScript], { mcp_servers: await servers() });
    expect(outputs).toEqual([
      "Exit code 0.\nOutput:\nEcho: total 6\n['Ada']",
      'Exit code 0.\nOutput:\nEcho: one | Echo: two | Ada',
    ]);
    expect(fromCode.map(([name]) => name)).toEqual([
      'mcp__every__get-sum',
      'mcp__every__get-sum',
      'mcp__every__get-sum',
      'mcp__every__echo',
      'mcp__memory__create_entities',
      'mcp__memory__read_graph',
      'mcp__every__echo',
      'mcp__every__echo',
      'mcp__memory__read_graph',
    ]);
    const isShown = (name: string): boolean => name.startsWith('mcp__');
    expect(of('request.started').flatMap(({ data }) => data.tools.filter(isShown))).toEqual([]);
  });

  test('calls are parts of the command, and none of them is a part of the conversation', async () => {
    const { of } = await play([python('from servers.every import echo\nprint(echo(message="hi"))')], {
      mcp_servers: { every },
    });
    const [command, echo] = of('tool.started').map(({ data }) => data);
    expect(echo?.parent).toBe(command?.call.id);
    expect(of('tool.finished').map(({ data }) => [data.callId, data.output])).toEqual([
      [`${command?.call.id}/1`, 'Echo: hi'],
      [command?.call.id, 'Exit code 0.\nOutput:\nEcho: hi'],
    ]);
  });

  test('arguments that are wrong, tools that are not there and calls that fail are errors to the code', async () => {
    const { outputs } = await play(
      [
        python(`
from servers.every import echo
from servers.memory import open_nodes
from servers._client import ToolError, call_tool

for call in (
    lambda: echo(message=7),
    lambda: call_tool("mcp__every__nothing", {}),
    lambda: call_tool("run_command", {"command": "true"}),
    lambda: call_tool("write_file", {"path": "a", "content": "b"}),
    lambda: open_nodes(names="none"),
):
    try:
        print("?", call())
    except ToolError as error:
        print(error)`),
      ],
      { mcp_servers: await servers() },
    );
    expect(outputs[0]?.split('\n').slice(2)).toEqual([
      'The arguments of mcp__every__echo are wrong: "message" must be a text.',
      'There is no such tool for code.',
      'There is no such tool for code.',
      'There is no such tool for code.',
      'The arguments of mcp__memory__open_nodes are wrong: "names" must be a list.',
    ]);
  });

  test('rules of the config decide over calls of code as over any other', async () => {
    const { outputs, of } = await play(
      [python('from servers.every import echo, get_env\nprint(echo(message="hi"))\nget_env()')],
      { mcp_servers: { every } },
      { permissions: { unattended: 'allow-all', rules: ['deny mcp__every__get-env', 'allow run_command'] } },
    );
    expect(outputs[0]).toContain('Exit code 1.\nOutput:\nEcho: hi');
    expect(outputs[0]).toContain('ToolError: mcp__every__get-env was not run: ');
    const denied = of('approval.decided').filter(({ data }) => !data.isAllowed);
    expect(denied.map(({ data }) => [data.tool, data.callId.endsWith('/2')])).toEqual([['mcp__every__get-env', true]]);
  });

  test('what nobody has allowed is not done for code either', async () => {
    const { outputs } = await play(
      [python('from servers.memory import create_entities\ncreate_entities(entities=[])')],
      { mcp_servers: await servers() },
      { permissions: { unattended: 'deny-all' } },
    );
    expect(outputs[0]).toContain('mcp__memory__create_entities was not run: Nobody is there who could be asked.');
  });

  test.each([
    [true, "Exit code 0.\nOutput:\n['Ada']"],
    [false, 'ToolError: mcp__memory__create_entities was not run: So it is.'],
  ])('a person is asked for a call of code by its own name and arguments (%s)', async (allows, end) => {
    const source = `
import json
from servers.memory import create_entities, read_graph

create_entities(entities=[{"name": "Ada", "entityType": "person", "observations": []}])
print([each["name"] for each in json.loads(read_graph())["entities"]])`;
    const permissions = { rules: ['allow mcp__memory__read_graph'] };
    const { outputs, of } = await play([python(source)], { mcp_servers: await servers() }, { permissions }, allows);
    const asked = of('approval.requested').map(({ data }) => [data.action, JSON.parse(data.target) as unknown]);
    const entities = [{ name: 'Ada', entityType: 'person', observations: [] }];
    expect(asked).toEqual([['mcp__memory__create_entities', { entities }]]);
    expect(outputs[0]).toContain(end);
  });

  test('many calls at once are made one after the other, and values that are no JSON are told', async () => {
    const many = typeScript(`
export {};
const { echo } = await import(process.env.PYTHONPATH + '/servers/every/index.ts');
const all = await Promise.all(Array.from({ length: 150 }, (_, at) => echo({ message: String(at) })));
console.log(all.length, all.every((text, at) => text === 'Echo: ' + at));`);
    const wrong = python(`
from servers.every import get_sum
try:
    get_sum(a=float("nan"), b=1)
except ValueError as error:
    print(error)
print(get_sum(a=1, b=1))`);
    const { outputs } = await play([many, wrong], { mcp_servers: { every } });
    expect(outputs[0]).toBe('Exit code 0.\nOutput:\n150 true');
    expect(outputs[1]).toContain('Out of range float values are not JSON compliant');
    expect(outputs[1]).toContain('The sum of 1 and 1 is 2.');
  });

  test('the way to the tools ends with the command, and nobody finds it without its word', async () => {
    const keep = python(
      'import os, json\njson.dump([os.environ["MASSGEN_TOOLS_SOCKET"], os.environ["MASSGEN_TOOLS_TOKEN"]], open("kept.json", "w"))',
    );
    const reuse = python(`
import json, os
from servers.every import echo
from servers._client import ToolError

os.environ["MASSGEN_TOOLS_SOCKET"], os.environ["MASSGEN_TOOLS_TOKEN"] = json.load(open("kept.json"))
try:
    print(echo(message="hi"))
except ToolError as error:
    print(error)
os.environ["MASSGEN_TOOLS_TOKEN"] = "0" * 32
try:
    print(echo(message="hi"))
except ToolError as error:
    print(error)`);
    const { outputs, fromCode } = await play([keep, reuse], { mcp_servers: { every } });
    const closed = 'Tools can be called only by code that run_command runs, and only while it runs.';
    expect(outputs[1]).toBe(`Exit code 0.\nOutput:\n${closed}\n${closed}`);
    expect(fromCode).toEqual([]);
  });

  test('commands in the background call no tools', async () => {
    const source = 'from servers.every import echo\nprint(echo(message="hi"))';
    const steps = [
      { name: 'write_file', args: { path: 'use.py', content: source } },
      { name: 'start_command', args: { command: 'python3 use.py' } },
      { name: 'read_command', args: { id: 'command-1', wait: 20 } },
    ];
    const { fromCode } = await play(steps, { mcp_servers: { every } });
    expect(fromCode).toEqual([]);
  });

  test('the functions can be read, and neither file tools nor commands can change them', async () => {
    const steps: (string | Step)[] = [
      'cat $PYTHONPATH/servers/index.md; echo x >> $PYTHONPATH/servers/every/echo.py; echo x > $PYTHONPATH/new.py',
    ];
    const { outputs } = await play(steps, { mcp_servers: { every } });
    expect(outputs[0]).toContain('- echo: Echoes back the input string');
    expect(outputs[0]?.match(/Read-only file system|Permission denied/g)).toHaveLength(2);
  });

  test('a server that is to be direct, and tools of the run, are shown as ever', async () => {
    const { of, outputs } = await play([python('from servers.memory import read_graph\nimport servers.every')], {
      mcp_servers: await servers(),
      direct_mcp_servers: ['every'],
      exclude_file_operation_mcps: true,
    });
    const shown = of('request.started')[0]?.data.tools ?? [];
    expect(shown.filter((name) => !name.startsWith('mcp__every__'))).toEqual([
      'calculator',
      'run_command',
      'start_command',
      'read_command',
      'stop_command',
      'write_command',
    ]);
    expect(shown.filter((name) => name.startsWith('mcp__every__')).length).toBeGreaterThan(10);
    expect(outputs[0]).toContain("No module named 'servers.every'");
  });

  test('functions that agents share lie in one folder for the same tools', async () => {
    const shared = await temporaryFolder();
    const mcp = { every };
    const source = 'import servers\nprint(servers.__path__[0])';
    const once = await play([python(source)], { mcp_servers: mcp, shared_tools_directory: shared });
    const again = await play([python(source)], { mcp_servers: mcp, shared_tools_directory: shared });
    expect(once.outputs[0]).toContain(`\n${shared}/`);
    expect(again.outputs).toEqual(once.outputs);
  });

  test('a loop of calls ends somewhere, and a limit of tool calls counts them', async () => {
    const source = `
from servers.every import echo
from servers._client import ToolError
done = 0
try:
    while True:
        echo(message="hi")
        done += 1
except ToolError as error:
    print(done, error)`;
    const limited = await play(
      [python(source)],
      { mcp_servers: { every } },
      {
        limits: { tool_calls: 4 },
      },
    );
    expect(limited.outputs[0]).toContain('3 The tool calls of this run are used up');
  });
});

test.runIf(hasPython)('on the host commands call tools as well', { timeout: 60_000 }, async () => {
  const { outputs } = await play([python('from servers.every import echo\nprint(echo(message="hi"))')], {
    mcp_servers: { every },
    command_line_execution_mode: 'host',
  });
  expect(outputs[0]).toBe('Exit code 0.\nOutput:\nEcho: hi');
});

test('without commands the tools are offered one by one, and that is said', { timeout: 60_000 }, async () => {
  const { of } = await play([], { mcp_servers: { every }, enable_mcp_command_line: false });
  expect(of('tools.prepared')[0]?.data.problems).toEqual([
    'Tools are offered one by one instead of as functions for code: enable_code_based_tools needs commands that can run here (enable_mcp_command_line).',
  ]);
  expect(of('request.started')[0]?.data.tools).toContain('mcp__every__echo');
});
