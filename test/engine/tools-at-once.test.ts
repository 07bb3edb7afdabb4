import { describe, expect, test } from 'vitest';
import { NO_LIMITS } from '../../src/events/settings.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { ofType, runScripted, type ScriptedRunOptions } from './scripted-run.ts';

/** Tools that tell when they begin and end. Those that read go on only when no other one begins any more. */
function toolbox(): { tools: Tool[]; seen: string[]; mostAtOnce: () => number } {
  const seen: string[] = [];
  let running = 0;
  let most = 0;
  const tool = (name: string, readOnly: boolean): Tool => ({
    spec: { name, description: '', parameters: { type: 'object', properties: { n: { type: 'number' } } } },
    annotations: { readOnly, destructive: !readOnly, idempotent: false, openWorld: false, pathArguments: [] },
    execute: async ({ n }) => {
      seen.push(`${name} ${Number(n)} begins`);
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      running -= 1;
      seen.push(`${name} ${Number(n)} ends`);
      return { output: `${name} ${Number(n)}`, isError: false };
    },
  });
  return { tools: [tool('look', true), tool('write', false)], seen, mostAtOnce: () => most };
}

const call = (name: string, n: number): { name: string; args: { n: number } } => ({ name, args: { n } });
const ANSWER = { text: 'Done.' };

async function run(
  calls: { name: string; args: { n: number } }[],
  more: Partial<ScriptedRunOptions> = {},
): Promise<{ seen: string[]; most: number; results: string[]; refused: number }> {
  const { tools, seen, mostAtOnce } = toolbox();
  const events = await runScripted({ scripts: { only: [{ tool_calls: calls }, ANSWER] }, tools, ...more });
  const results = ofType(events, 'tool.finished').map((event) => event.data.output);
  return { seen, most: mostAtOnce(), results, refused: ofType(events, 'call.refused').length };
}

describe('tools of one reply', () => {
  test('run side by side where they only read', async () => {
    const { seen, results } = await run([call('look', 1), call('look', 2), call('look', 3)]);
    expect(seen.slice(0, 3)).toEqual(['look 1 begins', 'look 2 begins', 'look 3 begins']);
    expect(results.toSorted()).toEqual(['look 1', 'look 2', 'look 3']);
  });

  test('run in order where one of them changes something', async () => {
    const { seen } = await run([call('look', 1), call('write', 2), call('write', 3), call('look', 4)]);
    const order = ['look 1', 'write 2', 'write 3', 'look 4'];
    expect(seen).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  test('are no more at once than the config allows', async () => {
    const calls = [1, 2, 3, 4, 5].map((n) => call('look', n));
    expect((await run(calls)).most).toBe(4);
    expect((await run(calls, { toolsAtOnce: 2 })).most).toBe(2);
    expect((await run(calls, { toolsAtOnce: 1 })).most).toBe(1);
  });

  test('do not pass the budget of calls by running side by side', async () => {
    const calls = [1, 2, 3, 4].map((n) => call('look', n));
    const { results, refused } = await run(calls, { limits: { only: { ...NO_LIMITS, toolCalls: 2 } } });
    expect([results.length, refused]).toEqual([2, 2]);
  });
});
