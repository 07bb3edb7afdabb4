import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { notification } from '../../src/tui/app/notification.ts';
import type { TextBlock } from '../../src/tui/store/text-block.ts';
import { timelineEntry } from '../../src/tui/store/timeline.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { EventWriter, scriptedRun } from '../screens/scripted-events.ts';
import { decided } from './asking-run.ts';
import { modelOf, storeOf } from './models.ts';

const error = { kind: 'auth', message: 'No access to that model' } as const;
const turn = 'agent1-t1';
const BUDGET = { resource: 'tokens', used: 800, limit: 1000 } as const;

function after(...drafts: EventDraft[]): RunEvent[] {
  const out = new EventWriter();
  out.events.push(...scriptedRun({ agents: 2, until: 'drafting' }));
  for (const { type, data, agent } of drafts) out.add(type, data, agent);
  return out.events;
}

/** What the last event says in its agent's pane, and in the timeline. */
function told(draft: EventDraft): { pane: string[]; timeline: string | null } {
  const events = after(draft);
  const store = storeOf(events);
  const last = events.at(-1)!;
  const entry = timelineEntry(last, last.at - events[0]!.at);
  return {
    pane: store
      .transcript('agent1')
      .list.blocks.filter((block) => block.seq === last.seq)
      .map((block) => (block.kind === 'tool' ? block.name : block.text)),
    timeline: entry && `${entry.word} ${entry.text}`,
  };
}

describe('every later kind of event is one clear line', () => {
  it.each<[string, EventDraft, string[], string | null]>([
    [
      'a wait',
      {
        type: 'request.delayed',
        data: { turn, reason: 'rate-limit', ms: 3000, detail: 'openai allows no more' },
        agent: 'agent1',
      },
      ['waits 3.0 s: openai allows no more'],
      'WAIT 3 s: openai allows no more',
    ],
    [
      'another model',
      { type: 'model.switched', data: { turn, from: 'big', to: 'small', error }, agent: 'agent1' },
      ['goes on with small instead of big: No access to that model'],
      'SWITCH big → small (auth)',
    ],
    [
      'a budget that runs out',
      { type: 'budget.warned', data: { ...BUDGET, percent: 80 }, agent: 'agent1' },
      ['80 % of its 1000 tokens used'],
      'BUDGET 80 % of 1000 tokens used',
    ],
    [
      'a budget that is used up',
      { type: 'budget.reached', data: BUDGET, agent: 'agent1' },
      ['its 1000 tokens are used up'],
      'BUDGET 1000 tokens used up',
    ],
    [
      'a budget of the run',
      { type: 'budget.warned', data: { ...BUDGET, percent: 50 } },
      [],
      'BUDGET 50 % of 1000 tokens used',
    ],
    [
      'tools that are missing',
      { type: 'tools.prepared', data: { tools: ['bash'], problems: ['web needs a key.', 'x'] }, agent: 'agent1' },
      ['tools: web needs a key.', 'tools: x'],
      'TOOLS web needs a key. (and 1 more)',
    ],
    [
      'tools that are there',
      { type: 'tools.prepared', data: { tools: ['bash'], problems: [] }, agent: 'agent1' },
      [],
      null,
    ],
    [
      'files that are kept',
      {
        type: 'snapshot.taken',
        data: { turn, label: 'agent1.1', files: 3, bytes: 12_300, leftOut: 1, problem: null },
        agent: 'agent1',
      },
      ['3 files, 12 kB kept with agent1.1', 'one file was left out'],
      'FILES 3 files, 12 kB kept with agent1.1',
    ],
    [
      'files that could not be kept',
      {
        type: 'snapshot.taken',
        data: { turn, label: 'agent1.1', files: 0, bytes: 0, leftOut: 0, problem: 'no room' },
        agent: 'agent1',
      },
      ['files of agent1.1: no room'],
      'FILES of agent1.1: no room',
    ],
    [
      'files that are back',
      { type: 'snapshot.restored', data: { turn, label: 'agent1.1', problem: null }, agent: 'agent1' },
      ['works with the files of agent1.1'],
      'FILES of agent1.1 are back in the workspace',
    ],
    [
      'leave that the user gave without a word',
      decided({ request: 'approval-1', isAllowed: true, by: 'user' }, 'agent1'),
      ['allowed by you'],
      'ALLOWED run_command by you',
    ],
    [
      'the wish for an answer now',
      { type: 'drafting.closed', data: { by: 'user' } },
      [],
      'NOW answer now, asked by you',
    ],
  ])('%s', (_name, draft, pane, timeline) => {
    expect(told(draft)).toEqual({ pane, timeline });
  });
});

