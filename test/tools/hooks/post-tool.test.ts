import { expect, test } from 'vitest';
import { hooked, saying } from './hooked.ts';

test('a hook after a tool adds to its output, also in the original’s words', async () => {
  const { call, reports } = await hooked({
    post_tool: [saying({ add: 'Tests pass.' })],
    PostToolUse: [saying({ inject: { content: 'Remember.', strategy: 'user_message' } })],
  });
  expect(await call({})).toEqual({ output: 'sent\nTests pass.\nRemember.', isError: false });
  expect(reports.map(({ point, outcome }) => [point, outcome])).toEqual([
    ['post_tool', 'changed'],
    ['post_tool', 'changed'],
  ]);
});

test('it replaces the output, having seen it', async () => {
  const { call } = await hooked({
    post_tool: [{ command: 'grep -q \'"tool_output":"sent"\' && echo \'{"output":"hidden"}\'' }],
  });
  expect(await call({})).toEqual({ output: 'hidden', isError: false });
});

test('it withholds the output', async () => {
  const { call, ran } = await hooked({ post_tool: [saying({ decision: 'deny', reason: 'A secret is in it.' })] });
  expect(await call({})).toEqual({
    output: 'The tool has run, and what it gave back is withheld: A secret is in it.',
    isError: true,
  });
  expect(ran).toHaveLength(1);
});

test('one that fails leaves the output as it is, and is told; or withholds it, where the config says so', async () => {
  const open = await hooked({ post_tool: [{ command: 'exit 1' }] });
  expect(await open.call({})).toEqual({ output: 'sent', isError: false });
  expect(open.reports[0]?.outcome).toBe('failed');
  const closed = await hooked({ post_tool: [{ command: 'exit 1', on_error: 'deny' }] });
  expect((await closed.call({})).output).toBe(
    'The tool has run, and what it gave back is withheld: A hook of the user’s failed.',
  );
});

test('a call that was not made has no output to look at', async () => {
  const { call, reports } = await hooked({
    pre_tool: [saying({ decision: 'deny' })],
    post_tool: [saying({ add: 'more' })],
  });
  await call({});
  expect(reports.map(({ point }) => point)).toEqual(['pre_tool']);
});
