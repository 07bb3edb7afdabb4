import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { timelineEntry } from '../../src/tui/store/timeline.ts';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { lineText } from '../../src/tui/view/line.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { timelineLine, voteLines } from '../../src/tui/view/timeline-view.ts';
import { EventWriter, scriptedRun, START } from '../screens/scripted-events.ts';
import { modelOf, storeOf } from './models.ts';

const votes = (events: readonly RunEvent[]): string[] => {
  const { state } = storeOf(events);
  return state
    ? voteLines(state, 33, UNICODE).map((line) =>
        lineText(line)
          .replaceAll(/[█\s]+/g, ' ')
          .trim(),
      )
    : [];
};

describe('the list of votes', () => {
  it('keeps a row per answer and their order where there are few', () => {
    expect(votes(scriptedRun({ agents: 4 }))).toEqual(['agent1.1 1', '★ agent2.1 2', 'agent3.1 0', 'agent4.1 0']);
  });

  it('has answers with votes first, and one row for all others, where there are many', () => {
    expect(votes(scriptedRun({ agents: 16 }))).toEqual(['★ agent2.1 14', 'agent1.1 1', '14 others: 0']);
  });

  it('says of many answers without a vote that there is none', () => {
    const events = scriptedRun({ agents: 8 });
    expect(
      votes(
        events.slice(
          0,
          events.findIndex(({ type }) => type === 'ballot.cast'),
        ),
      ),
    ).toEqual(['8 answers, no vote yet']);
  });
});

describe('the reasons beside a final answer', () => {
  it('stand there as far as they fit, the others below the answer', () => {
    const model = modelOf(scriptedRun({ agents: 8 }), { view: 'final', cols: 120, rows: 30 });
    const side = frameText(buildFrame(model)).map((row) => row.slice(80));
    expect(side.filter((row) => /for agent\d|below the answer/.test(row)).map((row) => row.trim())).toEqual([
      '1 claude for agent2.1',
      '2 gpt for agent2.1 (its own)',
      '5 more reasons below the answer',
    ]);
  });
});

describe('a line of the timeline in the rail', () => {
  const state = storeOf(scriptedRun({ agents: 4 })).state;
  const railLine = (write: (out: EventWriter) => void): string => {
    const out = new EventWriter();
    write(out);
    const event = out.events.at(-1);
    const entry = event && timelineEntry(event, event.at - START);
    return entry && state ? lineText(timelineLine(entry, state, 33, UNICODE)).slice(6) : '';
  };
  const error = { kind: 'rate-limit' as const, message: 'Too many requests were sent in the last minute.' };

  it('tells a refusal by its kind', () => {
    const data = { turn: 't', callId: null, name: null, code: 'no-call' as const, message: 'Call a tool, please.' };
    expect(railLine((out) => out.add('call.refused', data, 'agent1'))).toBe('REFUSED  1 no call');
  });

  it('tells a failure by its kind', () => {
    expect(railLine((out) => out.add('agent.failed', { error }, 'agent1'))).toBe('FAILED   1 rate-limit');
  });

  it('tells the end by its outcome', () => {
    const data = { outcome: 'answered' as const, reason: 'the winner presented the final answer' };
    expect(railLine((out) => out.add('run.finished', data))).toBe('END      answered');
  });

  it('tells that a tie was broken', () => {
    const tie = { labels: ['agent1.1', 'agent2.1'], decidedBy: 'earliest-answer' as const };
    const data = { label: 'agent1.1', rule: 'plurality' as const, scores: [], tie, ballots: 2, reason: 'It tied.' };
    expect(railLine((out) => out.add('winner.chosen', data))).toBe('WINNER   agent1.1, a tie');
  });
});