describe('a call that was stopped', () => {
  const stopped: EventDraft[] = [
    {
      type: 'request.failed',
      data: {
        turn,
        request: 'agent1-r1',
        error: { kind: 'aborted', message: 'The call was stopped.' },
        usage: { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 },
        costUsd: null,
        retryInMs: null,
      },
      agent: 'agent1',
    },
    { type: 'turn.finished', data: { turn, outcome: 'aborted' }, agent: 'agent1' },
  ];

  it('is no error, and its text is marked as a part', () => {
    const store = storeOf(after(...stopped));
    const last = store.transcript('agent1').list.blocks.at(-1);
    expect([last?.kind === 'notice' && last.text, store.timeline.some((entry) => entry.word === 'ERROR')]).toEqual([
      'interrupted here: the text above is not complete',
      false,
    ]);
    expect(store.lanes.lane('agent1').marks).toEqual([]);
  });
});

describe('a message to an agent', () => {
  const sent: EventDraft = { type: 'message.sent', data: { message: 'm1', to: ['agent1'], text: 'be \x1b[2Jshort' } };
  const texts = (events: RunEvent[], alias: string): string[] =>
    storeOf(events)
      .transcript(alias)
      .list.blocks.flatMap((block) => (block.kind === 'notice' && block.text.startsWith('you') ? block.text : []));

  it('stands in its pane as not read, then as read', () => {
    const read: EventDraft = { type: 'message.delivered', data: { turn, message: 'm1' }, agent: 'agent1' };
    expect([texts(after(sent), 'agent1'), texts(after(sent, read), 'agent1'), texts(after(sent), 'agent2')]).toEqual([
      ['you, not read yet: be short'],
      ['you, read: be short'],
      [],
    ]);
    expect(frameText(buildFrame(modelOf(after(sent, read)))).join('\n')).toContain('you, read: be short');
  });

  it('breaks no sentence that is being written', () => {
    const before = storeOf(after()).transcript('agent1').list.streamed('text', 0);
    const more: EventDraft = { type: 'text.appended', data: { request: 'agent1-r1', text: 'more' }, agent: 'agent1' };
    const blocks = storeOf(after(sent, more)).transcript('agent1').list.blocks;
    expect([blocks.at(-1)?.kind, blocks.findLast((block): block is TextBlock => block.kind === 'text')?.text]).toEqual([
      'text',
      `${before}more`,
    ]);
  });
});

describe('an event from a newer version', () => {
  it('changes nothing and breaks no screen', () => {
    const known = scriptedRun({ agents: 2 });
    const future = { ...known.at(-2)!, agent: 'agent1', seq: known.length + 1, type: 'moon.landed', data: { x: 1 } };
    const events = [...known, future as unknown as RunEvent];
    for (const view of ['panes', 'timeline', 'final', 'answers', 'ballots', 'events', 'cost', 'context'] as const) {
      expect(() => buildFrame(modelOf(events, { view }))).not.toThrow();
    }
    expect(storeOf(events).timeline).toEqual(storeOf(known).timeline);
  });
});

describe('a notification', () => {
  it('is a bell everywhere, and more where the terminal shows it', () => {
    const text = 'answered: why; \x1b]0;x\x07 not';
    expect([
      notification(text, { TERM: 'xterm-256color' }),
      notification(text, { TERM: 'xterm-kitty' }),
      notification(text, { TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }),
      notification(text, { TERM: 'foot' }),
      notification(text, { TERM: 'xterm-kitty', TMUX: '/tmp/x' }),
    ]).toEqual([
      '\x07',
      '\x07\x1b]9;answered: why, not\x1b\\',
      '\x07\x1b]9;answered: why, not\x1b\\',
      '\x07\x1b]777;notify;massgen;answered: why, not\x1b\\',
      '\x07',
    ]);
  });
});
