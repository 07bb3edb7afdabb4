import { expect, test } from 'vitest';
import { type Turn } from '../engine/scripted-agent.ts';
import { ofType, runScripted } from '../engine/scripted-run.ts';

const paused = (): Turn => ({ text: 'Searching.', stop_reason: 'pause' });

test('a paused reply is given back and continued, in every kind of turn', async () => {
  const answer: Turn = { tool_calls: [{ name: 'new_answer', args: { content: 'Blue.' } }] };
  const vote: Turn = { tool_calls: [{ name: 'vote', args: { agent_id: 'agent1', reason: 'It is right.' } }] };
  const events = await runScripted({
    scripts: { one: [paused(), answer, paused(), vote], two: [answer, vote] },
  });
  expect(ofType(events, 'call.refused')).toEqual([]);
  const pauses = ofType(events, 'request.finished').filter(({ data }) => data.stopReason === 'pause');
  expect(pauses.map(({ data }) => data.message.text)).toEqual(['Searching.', 'Searching.']);
  expect(ofType(events, 'ballot.cast')).toHaveLength(2);
});

test('a reply that pauses for ever is given up after the usual number of rounds', async () => {
  const events = await runScripted({
    scripts: { one: Array.from({ length: 20 }, paused) },
    settings: { maxToolRounds: 3 },
  });
  expect(ofType(events, 'request.finished')).toHaveLength(3);
  expect(ofType(events, 'agent.failed')).toMatchObject([
    { data: { error: { kind: 'protocol', message: expect.stringContaining('3 rounds') as unknown } } },
  ]);
});
