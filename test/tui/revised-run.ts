import type { RunEvent } from '../../src/events/event.ts';
import { EventWriter, scriptedRun } from '../screens/scripted-events.ts';

/** Three agents: the first has voted when the second brings a newer answer, which makes that vote void; then all vote. */
export function revisedRun(): RunEvent[] {
  const out = new EventWriter();
  out.events.push(...scriptedRun({ agents: 3, until: 'judging' }));
  out.wait(20_000);
  const view = ['agent1.1', 'agent2.1', 'agent3.1'];
  out.add(
    'context.added',
    {
      turn: 'agent1-t2',
      isReset: true,
      messages: [
        { role: 'system', text: 'You are one of 3 agents.\nRead the answers and vote.' },
        { role: 'user', text: 'Fix the token refresh race and prove it with a test' },
      ],
    },
    'agent1',
  );
  vote(out, 'agent1', 'agent2.1', view, 'It keeps the retry outside the lock and ships a regression test.');
  out.wait(2000);
  out.add(
    'answer.submitted',
    {
      turn: 'agent2-t2',
      label: 'agent2.2',
      text: 'Guard the refresh with one shared promise (plan 2).\n\nKeep the **old token** until the new one works.',
      source: 'tool',
      isCut: false,
      callId: 'a9',
    },
    'agent2',
  );
  out.add('turn.finished', { turn: 'agent2-t2', outcome: 'answered' }, 'agent2');
  const now = ['agent1.1', 'agent2.2', 'agent3.1'];
  out.wait(1500);
  out.add('update.delivered', { turn: 'agent3-t2', view: now }, 'agent3');
  vote(out, 'agent1', 'agent2.2', now, 'Now it keeps the old token as well.');
  vote(out, 'agent3', 'agent3.1', now, 'Mine is the shortest change.');
  out.wait(500);
  out.add('winner.chosen', {
    label: 'agent2.2',
    rule: 'copeland',
    scores: [
      { label: 'agent2.2', score: 1.5, firstChoices: 1 },
      { label: 'agent3.1', score: 1.5, firstChoices: 1 },
      { label: 'agent1.1', score: 0, firstChoices: 0 },
    ],
    tie: { labels: ['agent2.2', 'agent3.1'], decidedBy: 'borda' },
    ballots: 2,
    reason: 'Both beat agent1.1; agent2.2 has more Borda points.',
  });
  return out.events;
}

function vote(out: EventWriter, alias: string, choice: string, view: string[], reason: string): void {
  out.wait(800);
  const turn = `${alias}-t2`;
  out.add(
    'ballot.cast',
    { turn, ballot: `${alias}-${choice}`, choice, ranking: [choice, 'agent1.1'], reason, view, callId: 'v' },
    alias,
  );
  out.add('turn.finished', { turn, outcome: 'voted' }, alias);
}
