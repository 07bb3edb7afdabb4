import { Writable } from 'node:stream';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import type { Command, RunHandle } from '../../src/events/run-handle.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';

/** A run whose events the test tells; its clock moves 100 ms per event. */
export interface ToldRun {
  handle: RunHandle;
  tell(...drafts: EventDraft[]): void;
  end(error?: Error): void;
  commands: Command[];
  events: RunEvent[];
}

export const START = 1_000_000;

export function toldRun(dir = '/runs/run-1'): ToldRun {
  const events: RunEvent[] = [];
  const commands: Command[] = [];
  const listeners = new Set<(event: RunEvent) => void>();
  const end = Promise.withResolvers<void>();
  return {
    events,
    commands,
    tell: (...drafts) => {
      for (const draft of drafts) {
        const seq = events.length + 1;
        const event = {
          v: 1,
          seq,
          at: START + (seq - 1) * 100,
          run: 'run-1',
          attempt: 1,
          epoch: 1,
          ...draft,
        } as RunEvent;
        events.push(event);
        for (const listener of listeners) listener(event);
      }
    },
    end: (error) => (error ? end.reject(error) : end.resolve()),
    handle: {
      id: 'run-1',
      dir,
      subscribe: (listener) => {
        for (const event of events) listener(event);
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      send: (command) => commands.push(command),
      ended: end.promise,
    },
  };
}

/** Collects what is written to it. */
export function sink(): Writable & { text: string } {
  const stream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        stream.text += chunk.toString();
        done();
      },
    }),
    { text: '' },
  );
  return stream;
}

export const usage = { ...NO_USAGE, input: 1_000, output: 234 };

export const started: EventDraft = {
  type: 'run.started',
  data: {
    question: 'Why is the sky\nblue?',
    team: 'team.yaml',
    agents: [
      { alias: 'agent2', id: 'alpha', type: 'openai', model: 'gpt-x', isModel: true },
      { alias: 'agent1', id: 'beta', type: 'claude', model: 'claude-x', isModel: true },
    ],
    settings: DEFAULT_SETTINGS,
    seed: 1,
    version: '1',
  },
};

export const alphaDrafts: EventDraft[] = [
  { type: 'turn.started', agent: 'agent2', data: { turn: 't1', kind: 'draft', view: [] } },
  { type: 'request.started', agent: 'agent2', data: { turn: 't1', request: 'r1', tools: [] } },
  { type: 'text.appended', agent: 'agent2', data: { request: 'r1', text: 'Rayleigh…' } },
];

export const alphaAnswers: EventDraft[] = [
  {
    type: 'request.finished',
    agent: 'agent2',
    data: {
      turn: 't1',
      request: 'r1',
      message: { role: 'assistant', text: 'Rayleigh\u001b[2J scattering.\n', calls: [] },
      stopReason: 'end',
      usage,
      costUsd: 0.0123,
      durationMs: 900,
    },
  },
  {
    type: 'answer.submitted',
    agent: 'agent2',
    data: { turn: 't1', label: 'agent2.1', text: 'Rayleigh scattering.', source: 'tool', isCut: false, callId: 'c1' },
  },
  { type: 'turn.finished', agent: 'agent2', data: { turn: 't1', outcome: 'answered' } },
];

const call = { id: 'c2', name: 'read_file', args: {}, rawArgs: '{}' };

export const betaAnswers: EventDraft[] = [
  { type: 'turn.started', agent: 'agent1', data: { turn: 't2', kind: 'draft', view: ['agent2.1'] } },
  { type: 'request.started', agent: 'agent1', data: { turn: 't2', request: 'r2', tools: [] } },
  {
    type: 'request.failed',
    agent: 'agent1',
    data: {
      turn: 't2',
      request: 'r2',
      error: { kind: 'overloaded', message: 'Overloaded,\ntry later.' },
      usage: NO_USAGE,
      costUsd: 0,
      retryInMs: 2_000,
    },
  },
  { type: 'tool.started', agent: 'agent1', data: { turn: 't2', call } },
  {
    type: 'tool.finished',
    agent: 'agent1',
    data: { turn: 't2', callId: 'c2', name: 'read_file', output: 'no such file', isError: true, durationMs: 40 },
  },
  {
    type: 'call.refused',
    agent: 'agent1',
    data: { turn: 't2', callId: 'c3', name: 'vote', code: 'wrong-phase', message: 'Answer first.' },
  },
  {
    type: 'answer.submitted',
    agent: 'agent1',
    data: { turn: 't2', label: 'agent1.1', text: 'The sea.', source: 'text', isCut: true, callId: null },
  },
  { type: 'turn.finished', agent: 'agent1', data: { turn: 't2', outcome: 'answered' } },
];

export function ballot(agent: string, choice: string, reason = 'It is right.'): EventDraft {
  const view = ['agent1.1', 'agent2.1'];
  return {
    type: 'ballot.cast',
    agent,
    data: { turn: 't3', ballot: `b-${agent}`, choice, ranking: [choice], reason, view, callId: 'c4' },
  };
}

export const chosen: EventDraft = {
  type: 'winner.chosen',
  data: {
    label: 'agent2.1',
    rule: 'copeland',
    scores: [],
    tie: { labels: ['agent1.1', 'agent2.1'], decidedBy: 'earliest-answer' },
    ballots: 2,
    reason: 'One ballot each.',
  },
};

export const presented: EventDraft = {
  type: 'answer.presented',
  data: {
    text: 'Rayleigh scattering,\nas \u001b]0;x\u0007Lord Rayleigh found.\n\n',
    source: 'winning-answer',
    mode: 'present',
    notice: 'The presenter failed.',
  },
};

export const finished: EventDraft = {
  type: 'run.finished',
  data: { outcome: 'answered', reason: 'A winner was chosen.' },
};

/** A whole run from its start to its end. */
export const STORY: EventDraft[] = [
  started,
  ...alphaDrafts,
  ...alphaAnswers,
  ...betaAnswers,
  { type: 'turn.started', agent: 'agent2', data: { turn: 't3', kind: 'judge', view: ['agent1.1', 'agent2.1'] } },
  ballot('agent2', 'agent1.1', 'Simple.'),
  { type: 'turn.finished', agent: 'agent2', data: { turn: 't3', outcome: 'voted' } },
  ballot('agent1', 'agent2.1'),
  chosen,
  { type: 'turn.started', agent: 'agent2', data: { turn: 't5', kind: 'present', view: [] } },
  { type: 'turn.finished', agent: 'agent2', data: { turn: 't5', outcome: 'failed' } },
  presented,
  finished,
];
