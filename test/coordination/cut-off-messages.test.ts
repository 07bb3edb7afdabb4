import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { EventDraft } from '../../src/events/event.ts';
import { SimulatedTeam } from './simulated-team.ts';

const sent: EventDraft = {
  type: 'message.sent',
  data: { message: 'message-1', to: ['agent1', 'agent2'], text: 'Hi.' },
};
const delivered: EventDraft = {
  type: 'message.delivered',
  agent: 'agent1',
  data: { turn: 't1', message: 'message-1' },
};
const context: EventDraft = {
  type: 'context.added',
  agent: 'agent1',
  data: { turn: 't1', isReset: false, messages: [{ role: 'user', text: 'Hi.' }] },
};
const resumed: EventDraft = { type: 'run.resumed', data: { epoch: 2 } };

/** Who has still to get the message after these events. */
function pendingAfter(...drafts: EventDraft[]): string[] | undefined {
  const team = new SimulatedTeam(2);
  team.record(...drafts);
  return foldEvents(team.events)?.notes[0]?.pending;
}

describe('a message that a crash has cut off from the conversation', () => {
  it('is delivered again', () => {
    expect(pendingAfter(sent, delivered)).toEqual(['agent2']);
    expect(pendingAfter(sent, delivered, resumed)).toEqual(['agent2', 'agent1']);
  });

  it('is not where it had arrived', () => {
    expect(pendingAfter(sent, delivered, context, resumed)).toEqual(['agent2']);
  });

  it('is not kept from arriving by what another agent was told', () => {
    const other: EventDraft = { ...context, agent: 'agent2' };
    expect(pendingAfter(sent, delivered, other, resumed)).toEqual(['agent2', 'agent1']);
  });
});
