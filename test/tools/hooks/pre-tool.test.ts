import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hooked, saying } from './hooked.ts';

const JS = `
export function hook(event) {
  if (event.tool_input.to === 'evil') return { decision: 'deny', reason: 'Not to them.' };
  return event.tool_input.to === 'ada' ? { args: { to: 'ada@example.com' } } : undefined;
}
export const ask = async () => ({ decision: 'ask', reason: 'Are you sure?' });
`;
const PYTHON = `
def hook(event):
    print("this is no answer")
    if event["tool_input"].get("to") == "evil":
        return {"decision": "deny", "reason": "Not to them."}

async def later(event):
    return {"args": {"to": event.tool_name}}
`;

describe('a hook before a tool', () => {
  test('gets the call as JSON and lets it pass by saying nothing', async () => {
    const { call, ran, reports, host } = await hooked({
      pre_tool: [{ command: 'cat > seen.json' }],
    });
    expect(await call({ to: 'bob' })).toEqual({ output: 'sent', isError: false });
    expect(ran).toEqual([{ to: 'bob' }]);
    expect(reports).toMatchObject([{ point: 'pre_tool', tool: 'send', callId: 'c1', outcome: 'passed', reason: '' }]);
    await host.dispose();
  });

  test('is told what it needs to judge the call', async () => {
    const { call, reports } = await hooked({
      pre_tool: [{ command: 'read line; printf %s "$line" > event.json; printf %s "{\\"reason\\": \\"$PWD\\"}"' }],
    });
    await call({ to: 'bob' });
    const folder = reports[0]?.reason ?? '';
    const event = JSON.parse(await readFile(join(folder, 'event.json'), 'utf8')) as Record<string, unknown>;
    expect(event).toMatchObject({
      hook: 'pre_tool',
      hook_type: 'PreToolUse',
      run: 'run-1',
      agent_id: 'ada',
      agent: 'agent1',
      phase: 'draft',
      call_id: 'c1',
      tool_name: 'send',
      tool_input: { to: 'bob' },
    });
  });

  test('denies, with a reason for the agent', async () => {
    const { call, ran, reports } = await hooked({ pre_tool: [saying({ decision: 'deny', reason: 'Not today.' })] });
    expect(await call({})).toMatchObject({ output: 'send was not run: Not today.', isError: true });
    expect([ran, reports[0]?.outcome]).toEqual([[], 'denied']);
  });

  test('denies by exit code 2, with the reason on its error output', async () => {
    const { call } = await hooked({ pre_tool: [{ command: 'echo "No mail on Sundays." >&2; exit 2' }] });
    expect(await call({})).toMatchObject({ output: 'send was not run: No mail on Sundays.', isError: true });
  });

  test('changes the arguments, and the next hook sees the changed ones', async () => {
    const { call, ran, reports } = await hooked({
      pre_tool: [saying({ args: { to: 'eve' } }), { command: 'grep -q \'"to":"eve"\' || exit 2' }],
    });
    expect(await call({ to: 'bob' })).toEqual({ output: 'sent', isError: false });
    expect(ran).toEqual([{ to: 'eve' }]);
    expect(reports.map(({ outcome, args }) => [outcome, args])).toEqual([
      ['changed', { to: 'eve' }],
      ['passed', undefined],
    ]);
  });

  test('cannot change an argument that is preset, and changed ones are checked like the model’s', async () => {
    const preset = await hooked({ pre_tool: [saying({ args: { to: 'eve' } })] }, { tool: { preset: { to: 'ada' } } });
    await preset.call({});
    expect([preset.ran, preset.reports[0]?.args]).toEqual([[{ to: 'ada' }], {}]);
    const wrong = await hooked({ pre_tool: [saying({ args: { to: 7 } })] });
    expect((await wrong.call({ to: 'bob' })).output).toContain('A hook has made its arguments wrong');
    expect(wrong.ran).toEqual([]);
  });

  test('is asked only about the tools that its matcher fits, by any of their names', async () => {
    const origin = { server: 'mail', tool: 'send' };
    const spec = { name: 'mcp__mail__send', description: '', parameters: { type: 'object' } };
    const deny = saying({ decision: 'deny' });
    const matched = await hooked({ pre_tool: [{ ...deny, matcher: 'write_file|SEND' }] }, { tool: { origin, spec } });
    expect((await matched.call({})).isError).toBe(true);
    const other = await hooked({ pre_tool: [{ ...deny, matcher: 'write_*' }] });
    expect(await other.call({})).toEqual({ output: 'sent', isError: false });
  });
});

