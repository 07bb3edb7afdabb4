import type { EventData, EventDraft, RunEvent } from '../../src/events/event.ts';
import type { Command, RunHandle } from '../../src/events/run-handle.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { App } from '../../src/tui/app/app.ts';
import type { AppHost } from '../../src/tui/app/app-host.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

type Approval = EventData['approval.requested'];
type Question = EventData['question.asked'];

export const APPROVAL: Approval = {
  turn: 'agent2-t1',
  callId: 'c9',
  tool: 'run_command',
  action: 'run_command',
  target: 'rm -rf dist && npm run build',
  risk: 'high',
  request: 'approval-1',
  detail: 'The rule "ask before commands" wants you to decide.',
  diff: null,
};

export const QUESTION: Question = {
  question: 'question-1',
  turn: 'agent1-t1',
  to: ['user'],
  text: 'Which store holds the refresh token?',
  options: [
    { label: 'redis', description: 'Shared by all workers.' },
    { label: 'memory', description: 'One per worker.' },
  ],
  isMultiple: false,
  allowsText: true,
  timeoutMs: 60_000,
};

export function requested(change: Partial<Approval> = {}, agent = 'agent2'): EventDraft {
  return { type: 'approval.requested', agent, data: { ...APPROVAL, ...change } };
}

export function asked(change: Partial<Question> = {}, agent = 'agent1'): EventDraft {
  return { type: 'question.asked', agent, data: { ...QUESTION, ...change } };
}

export function decided(change: Partial<EventData['approval.decided']> = {}, agent = 'agent2'): EventDraft {
  const { detail: _, diff: _diff, ...call } = APPROVAL;
  const data = { ...call, isAllowed: false, scope: 'once' as const, by: 'policy' as const, reason: '', ...change };
  return { type: 'approval.decided', agent, data };
}

export function replied(change: Partial<EventData['question.answered']> = {}, agent = 'agent1'): EventDraft {
  const base = { question: 'question-1', by: 'user', outcome: 'answered' as const, choices: [], text: '', reason: '' };
  return { type: 'question.answered', agent, data: { ...base, usage: NO_USAGE, costUsd: 0, ...change } };
}

/** A run whose events the test tells; it begins with three agents that write their first answers. */
export interface LiveHandle extends RunHandle {
  readonly commands: Command[];
  emit(...drafts: EventDraft[]): void;
}

export function liveHandle(clock: FakeClock): LiveHandle {
  const past: RunEvent[] = scriptedRun({ agents: 3, until: 'drafting' });
  const listeners = new Set<(event: RunEvent) => void>();
  const commands: Command[] = [];
  const end = Promise.withResolvers<void>();
  const last = past.at(-1);
  const offset = (last?.at ?? 0) - clock.now();
  return {
    id: 'run-0001',
    dir: '/tmp/run-0001',
    commands,
    ended: end.promise,
    subscribe: (listener) => {
      for (const event of past) listener(event);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (command) => void commands.push(command),
    emit: (...drafts) => {
      for (const draft of drafts) {
        const place = { v: 1, seq: past.length + 1, at: clock.now() + offset, run: 'run-0001', attempt: 1, epoch: 1 };
        const event = { ...place, ...draft } as RunEvent;
        past.push(event);
        for (const listener of listeners) listener(event);
        if (event.type === 'run.finished') end.resolve();
      }
    },
  };
}

export interface AskWorld {
  app: App;
  clock: FakeClock;
  handle: LiveHandle;
  /** What the app asked of the world around it. */
  log: string[];
  keys(...keys: string[]): void;
  type(text: string): void;
  text(): string;
  /** The row of the screen that holds a text, and its column; for clicks. */
  find(text: string): { x: number; y: number };
  click(text: string): void;
}

/** The real app in front of a live run. */
export async function askWorld(
  size: { cols: number; rows: number } = { cols: 80, rows: 24 },
  host: Partial<AppHost> = {},
  change: Partial<Model> = {},
): Promise<AskWorld> {
  const clock = createFakeClock();
  const log: string[] = [];
  const handle = liveHandle(clock);
  const team = { name: 'four models', agents: agentInfos(3) };
  const model = createModel({ ...size, now: clock.now(), ascii: false, team, teams: [] });
  const app = new App(
    { ...model, ...change },
    {
      clock,
      requestFrame: () => log.push('frame'),
      start: () => Promise.resolve(handle),
      toggleTheme: () => undefined,
      redraw: () => undefined,
      suspend: () => undefined,
      ring: (text) => log.push(`ring ${text}`),
      leave: (reason) => log.push(`leave ${reason}`),
      ...host,
    },
    'Fix the race',
  );
  app.begin();
  await settle();
  const keys = (...list: string[]): void => {
    for (const key of list) app.handle({ kind: 'key', key, text: key.length === 1 ? key : key === 'space' ? ' ' : '' });
  };
  const rows = (): string[] => frameText(buildFrame({ ...app.model, now: clock.now() }));
  const find = (text: string): { x: number; y: number } => {
    const y = rows().findIndex((row) => row.includes(text));
    return { x: rows()[y]?.indexOf(text) ?? -1, y };
  };
  return {
    app,
    clock,
    handle,
    log,
    keys,
    find,
    type: (text) => keys(...text.split('').map((ch) => (ch === ' ' ? 'space' : ch))),
    text: () => rows().join('\n'),
    click: (text) => app.handle({ kind: 'mouse', action: 'press', ...find(text) }),
  };
}

/** Lets promises go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
