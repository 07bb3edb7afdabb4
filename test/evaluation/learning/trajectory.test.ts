import { describe, expect, test } from 'vitest';
import { trajectoriesOf } from '../../../src/evaluation/learning/trajectory.ts';
import { runScripted } from '../../engine/scripted-run.ts';

const turns = (answer: string): Record<string, never>[] =>
  [
    {
      when: 'draft',
      tool_calls: [{ name: 'calculator', args: { expression: '6 * 7' } }],
      usage: { input: 5, output: 2 },
    },
    { when: 'draft', answer, usage: { input: 10, output: 3 } },
    { when: 'judge', vote: 'first', usage: { input: 20, output: 4 } },
  ] as unknown as Record<string, never>[];

describe('the trajectories of a run', () => {
  test('hold what each agent read and wrote, with the tokens of every reply and the reward of its last answer', async () => {
    const events = await runScripted({ scripts: { ann: turns('42'), ben: turns('43') } });
    const all = trajectoriesOf(events, (label) => (label === 'agent1.1' ? 1 : 0));
    expect(all.map(({ agent }) => agent).toSorted()).toEqual(['ann', 'ben']);
    expect(all.map(({ reward }) => String(reward)).toSorted()).toEqual(['0', '1']);
    expect(all.filter(({ isWinner }) => isWinner)).toHaveLength(1);
    for (const { messages, spans } of all) {
      expect(messages.map(({ role }) => role)).toEqual([
        'system',
        'user',
        'assistant',
        'tool',
        'assistant',
        'tool',
        'user',
        'assistant',
        'tool',
      ]);
      expect(spans).toEqual([
        { message: 2, input: 5, output: 2 },
        { message: 4, input: 10, output: 3 },
        { message: 7, input: 20, output: 4 },
      ]);
      const [call] = messages[2]?.tool_calls ?? [];
      expect(call?.function).toEqual({ name: 'calculator', arguments: '{"expression":"6 * 7"}' });
      expect(messages[3]?.tool_call_id).toBe(call?.id);
    }
  });

  test('of nothing are none', () => expect(trajectoriesOf([], () => null)).toEqual([]));
});
