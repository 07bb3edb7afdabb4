import { describe, expect, it } from 'vitest';
import { readAnswerTool } from '../../src/tools/read-answer.ts';
import type { ToolResult } from '../../src/tools/tool.ts';
import { SimulatedTeam } from '../coordination/simulated-team.ts';

function team(text: string, peerAnswerChars: number | null): SimulatedTeam {
  const two = new SimulatedTeam(2, { peerAnswerChars });
  two.move('agent1', { do: 'answer', text });
  two.move('agent2', { do: 'answer', text: 'short' });
  return two;
}

const { signal } = new AbortController();

async function read(args: { answer: string; from?: number }, view: string[]): Promise<ToolResult | undefined> {
  const { state } = team('x'.repeat(20_000) + 'y'.repeat(500), 1000);
  return readAnswerTool(() => state)?.execute(args, { signal, turn: { kind: 'judge', view } });
}

describe('reading an answer that was shown in part', () => {
  it('is offered only where an answer is too long to be shown', () => {
    const offered = [team('x'.repeat(1000), 1000), team('x'.repeat(1001), 1000), team('x'.repeat(9999), null)].map(
      ({ state }) => readAnswerTool(() => state) !== null,
    );
    expect(offered).toEqual([false, true, false]);
  });

  it('comes page by page', async () => {
    const view = ['agent1.1', 'agent2.1'];
    expect(await read({ answer: 'agent1.1' }, view)).toEqual({
      output: `${'x'.repeat(20_000)}\n[500 characters follow; go on with from: 20000]`,
      isError: false,
    });
    expect(await read({ answer: 'agent1.1', from: 20_000 }, view)).toEqual({ output: 'y'.repeat(500), isError: false });
    expect(await read({ answer: 'agent1.1', from: 99_999 }, view)).toEqual({ output: '', isError: false });
  });

  it('reads only what the agent was shown', async () => {
    expect(await read({ answer: 'agent1.1' }, ['agent2.1'])).toEqual({
      output: 'There is no answer of that name. You can read: agent2.1.',
      isError: true,
    });
  });
});
