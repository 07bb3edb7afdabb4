import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { resumeLeft } from './resume-left.ts';
import type { Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

const good = (answer: string): Turn[] => [
  { when: 'draft', answer, repeat: true },
  { when: 'judge', vote: 'agent1', repeat: true },
];
const scripts: Record<string, Turn[]> = {
  a: good('one'),
  b: good('two'),
  c: [
    { when: 'draft', answer: 'three', repeat: true },
    { when: 'judge', text: 'I will not.', repeat: true },
  ],
};

/** What the agent that does not vote has cost, and what became of it. */
function unruly(events: readonly RunEvent[]) {
  const agent = Object.values(foldEvents(events)?.agents ?? {}).find(({ info }) => info.id === 'c');
  const refused = ofType(events, 'call.refused').filter((event) => event.agent === agent?.info.alias);
  return { refused: refused.length, standing: agent?.standing };
}

describe('an agent that does not follow the protocol', () => {
  it('keeps what counts of a reply of which a part was refused, whatever the last event on disk was', async () => {
    const [empty, whole] = [{ content: '' }, { content: 'one' }].map((args) => ({ name: 'new_answer', args }));
    const team = {
      a: [
        { when: 'draft', tool_calls: [empty, whole], repeat: true },
        { when: 'judge', vote: 'agent1', repeat: true },
      ] as Turn[],
      b: good('two'),
    };
    const undisturbed = await runScripted({ scripts: team });
    const paid = (events: readonly RunEvent[]): number => ofType(events, 'request.finished').length;
    const answers = (events: readonly RunEvent[]): string[] =>
      ofType(events, 'answer.submitted').map(({ data }) => data.text);
    for (let length = 1; length < undisturbed.length; length += 1) {
      const left = undisturbed.slice(0, length);
      const events = await resumeLeft(left, team);
      expect([left.at(-1)?.type, paid(events), answers(events).toSorted()]).toEqual([
        left.at(-1)?.type,
        paid(undisturbed),
        ['one', 'two'],
      ]);
    }
  });

  it('has no more tries where the process was killed, whatever the last event on disk was', async () => {
    const undisturbed = await runScripted({ scripts });
    const wanted = { refused: 3, standing: 'abstained' };
    expect(unruly(undisturbed)).toEqual(wanted);
    for (let length = 1; length < undisturbed.length; length += 1) {
      const events = await resumeLeft(undisturbed.slice(0, length), scripts);
      expect({ after: undisturbed[length - 1]?.type, ...unruly(events) }).toEqual({
        after: undisturbed[length - 1]?.type,
        ...wanted,
      });
    }
  });

  it('has none for nothing where the process is killed again and again', async () => {
    let events = await runScripted({ scripts });
    for (let life = 1; life <= 3; life += 1) {
      const end = events.findLastIndex(({ type, seq }) => type === 'call.refused' && seq < events.length);
      events = await resumeLeft(events.slice(0, end + 1), scripts);
      expect(unruly(events)).toEqual({ refused: 3, standing: 'abstained' });
    }
  });

  it('has no more tool rounds where the process was killed', async () => {
    const looping = { only: [{ text: 'Again.', tool_calls: [{ name: 'nothing', args: {} }], repeat: true }] };
    const undisturbed = await runScripted({ scripts: looping, settings: { maxToolRounds: 4 } });
    const calls = (events: readonly RunEvent[]): number => ofType(events, 'request.finished').length;
    expect(calls(undisturbed)).toBe(4);
    for (let length = 2; length < undisturbed.length; length += 1)
      expect(calls(await resumeLeft(undisturbed.slice(0, length), looping))).toBe(4);
  });
});
