import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/events/json.ts';
import { createRealClock, type Clock } from '../../src/platform/clock.ts';
import { runToolCall } from '../../src/tools/pipeline.ts';
import type { PathUse, Tool, ToolContext } from '../../src/tools/tool.ts';
import { plainRules, type ToolRules, type Verdict } from '../../src/tools/tool-rules.ts';

const clock = createRealClock();
const context = (): ToolContext => ({ signal: new AbortController().signal });
const rules = (more: Partial<ToolRules> = {}): ToolRules => ({ ...plainRules(clock), ...more });

/** Says what it was called with. */
function echo(more: Partial<Tool> = {}): Tool {
  return {
    spec: { name: 'echo', description: '', parameters: { type: 'object', properties: { a: { type: 'string' } } } },
    execute: (args) => Promise.resolve({ output: JSON.stringify(args), isError: false }),
    ...more,
  };
}

const call = (tool: Tool, args: JsonObject, with_: ToolRules = rules()): Promise<unknown> =>
  runToolCall(tool, args, with_, context());

test('a good call is run with its arguments', async () => {
  expect(await call(echo(), { a: 'x' })).toEqual({ output: '{"a":"x"}', isError: false });
});

test('wrong arguments never reach the tool', async () => {
  expect(await call(echo(), { a: 1 })).toEqual({
    output: 'The arguments of echo are wrong: "a" must be a text.',
    isError: true,
    isHeld: true,
  });
});

test('a preset argument wins over what the model sends, and the model’s is not even checked', async () => {
  const tool = echo({ preset: { allowed_paths: ['/safe'] } });
  expect(await call(tool, { a: 'x', allowed_paths: 7 })).toEqual({
    output: '{"a":"x","allowed_paths":["/safe"]}',
    isError: false,
  });
});

const KNOWN = { readOnly: false, destructive: false, idempotent: false, openWorld: false };
const ALLOW = Promise.resolve<Verdict>({ isAllowed: true });

test('every path argument is checked with its use: texts, lists, nested ones, and both ends of a move', async () => {
  const seen: [string, PathUse][] = [];
  const pathArguments = [
    { name: 'source', use: 'delete' },
    { name: 'paths', use: 'read' },
    { name: 'edits.*.to.path', use: 'write' },
  ] as const;
  const tool = echo({ annotations: { ...KNOWN, pathArguments } });
  const args = { source: 's', paths: ['p', 'q'], edits: [{ to: { path: 'e' } }, { to: {} }] };
  await call(tool, args, rules({ checkPath: (path, use) => (seen.push([path, use]), ALLOW) }));
  expect(seen).toEqual([
    ['s', 'delete'],
    ['p', 'read'],
    ['q', 'read'],
    ['e', 'write'],
  ]);
});

test('a preset path is checked too', async () => {
  const seen: string[] = [];
  const tool = echo({
    preset: { path: 'fixed' },
    annotations: { ...KNOWN, pathArguments: [{ name: 'path', use: 'read' }] },
  });
  await call(tool, { path: 'other' }, rules({ checkPath: (path) => (seen.push(path), ALLOW) }));
  expect(seen).toEqual(['fixed']);
});

test('the rules are asked in order, and the first denial ends the call', async () => {
  const asked: string[] = [];
  const tool = echo({
    annotations: { ...KNOWN, pathArguments: [{ name: 'a', use: 'write' }] },
    execute: () => (asked.push('tool'), Promise.resolve({ output: '', isError: false })),
  });
  const ask = (name: string, denied: string): Verdict => {
    asked.push(name);
    return name === denied ? { isAllowed: false, reason: `${name} says no.` } : { isAllowed: true };
  };
  const told: unknown[] = [];
  for (const denied of ['path', 'plan', 'approve', '']) {
    const all = rules({
      checkPath: async () => ask('path', denied),
      plan: () => ask('plan', denied),
      approve: async () => ask('approve', denied),
    });
    told.push(await call(tool, { a: 'x' }, all));
    asked.push('|');
  }
  expect(asked.join(' ')).toBe('path | path plan | path plan approve | path plan approve tool |');
  expect(told.slice(0, 2)).toEqual([
    { output: 'echo was not run: path says no.', isError: true, isHeld: true },
    { output: 'echo was not run: plan says no.', isError: true, isHeld: true },
  ]);
});

