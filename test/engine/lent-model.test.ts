import { expect, test } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { NO_LIMITS } from '../../src/events/settings.ts';
import type { LentAnswer } from '../../src/tools/asks.ts';
import type { ModelRequest } from '../../src/providers/provider.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted, type ScriptedRunOptions } from './scripted-run.ts';

const MODEL: Turn = { when: 'reply', repeat: true, text: 'blue', usage: { input: 100, output: 7 }, cost_usd: 0.5 };
const CALL: Turn = { tool_calls: [{ name: 'mcp__paint__mix', args: {} }] };

/** A tool of a server that asks the model while it is called, so many times. */
function asking(times: number): { tool: Tool; answers: LentAnswer[] } {
  const answers: LentAnswer[] = [];
  const tool: Tool = {
    spec: { name: 'mcp__paint__mix', description: '', parameters: { type: 'object', properties: {} } },
    origin: { server: 'paint', tool: 'mix' },
    execute: async (_, { asks, signal }) => {
      const request = { system: 'You mix.', messages: [{ role: 'user' as const, text: 'Which colour?' }] };
      for (let count = 0; count < times; count += 1) {
        const answer = await asks?.lendModel?.('paint', request, signal);
        if (answer) answers.push(answer);
      }
      return { output: 'mixed', isError: false };
    },
  };
  return { tool, answers };
}

async function run(
  times: number,
  more: Partial<ScriptedRunOptions> = {},
): Promise<{ events: RunEvent[]; answers: LentAnswer[]; requests: ModelRequest[] }> {
  const { tool, answers } = asking(times);
  const requests: ModelRequest[] = [];
  const events = await runScripted({
    scripts: { only: [CALL, MODEL, { text: 'Done.' }] },
    tools: [tool],
    wrap: (provider) => ({
      ...provider,
      stream: (request) => {
        if (request.purpose === 'reply') requests.push(request);
        return provider.stream(request);
      },
    }),
    ...more,
  });
  return { events, answers, requests };
}

test('a server gets the model’s words, and the model what the server sends: no conversation, no tools', async () => {
  const { answers, requests } = await run(1);
  expect(answers).toEqual([{ text: 'blue', model: expect.any(String) as string }]);
  expect(requests.map(({ messages, tools, toolChoice }) => ({ messages, tools, toolChoice }))).toEqual([
    {
      messages: [
        { role: 'system', text: 'You mix.' },
        { role: 'user', text: 'Which colour?' },
      ],
      tools: [],
      toolChoice: 'none',
    },
  ]);
});

test('what the server asks and gets is in the log, and the agent pays', async () => {
  const { events } = await run(1);
  const [asked] = ofType(events, 'question.asked');
  expect(asked?.data).toMatchObject({
    server: 'paint',
    to: ['agent1'],
    text: 'The MCP server paint asks the model: Which colour?',
  });
  expect(ofType(events, 'question.answered').map(({ data }) => [data.by, data.text, data.costUsd])).toEqual([
    ['agent1', 'blue', 0.5],
  ]);
  const state = foldEvents(events);
  expect(state?.agents['agent1']?.cost.usd).toBe(0.5);
  expect([state?.questions, state?.asked]).toEqual([[], []]);
});

test('the budget of the agent is the budget of what it lends', async () => {
  const { answers, requests } = await run(5, { limits: { only: { ...NO_LIMITS, usd: 0.9 } } });
  expect(requests).toHaveLength(2);
  expect(answers.slice(2)).toEqual(Array.from({ length: 3 }, () => ({ refused: 'agent1 is out of the run.' })));
});