describe('leave', () => {
  test('that a hook gives takes the place of a person', async () => {
    const { call, asked, settled } = await hooked(
      { pre_tool: [saying({ decision: 'allow', reason: 'Known address.' })] },
      { isAttended: true, rules: ['ask send'] },
    );
    expect(await call({})).toEqual({ output: 'sent', isError: false });
    expect(asked).toEqual([]);
    expect(settled).toMatchObject([{ by: 'hook', isAllowed: true, reason: 'Known address.' }]);
  });

  test('is asked for where a hook wants that, though a rule allows it', async () => {
    const { call, asked } = await hooked(
      { pre_tool: [saying({ decision: 'ask' })] },
      { isAttended: true, rules: ['allow send'] },
    );
    expect((await call({})).output).toBe('send was not run: The user says no.');
    expect(asked).toHaveLength(1);
  });

  test('is denied where a hook asks and nobody is there', async () => {
    const { call } = await hooked(
      { pre_tool: [saying({ decision: 'ask', reason: 'Sure?' })] },
      { rules: ['allow send'] },
    );
    expect((await call({})).output).toContain('Nobody is there who could be asked. Sure?');
  });

  test.each([
    ['a rule that denies', ['deny send'], { to: 'bob' }],
    ['the floor', [], { command: 'rm -rf ~' }],
  ])('that a hook gives does not lift %s', async (_, rules, args) => {
    const { call, ran } = await hooked({ pre_tool: [saying({ decision: 'allow' })] }, { rules });
    expect([(await call(args)).isError, ran]).toEqual([true, []]);
  });

  test('does not pass on to arguments that a later hook has made', async () => {
    const { call, ran } = await hooked(
      { pre_tool: [saying({ decision: 'allow' }), saying({ args: { to: 'eve' } })] },
      { rules: ['ask send'] },
    );
    expect([(await call({ to: 'bob' })).isError, ran]).toEqual([true, []]);
  });

  test('is judged by the arguments that a hook has made', async () => {
    const { call, ran } = await hooked(
      { pre_tool: [saying({ args: { command: 'rm -rf ~' } })] },
      { rules: ['allow *'] },
    );
    expect((await call({ command: 'ls' })).output).toContain('No command has any business with');
    expect(ran).toEqual([]);
  });
});

describe('a hook that fails', () => {
  const broken: [string, object, string][] = [
    ['ends with an error', { command: 'echo broken >&2; exit 3' }, 'It ended with exit code 3: broken'],
    ['writes no JSON', { command: 'echo hello' }, 'What it wrote is no JSON object: hello'],
    ['says what cannot be meant', saying({ decision: 'maybe' }), 'Its "decision" is none of allow, deny, ask.'],
    ['is not there', { command: ['no-such-program-here'] }, 'It could not be started'],
    ['takes too long', { command: 'sleep 20', timeout: 0.2 }, 'It did not end within 0.2 seconds.'],
    ['names no function', { module: 'empty.mjs' }, 'the module exports no function called hook'],
    ['names no file', { module: 'nowhere.mjs' }, 'There is no file nowhere.mjs'],
  ];

  test.each(broken)('%s: the call is denied, and the failure told', async (_, hook, reason) => {
    const { call, ran, reports } = await hooked({ pre_tool: [{ ...hook }] }, { files: { 'empty.mjs': '' } });
    const { output } = await call({});
    expect(output).toBe('send was not run: A hook of the user’s failed, so it was not done.');
    expect(ran).toEqual([]);
    expect([reports[0]?.outcome, reports[0]?.reason]).toEqual(['failed', expect.stringContaining(reason)]);
  });

  test('lets the call pass where the config says so, and is told all the same', async () => {
    const { call, reports } = await hooked({ pre_tool: [{ command: 'exit 3', on_error: 'allow' }] });
    expect(await call({})).toEqual({ output: 'sent', isError: false });
    expect(reports[0]).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('goes on without it') });
  });

  test('is ended with the turn, with all that it has started', async () => {
    const stop = new AbortController();
    const { call, ran } = await hooked({ pre_tool: [{ command: 'sleep 20 & wait' }] });
    const work = call({}, stop.signal);
    stop.abort(new Error('stop'));
    expect([(await work).isError, ran]).toEqual([true, []]);
  });
});

