import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { CodeDoor, type OpenDoor } from '../../../src/tools/code/code-door.ts';
import { CodeLibrary } from '../../../src/tools/code/code-library.ts';
import { LineSocket } from '../../../src/tools/line-socket.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import { plainRules, type ToolRules } from '../../../src/tools/tool-rules.ts';
import { UNKNOWN_TOOL, type Tool, type ToolContext, type ToolResult } from '../../../src/tools/tool.ts';
import { temporaryFolder } from '../files/agent-desk.ts';

/** A tool that does harm when it is run; `ran` says with what. */
function harmful(ran: JsonObject[]): Tool {
  return {
    spec: {
      name: 'mcp__files__write',
      description: 'Writes.',
      parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
    origin: { server: 'files', tool: 'write' },
    annotations: { ...UNKNOWN_TOOL, pathArguments: [{ name: 'path', use: 'write' }] },
    preset: { owner: 'user' },
    execute: (args) => {
      ran.push(args);
      return Promise.resolve({ output: 'x'.repeat(100), isError: false });
    },
  };
}

interface Way {
  door: OpenDoor;
  /** Says something to the door as a command does, and resolves with its answers until it hangs up or falls silent. */
  say: (lines: readonly string[]) => Promise<JsonObject[]>;
  calls: string[];
}

async function openWay(tool: Tool, rules: ToolRules, context: Partial<ToolContext> = {}): Promise<Way> {
  const socket = await LineSocket.open();
  onTestFinished(() => socket.dispose());
  const library = new CodeLibrary(await temporaryFolder(), () => [tool]);
  const calls: string[] = [];
  const callTool = (name: string, args: JsonObject, signal: AbortSignal): Promise<ToolResult> => {
    calls.push(name);
    return runToolCall(tool, args, rules, { signal, turn: { kind: 'draft', view: [] }, ...context });
  };
  const door = await new CodeDoor({ library, socket, node: 'node' }).open(
    { signal: new AbortController().signal, callTool },
    { onBusy: () => undefined, onIdle: () => undefined },
  );
  if (!door) throw new Error('no door');
  const token = /TOKEN='?(\w+)/.exec(door.prelude)?.[1] ?? '';
  const say = async (lines: readonly string[]): Promise<JsonObject[]> => {
    const link = connect(socket.path);
    await once(link, 'connect');
    const answers: JsonObject[] = [];
    createInterface({ input: link }).on('line', (line) => {
      answers.push(JSON.parse(line) as JsonObject);
      if (answers.length === lines.length) link.end();
    });
    const closed = once(link, 'close');
    link.on('error', () => undefined);
    link.write([JSON.stringify({ token }), ...lines].map((line) => `${line}\n`).join(''));
    await closed;
    return answers;
  };
  return { door, say, calls };
}

const DENIALS: [name: string, rules: Partial<ToolRules>, says: string][] = [
  ['the path policy', { checkPath: () => Promise.resolve({ isAllowed: false, reason: 'Outside.' }) }, 'Outside.'],
  ['a path policy that fails', { checkPath: () => Promise.reject(new Error('no')) }, 'The path could not be checked.'],
  ['planning', { plan: () => ({ isAllowed: false, reason: 'Later.' }) }, 'Later.'],
  ['whoever decides', { approve: () => Promise.resolve({ isAllowed: false, reason: 'No.' }) }, 'No.'],
  ['a decision that fails', { approve: () => Promise.reject(new Error('no')) }, 'Nobody could be asked for leave.'],
];

test.each(DENIALS)('%s holds for calls of code', async (_, more, says) => {
  const ran: JsonObject[] = [];
  const { say } = await openWay(harmful(ran), { ...plainRules(createRealClock()), ...more });
  const answers = await say(['{"id": 1, "tool": "mcp__files__write", "args": {"path": "/etc/passwd"}}']);
  expect([answers, ran]).toEqual([[{ id: 1, output: `mcp__files__write was not run: ${says}`, isError: true }], []]);
});

test('presets win over what code sends, and long results are cut', async () => {
  const ran: JsonObject[] = [];
  const rules = { ...plainRules(createRealClock()), maxOutputChars: 10 };
  const { say } = await openWay(harmful(ran), rules);
  const [answer] = await say(['{"id": 1, "tool": "mcp__files__write", "args": {"path": "a", "owner": "agent"}}']);
  expect(ran).toEqual([{ path: 'a', owner: 'user' }]);
  expect(answer?.['output']).toContain('[… 90 of 100 characters left out.');
});

test('a call that is open when the command ends is stopped, and the end of it is waited for', async () => {
  const began = Promise.withResolvers<void>();
  let stopped: unknown = null;
  const slow: Tool = {
    ...harmful([]),
    execute: async (_, { signal }) => {
      began.resolve();
      await once(signal, 'abort');
      stopped = signal.reason;
      return { output: '', isError: true };
    },
  };
  const { door, say } = await openWay(slow, plainRules(createRealClock()));
  const saying = say(['{"id": 1, "tool": "mcp__files__write", "args": {"path": "a"}}']);
  await began.promise;
  await door.close();
  expect(String(stopped)).toContain('The command is over.');
  await saying;
});

const json: fc.Arbitrary<JsonValue> = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const name = fc.oneof(
  fc.constantFrom<JsonValue>(
    'mcp__files__write',
    'mcp__FILES__write',
    'write',
    'run_command',
    '__proto__',
    'constructor',
  ),
  json,
);
const line = fc.oneof(
  fc.record(
    { id: json, tool: name, args: fc.oneof(json, fc.record({ path: json, owner: json })) },
    { requiredKeys: [] },
  ),
  json,
);

test('whatever code says, only the tools of the library are called, and none without leave (120 talks)', async () => {
  const ran: JsonObject[] = [];
  const rules: ToolRules = {
    ...plainRules(createRealClock()),
    approve: () => Promise.resolve({ isAllowed: false, reason: 'No.' }),
  };
  const { say, calls } = await openWay(harmful(ran), rules);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), async (messages) => {
      const answers = await say([...messages.map((each) => JSON.stringify(each)), 'no JSON']);
      expect(answers.filter(({ isError }) => isError !== true)).toEqual([]);
    }),
    { numRuns: 120 },
  );
  expect([ran, [...new Set(calls)]]).toEqual([[], ['mcp__files__write']]);
});
