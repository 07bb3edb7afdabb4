import { describe, expect, it } from 'vitest';
import { toResult } from '../../src/api/result.ts';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunState } from '../../src/coordination/state.ts';
import { runScripted } from '../engine/scripted-run.ts';

async function played(scripts: Parameters<typeof runScripted>[0]['scripts'], seed = 1): Promise<RunState> {
  const state = foldEvents(await runScripted({ scripts, seed }));
  if (!state) throw new Error('the run has no state');
  return state;
}

describe('the result of a run', () => {
  it('tells current answers from replaced ones, and ballots that count from void ones', async () => {
    const state = await played({
      ann: [
        { when: 'draft', answer: 'A first draft of mine.' },
        { when: 'judge', answer: 'Something better altogether.', delay_ms: 500 },
        { when: 'judge', vote: 'self', repeat: true },
      ],
      bob: [
        { when: 'draft', answer: 'What bob thinks of it.' },
        { when: 'judge', vote: 'self' },
        { when: 'judge', vote: 'other', repeat: true },
      ],
    });
    const { answers, votes } = toResult(state, { dir: '/runs/1', session: null });
    expect(answers.map(({ agent, text, isCurrent }) => [agent, text, isCurrent])).toEqual([
      ['ann', 'A first draft of mine.', false],
      ['bob', 'What bob thinks of it.', true],
      ['ann', 'Something better altogether.', true],
    ]);
    expect(votes.map(({ voter, choice, counts }) => [voter, choice, counts])).toEqual([
      ['bob', 'bob', false],
      ['ann', 'ann', true],
      ['bob', 'ann', true],
    ]);
  });

  it('names who went out and why, and says when the cost is not known', async () => {
    const state = await played({
      ann: [
        { when: 'draft', answer: 'Mine.', cost_usd: null },
        { when: 'judge', vote: 'self' },
      ],
      bob: [{ fail: { kind: 'quota', message: 'No money left.' } }],
    });
    const { failures, costUsd, isCostComplete } = toResult(state, { dir: '/runs/1', session: null });
    expect({ failures, costUsd, isCostComplete }).toEqual({
      failures: [{ agent: 'bob', kind: 'quota', message: 'No money left.' }],
      costUsd: 0,
      isCostComplete: false,
    });
  });

  it('is plain data that survives being written down', async () => {
    const state = await played({ ann: [{ text: 'Mine.' }] });
    const result = toResult(state, { dir: '/runs/1', session: null });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});
