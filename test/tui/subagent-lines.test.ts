import { describe, expect, it } from 'vitest';
import type { Subagent } from '../../src/coordination/state.ts';
import { NO_COST, NO_USAGE } from '../../src/events/usage.ts';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { lineText } from '../../src/tui/view/line.ts';
import { subagentLines } from '../../src/tui/view/subagent-lines.ts';

const one = (name: string, change: Partial<Subagent> = {}): Subagent => ({
  name: `agent1-${name}`,
  callId: 'c1',
  task: 'Count the words.',
  model: 'm',
  dir: `subagents/agent1/agent1-${name}`,
  status: 'working',
  text: '',
  reason: '',
  files: null,
  tool: null,
  steps: 0,
  usage: NO_USAGE,
  cost: NO_COST,
  startedAt: 0,
  finishedAt: null,
  isDetached: false,
  isUntold: false,
  ...change,
});
const DONE: Partial<Subagent> = {
  status: 'answered',
  text: 'Twelve.',
  finishedAt: 5,
  usage: { ...NO_USAGE, input: 90 },
};

function rows(subagents: Subagent[], height = 9, width = 60): string[] {
  return subagentLines(subagents, { width, height, glyphs: UNICODE }).map(lineText);
}

describe('the subagents of a pane', () => {
  it('have a row each, with what they did last', () => {
    const told = one('sub3', { text: 'Half of it.', usage: { ...NO_USAGE, input: 1_200 } });
    expect(rows([one('sub1'), one('sub2', { tool: 'read_file' }), told])).toEqual([
      '● sub1 working  Count the words.',
      '● sub2 working  uses read_file',
      '● sub3 working  1.2k tok  Half of it.',
    ]);
  });

  it('show those at work where there is no room for all', () => {
    const all = [one('sub1', DONE), one('sub2'), one('sub3', DONE), one('sub4')];
    expect(rows(all, 3)).toEqual([
      '● sub2 working  Count the words.',
      '● sub4 working  Count the words.',
      '  2 more subagents',
    ]);
  });

  it('are summed up once nobody is at work', () => {
    expect(rows([one('sub1', DONE), one('sub2', { status: 'failed', reason: 'No key.' })])).toEqual([
      '✗ 2 subagents, 1 answered',
    ]);
  });

  it('send nothing to the terminal', () => {
    expect(rows([one('sub1', { text: 'a\u001b[31mb\nc' })])).toEqual(['● sub1 working  ab c']);
  });

  it('are not there without room', () => {
    expect(rows([one('sub1')], 0)).toEqual([]);
  });
});
