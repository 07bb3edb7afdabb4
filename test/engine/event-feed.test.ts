import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { EventFeed } from '../../src/engine/event-feed.ts';

let seq = 0;
const event = (draft: EventDraft): RunEvent =>
  ({ v: 1, seq: ++seq, at: 0, run: 'r', attempt: 1, epoch: 1, ...draft }) as RunEvent;
const say = (agent: string, text: string, request = 'r1'): RunEvent =>
  event({ type: 'text.appended', agent, data: { request, text } });
const think = (agent: string, text: string): RunEvent =>
  event({ type: 'reasoning.appended', agent, data: { request: 'r1', text } });
const begin = (agent: string): RunEvent =>
  event({ type: 'request.started', agent, data: { turn: 't1', request: 'r1', tools: [] } });
const finish = (agent: string): RunEvent =>
  event({
    type: 'request.finished',
    agent,
    data: {
      turn: 't1',
      request: 'r1',
      message: { role: 'assistant', text: 'whole', calls: [] },
      usage: null,
      stopReason: 'stop',
    },
  } as unknown as EventDraft);

function missed(events: readonly RunEvent[]): string[] {
  const feed = new EventFeed();
  for (const one of events) feed.publish(one);
  const got: string[] = [];
  feed.subscribe((one) =>
    got.push(
      one.type === 'text.appended' || one.type === 'reasoning.appended'
        ? `${one.agent} ${one.type} ${one.data.text}`
        : `${one.agent} ${one.type}`,
    ),
  );
  return got;
}

describe('EventFeed', () => {
  it('hands every event to who listens already, piece by piece', () => {
    const feed = new EventFeed();
    const got: RunEvent[] = [];
    feed.subscribe((one) => got.push(one));
    const events = [begin('a'), say('a', 'x'), say('a', 'y'), finish('a')];
    for (const one of events) feed.publish(one);
    expect(got).toEqual(events);
  });

  it('gives a latecomer the text of each agent as one piece', () => {
    expect(missed([begin('a'), say('a', '1'), say('b', '2'), say('a', '3'), say('b', '4')])).toEqual([
      'a request.started',
      'a text.appended 13',
      'b text.appended 24',
    ]);
  });

  it('loses nothing of a very long text', () => {
    const words = Array.from({ length: 1000 }, (_, i) => `${i} `);
    expect(missed(words.map((word) => say('a', word)))).toEqual([`a text.appended ${words.join('')}`]);
  });

  it('joins nothing across a thought, another request or another event', () => {
    expect(
      missed([say('a', '1'), think('a', '2'), say('a', '3'), say('a', '4', 'r2'), begin('b'), say('a', '5', 'r2')]),
    ).toEqual([
      'a text.appended 1',
      'a reasoning.appended 2',
      'a text.appended 3',
      'a text.appended 4',
      'b request.started',
      'a text.appended 5',
    ]);
  });

  it('forgets the pieces of a reply that is complete', () => {
    expect(missed([say('a', '1'), say('b', '2'), finish('a'), say('a', '3', 'r2')])).toEqual([
      'b text.appended 2',
      'a request.finished',
      'a text.appended 3',
    ]);
  });

  it('hands on nothing after the end of a subscription', () => {
    const feed = new EventFeed();
    const got: RunEvent[] = [];
    feed.subscribe((one) => got.push(one))();
    feed.publish(begin('a'));
    expect(got).toEqual([]);
  });
});
