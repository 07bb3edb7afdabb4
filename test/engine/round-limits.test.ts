import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted, START } from './scripted-run.ts';

const count: Tool = {
  spec: { name: 'count', description: '', parameters: { type: 'object' } },
  execute: async () => ({ output: '1', isError: false }),
};
const counting = (when: string): Turn => ({ when, tool_calls: [{ name: 'count', args: {} }], delay_ms: 6_000 });
const roundLimits = { firstMs: 10_000, laterMs: 20_000, graceMs: 5_000 };

/** What an agent is told of its time, and when, in seconds from the start. */
function told(events: readonly RunEvent[], agent: string): [number, string][] {
  return ofType(events, 'context.added').flatMap((event) =>
    event.agent === agent
      ? event.data.messages.flatMap(({ text }): [number, string][] =>
          text.startsWith('Time is') ? [[(event.at - START) / 1000, text.split('.')[0] ?? '']] : [],
        )
      : [],
  );
}

describe('a turn that takes too long', () => {
  it('is told, then left with its answer, then stopped', async () => {
    const events = await runScripted({
      scripts: {
        slow: [counting('draft'), counting('draft'), counting('draft'), { when: 'draft', hang: true }],
        quick: [{ when: 'draft', answer: 'quick' }],
      },
      tools: [count],
      settings: { roundLimits },
    });
    const slow = ofType(events, 'agent.failed')[0]?.agent ?? '';
    expect(ofType(events, 'turn.limited').map((e) => [e.agent, (e.at - START) / 1000, e.data.stage])).toEqual([
      [slow, 10, 'noticed'],
      [slow, 15, 'closed'],
      [slow, 20, 'stopped'],
    ]);
    expect(told(events, slow)).toEqual([
      [12, 'Time is running out'],
      [18, 'Time is nearly up, and other tools are no longer there'],
    ]);
    expect(ofType(events, 'call.refused').map((e) => [(e.at - START) / 1000, e.data.code])).toEqual([
      [18, 'round-over'],
    ]);
    expect(
      ofType(events, 'request.started')
        .map((e) => e.data.tools)
        .at(-1),
    ).toEqual(['new_answer', 'vote']);
    expect(ofType(events, 'agent.failed').map((e) => e.data.error.message)).toEqual([
      'Its time for the round was over.',
    ]);
    expect(foldEvents(events)?.final?.text).toBe('quick');
  });

  it('abstains where it was to judge, and its answer stays', async () => {
    const events = await runScripted({
      scripts: {
        slow: [
          { when: 'draft', answer: 'slow' },
          { when: 'judge', hang: true },
        ],
        quick: [
          { when: 'draft', answer: 'quick' },
          { when: 'judge', vote: 'first' },
        ],
      },
      settings: { roundLimits, earlyStop: 'never' },
    });
    expect(ofType(events, 'agent.abstained').map((e) => e.data.reason)).toEqual(['Its time for the round was over.']);
    expect(foldEvents(events)?.end?.outcome).toBe('answered');
  });

  it('leaves the winning answer where it was to present', async () => {
    const scripts = Object.fromEntries(
      ['a', 'b'].map((id) => [
        id,
        [
          { when: 'draft', answer: id },
          { when: 'judge', vote: 'first' },
          { when: 'present', hang: true },
        ],
      ]),
    );
    const events = await runScripted({ scripts, settings: { roundLimits, finalAnswer: 'present' } });
    const state = foldEvents(events);
    expect([state?.end?.outcome, state?.final?.source]).toEqual(['answered', 'winning-answer']);
  });
});

it('agents are told before the time limit of the run, and no tools are left near it', async () => {
  const events = await runScripted({
    scripts: {
      slow: Array.from({ length: 17 }, () => counting('draft')),
      quick: [{ when: 'draft', answer: 'quick' }],
    },
    tools: [count],
    settings: { timeoutMs: 100_000 },
  });
  expect(ofType(events, 'deadline.neared').map((e) => [(e.at - START) / 1000, e.data])).toEqual([
    [80, { stage: 'noticed', leftMs: 20_000 }],
    [90, { stage: 'closed', leftMs: 10_000 }],
  ]);
  const slow = ofType(events, 'tool.started')[0]?.agent ?? '';
  expect(told(events, slow).map(([at]) => at)).toEqual([84, 90]);
  expect(foldEvents(events)?.end?.outcome).toBe('timed-out');
});
