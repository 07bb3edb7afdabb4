import { expect, test } from 'vitest';
import { leftText } from '../../src/coordination/actions.ts';
import type { Limits } from '../../src/events/settings.ts';
import { NO_LIMITS } from '../../src/events/settings.ts';
import { UNKNOWN_TOOL, type Tool } from '../../src/tools/tool.ts';
import { ofType, runScripted } from './scripted-run.ts';
import type { Turn } from './scripted-agent.ts';

const send: Tool = {
  spec: { name: 'send', description: '', parameters: { type: 'object' } },
  annotations: { ...UNKNOWN_TOOL },
  execute: async () => ({ output: 'sent', isError: false }),
};
const calling = (to: string) => ({ name: 'send', args: { to } });

async function left(present: Turn[], limits: Partial<Limits> = {}) {
  const usage = { input: 100, output: 0 };
  const events = await runScripted({
    scripts: {
      ada: [
        { when: 'draft', request: 1, tool_calls: [calling('x'), calling('y')], usage },
        { when: 'draft', answer: 'A.', usage },
        { when: 'judge', vote: 'self', usage },
        ...present.map((turn) => ({ ...turn, when: 'present', usage })),
      ],
      bob: [
        { answer: 'B.', usage: { input: 0, output: 0 } },
        { when: 'judge', vote: 'other', usage: { input: 0, output: 0 } },
      ],
    },
    tools: [send],
    settings: { planning: { instruction: '' }, finalAnswer: 'present', limits: { ...NO_LIMITS, ...limits } },
  });
  const told = ofType(events, 'actions.left');
  expect(told.length).toBeLessThanOrEqual(1);
  expect(events.at(-1)?.type).toBe('run.finished');
  return told.map(({ data }) => leftText(data));
}

test('nothing is told where all that was planned was made', async () => {
  expect(await left([{ tool_calls: [calling('x'), calling('y')] }, { text: 'Sent.' }])).toEqual([]);
});

test('what the winner leaves is told at the end', async () => {
  expect(await left([{ tool_calls: [calling('x')] }, { text: 'Sent.' }])).toEqual([
    '1 planned action was not made: send. The winner did not make them, or did not see them end.',
  ]);
});

test('what a budget stops is told with the budget', async () => {
  expect(await left([{ text: 'Sent.' }], { tokens: 300 })).toEqual([
    '2 planned actions were not made: send, send. The budget of 300 tokens was used up.',
  ]);
});

test('what the end of the tool calls stops is told, too', async () => {
  expect(await left([{ tool_calls: [calling('x'), calling('y')] }, { text: 'Sent.' }], { toolCalls: 3 })).toEqual([
    '1 planned action was not made: send. The tool calls were used up.',
  ]);
});
