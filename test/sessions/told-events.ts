import type { EventData, EventDraft, RunEvent } from '../../src/events/event.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';

export const STARTED_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Gives drafts their envelopes: one second apart, in one run. */
export function eventsOf(...drafts: EventDraft[]): RunEvent[] {
  return drafts.map(
    (draft, i) =>
      ({
        v: 1,
        seq: i + 1,
        at: STARTED_AT + i * 1000,
        run: '20260102-030405-abcd',
        attempt: 1,
        epoch: 1,
        ...draft,
      }) as RunEvent,
  );
}

export function started(more: Partial<EventData['run.started']> = {}): EventDraft {
  const agents = ['ann', 'bob'].map((id, i) => ({
    alias: `agent${i + 1}`,
    id,
    type: 'openai',
    model: 'm',
    isModel: true,
  }));
  return {
    type: 'run.started',
    data: { question: 'Why?', team: 'two', agents, settings: DEFAULT_SETTINGS, seed: 1, version: '0', ...more },
  };
}

/** One turn with one paid reply of 10 + 5 tokens for a cent, and what came of it. */
export function turn(
  agent: string,
  name: string,
  kind: 'draft' | 'judge' | 'present',
  ...outcome: EventDraft[]
): EventDraft[] {
  const usage = { input: 10, output: 5, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
  const message = { role: 'assistant' as const, text: 'said', calls: [] };
  return [
    { type: 'turn.started', agent, data: { turn: name, kind, view: [] } },
    {
      type: 'request.finished',
      agent,
      data: { turn: name, request: `${name}.1`, message, stopReason: 'end', usage, costUsd: 0.01, durationMs: 5 },
    },
    ...outcome,
  ];
}

export function finished(agent: string, name: string, outcome: EventData['turn.finished']['outcome']): EventDraft {
  return { type: 'turn.finished', agent, data: { turn: name, outcome } };
}

export function answered(agent: string, name: string, version: number, text: string): EventDraft[] {
  const label = `${agent}.${version}`;
  const data = { turn: name, label, text, source: 'tool' as const, isCut: false, callId: null };
  return [{ type: 'answer.submitted', agent, data }, finished(agent, name, 'answered')];
}

export function voted(agent: string, name: string, choice: string, view: string[], reason = 'Clearer.'): EventDraft[] {
  const data = { turn: name, ballot: `ballot-${name}`, choice, ranking: [choice], reason, view, callId: 'c' };
  return [{ type: 'ballot.cast', agent, data }, finished(agent, name, 'voted')];
}

/** Two drafts, a vote that a better answer voids, two votes, a winner that presents. */
export function wholeRun(): RunEvent[] {
  return eventsOf(
    started(),
    ...turn('agent1', 'a1', 'draft', ...answered('agent1', 'a1', 1, 'First of ann.')),
    ...turn('agent2', 'b1', 'draft', ...answered('agent2', 'b1', 1, 'First of bob.')),
    ...turn('agent1', 'a2', 'judge', ...voted('agent1', 'a2', 'agent1.1', ['agent1.1', 'agent2.1'])),
    ...turn('agent2', 'b2', 'judge', ...answered('agent2', 'b2', 2, 'Second of bob.')),
    ...turn('agent1', 'a3', 'judge', ...voted('agent1', 'a3', 'agent2.2', ['agent1.1', 'agent2.2'])),
    ...turn('agent2', 'b3', 'judge', ...voted('agent2', 'b3', 'agent2.2', ['agent2.2', 'agent1.1'], 'Mine.')),
    {
      type: 'winner.chosen',
      agent: 'agent2',
      data: {
        label: 'agent2.2',
        rule: 'copeland',
        scores: [
          { label: 'agent2.2', score: 1, firstChoices: 2 },
          { label: 'agent1.1', score: 0, firstChoices: 0 },
        ],
        tie: null,
        ballots: 2,
        reason: 'It beat every other answer.',
      },
    },
    ...turn('agent2', 'b4', 'present', {
      type: 'answer.presented',
      agent: 'agent2',
      data: { text: 'The end.', source: 'presenter', mode: 'present', notice: null },
    }),
    finished('agent2', 'b4', 'presented'),
    { type: 'run.finished', data: { outcome: 'answered', reason: 'The final answer was presented.' } },
  );
}