test.each<[string, Partial<ToolRules>]>([
  ['path', { checkPath: () => Promise.reject(new Error('broken')) }],
  [
    'plan',
    {
      plan: () => {
        throw new Error('broken');
      },
    },
  ],
  ['approval', { approve: () => Promise.reject(new Error('broken')) }],
])('a %s rule that fails denies', async (_, broken) => {
  let hasRun = false;
  const tool = echo({
    annotations: { ...KNOWN, pathArguments: [{ name: 'a', use: 'read' }] },
    execute: () => ((hasRun = true), Promise.resolve({ output: '', isError: false })),
  });
  expect(await call(tool, { a: 'x' }, rules(broken))).toMatchObject({ isError: true });
  expect(hasRun).toBe(false);
});

test('a tool without annotations counts as one that may destroy and reaches out', async () => {
  let seen: unknown;
  await call(echo(), {}, rules({ plan: ({ annotations }) => ((seen = annotations), { isAllowed: true }) }));
  expect(seen).toEqual({ readOnly: false, destructive: true, idempotent: false, openWorld: true, pathArguments: [] });
});

test('a tool that throws is a result', async () => {
  const tool = echo({ execute: () => Promise.reject(new Error('boom')) });
  expect(await call(tool, {})).toEqual({ output: 'echo failed: boom', isError: true });
});

test('a tool that takes too long is told to stop and ends as a result, even if it does not listen', async () => {
  let fire: () => void = () => undefined;
  let limit = 0;
  const manual: Clock = { ...clock, after: (ms, callback) => ((limit = ms), (fire = callback), () => undefined) };
  let heard: unknown;
  const tool = echo({
    timeoutMs: 3_000,
    execute: (_, { signal }) => {
      signal.addEventListener('abort', () => (heard = (signal.reason as Error).message));
      fire();
      return new Promise(() => undefined);
    },
  });
  expect(await call(tool, {}, rules({ clock: manual }))).toEqual({
    output: 'echo did not end within 3 seconds and was stopped.',
    isError: true,
  });
  expect([limit, heard]).toEqual([3_000, 'The tool took too long.']);
});

test('an interrupted turn ends the call and stops the tool', async () => {
  const turn = new AbortController();
  let heard = false;
  const tool = echo({
    execute: (_, { signal }) => {
      signal.addEventListener('abort', () => (heard = true));
      turn.abort(new Error('over'));
      return new Promise(() => undefined);
    },
  });
  const result = await runToolCall(tool, {}, rules(), { signal: turn.signal });
  expect([result, heard]).toEqual([{ output: 'Interrupted before it ended.', isError: true }, true]);
});

test('after an interruption no tool begins', async () => {
  let hasRun = false;
  const tool = echo({ execute: () => ((hasRun = true), Promise.resolve({ output: '', isError: false })) });
  await runToolCall(tool, {}, rules(), { signal: AbortSignal.abort(new Error('over')) });
  expect(hasRun).toBe(false);
});

test('a long output loses its middle, and the whole is kept where the agent can read it', async () => {
  const text = `begin${'x'.repeat(1_000)}end`;
  const kept: string[] = [];
  const keepOutput = (whole: string): Promise<string> => (
    kept.push(whole),
    Promise.resolve('All of it is in out.txt.')
  );
  const tool = echo({ execute: () => Promise.resolve({ output: text, isError: false }) });
  const result = await runToolCall(tool, {}, rules({ maxOutputChars: 100, keepOutput }), context());
  expect(kept).toEqual([text]);
  expect(result.output).toBe(
    `begin${'x'.repeat(65)}\n[… 908 of 1008 characters left out. All of it is in out.txt. …]\n${'x'.repeat(27)}end`,
  );
});

test('an output that cannot be kept is only cut', async () => {
  const tool = echo({ execute: () => Promise.resolve({ output: 'x'.repeat(50), isError: false }) });
  const keepOutput = (): Promise<string> => Promise.reject(new Error('disk full'));
  const result = await runToolCall(tool, {}, rules({ maxOutputChars: 10, keepOutput }), context());
  expect(result).toEqual({
    output: 'xxxxxxx\n[… 40 of 50 characters left out. The rest is not kept; ask for less. …]\nxxx',
    isError: false,
  });
});

test('arguments may be as long as a file', async () => {
  const long = 'x'.repeat(200_000);
  const tool = echo({ execute: ({ a }) => Promise.resolve({ output: String((a as string).length), isError: false }) });
  expect(await call(tool, { a: long })).toEqual({ output: '200000', isError: false });
});