describe('a function', () => {
  const files = { 'check.mjs': JS, 'check.py': PYTHON };

  test.each(['check.mjs', 'check.py'])('of %s is a hook', async (module) => {
    const { call, ran } = await hooked({ pre_tool: [{ module }] }, { files });
    expect((await call({ to: 'evil' })).output).toBe('send was not run: Not to them.');
    expect(await call({ to: 'bob' })).toEqual({ output: 'sent', isError: false });
    expect(ran).toEqual([{ to: 'bob' }]);
  });

  test('is named, where the module has several', async () => {
    const python = await hooked({ pre_tool: [{ module: 'check.py', function: 'later' }] }, { files });
    await python.call({ to: 'bob' });
    expect(python.ran).toEqual([{ to: 'send' }]);
    const js = await hooked({ pre_tool: [{ module: 'check.mjs', function: 'ask' }] }, { files });
    expect((await js.call({})).output).toContain('Are you sure?');
  });
});

describe('the original’s words', () => {
  const HOOKS = `
from massgen.mcp_tools.hooks import HookEvent, HookResult

def check(event: HookEvent) -> HookResult:
    if event.tool_input.get("to") == "evil":
        return HookResult.deny(reason="Not to them.")
    return HookResult.allow()

def rewrite(event):
    return HookResult(updated_input={"to": event.tool_name})

def broken(event):
    raise ValueError("broken")
`;
  const files = { 'my_hooks.py': HOOKS };
  const hook = (name: string, more = {}) => ({ handler: `my_hooks.${name}`, type: 'python', ...more });

  test('a handler denies, and its "allow" is no leave', async () => {
    const { call, ran } = await hooked({ PreToolUse: [hook('check')] }, { files, rules: ['ask send'] });
    expect((await call({ to: 'evil' })).output).toBe('send was not run: Not to them.');
    expect((await call({ to: 'bob' })).output).toContain('Nobody is there');
    expect(ran).toEqual([]);
  });

  test('a handler changes arguments', async () => {
    const { call, ran } = await hooked({ PreToolUse: [hook('rewrite', { matcher: 'mcp__*|send' })] }, { files });
    await call({ to: 'bob' });
    expect(ran).toEqual([{ to: 'send' }]);
  });

  test('fail_closed says what a failure stands for', async () => {
    const open = await hooked({ PreToolUse: [hook('broken', { fail_closed: false })] }, { files });
    expect(await open.call({})).toEqual({ output: 'sent', isError: false });
    const closed = await hooked({ PreToolUse: [hook('broken', { fail_closed: true })] }, { files });
    expect((await closed.call({})).isError).toBe(true);
    expect(closed.reports[0]?.reason).toContain('ValueError: broken');
  });
});

describe('what a hook gets and what is taken from it', () => {
  test('no variable of the user’s reaches it but what the config gives it', async () => {
    const { call, reports } = await hooked(
      { pre_tool: [{ command: 'echo "{\\"reason\\":\\"$OPENAI_API_KEY $MINE $HOME\\"}"', env: { MINE: 'mine' } }] },
      { variables: { OPENAI_API_KEY: 'sk-secret', HOME: '/home/ada' } },
    );
    await call({});
    expect(reports[0]?.reason).toBe(' mine /home/ada');
  });

  test('nothing that a terminal would obey', async () => {
    const { call } = await hooked({
      pre_tool: [saying({ decision: 'deny', reason: '\u001b]0;title\u0007No.\u202e\u0000' })],
    });
    expect((await call({})).output).toBe('send was not run: ]0;titleNo.');
  });

  test('not more than a model needs', async () => {
    const { call } = await hooked({ pre_tool: [saying({ decision: 'deny', reason: 'x'.repeat(50_000) })] });
    expect((await call({})).output.length).toBeLessThan(2_100);
  });
});
