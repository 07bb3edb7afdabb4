import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { BlockList, describeArgs } from '../../src/tui/store/blocks.ts';
import { timelineEntry } from '../../src/tui/store/timeline.ts';
import { Transcript } from '../../src/tui/store/transcript.ts';
import { scriptedRun, START } from '../screens/scripted-events.ts';
import { storeOf } from './models.ts';

type DataOf<T extends EventDraft['type']> = Extract<EventDraft, { type: T }>['data'];

function event<T extends EventDraft['type']>(type: T, data: DataOf<T>, agent = 'agent1'): RunEvent {
  return { v: 1, seq: 1, at: START, run: 'r', attempt: 1, epoch: 1, agent, type, data } as RunEvent;
}

function finished(text: string, reasoning?: string): RunEvent {
  const message = { role: 'assistant' as const, text, calls: [], ...(reasoning === undefined ? {} : { reasoning }) };
  return event('request.finished', {
    turn: 't',
    request: 'r1',
    message,
    stopReason: 'end',
    usage: NO_USAGE,
    costUsd: 0,
    durationMs: 1,
  });
}

/** Blocks without their numbers. */
function blocks(...events: RunEvent[]): unknown[] {
  const transcript = new Transcript();
  for (const e of events) transcript.apply(e);
  return transcript.list.blocks.map((block) =>
    block.kind === 'tool'
      ? [block.name, block.args, block.status, block.result, block.resultLines]
      : block.kind === 'notice'
        ? [block.tone, block.text]
        : [block.kind, block.text],
  );
}

const begin = event('request.started', { turn: 't', request: 'r1', tools: [] });
const text = (t: string): RunEvent => event('text.appended', { request: 'r1', text: t });
const thought = (t: string): RunEvent => event('reasoning.appended', { request: 'r1', text: t });

describe('Transcript', () => {
  it('joins streamed text and keeps thoughts apart from it', () => {
    expect(blocks(begin, thought('hm'), thought('m'), text('one '), text('two'), finished('one two', 'hmm'))).toEqual([
      ['reasoning', 'hmm'],
      ['text', 'one two'],
    ]);
  });

  it('cleans text at the door, across deltas', () => {
    expect(blocks(begin, text('a\x1b[3'), text('1mb\x1b]0;ti'), text('tle\x07c'))).toEqual([['text', 'abc']]);
  });

  it('takes the finished text where none was streamed', () => {
    expect(blocks(begin, finished('whole', 'why'))).toEqual([
      ['reasoning', 'why'],
      ['text', 'whole'],
    ]);
  });

  it('puts the finished text in the place of a stream with holes', () => {
    expect(blocks(begin, text('start '), thought('?'), text('end'), finished('start middle end'))).toEqual([
      ['text', 'start middle end'],
      ['reasoning', '?'],
    ]);
  });

  it('does not touch the text of an earlier request', () => {
    expect(
      blocks(
        begin,
        text('first'),
        finished('first'),
        event('request.started', { turn: 't', request: 'r2', tools: [] }),
        finished('second'),
      ),
    ).toEqual([
      ['text', 'first'],
      ['text', 'second'],
    ]);
  });

  it('shows a tool with its result', () => {
    const call = { id: 'c', name: 'read_file', args: { path: 'a\x1b[2J.ts' }, rawArgs: '' };
    expect(
      blocks(
        event('tool.started', { turn: 't', call }),
        event('tool.finished', {
          turn: 't',
          callId: 'c',
          name: 'read_file',
          output: '\n\x1b[31mline 1\nline 2\n',
          isError: false,
          durationMs: 5,
        }),
      ),
    ).toEqual([['read_file', 'a.ts', 'done', 'line 1', 2]]);
  });

  it('shows how far a tool is until its result is there', () => {
    const call = { id: 'c', name: 'crawl', args: {}, rawArgs: '' };
    const begun = event('tool.started', { turn: 't', call });
    const told = event('tool.progressed', { turn: 't', callId: 'c', message: '3 of\x1b[2J 9\npages' });
    const done = { turn: 't', callId: 'c', name: 'crawl', output: 'all', isError: false, durationMs: 1 };
    expect(blocks(begun, told)).toEqual([['crawl', '', 'running', '3 of 9 pages', 0]]);
    expect(blocks(begun, told, event('tool.finished', done), told)).toEqual([['crawl', '', 'done', 'all', 1]]);
  });

  it('ends tools with their turn', () => {
    const call = { id: 'c', name: 'bash', args: null, rawArgs: '{"cmd' };
    expect(
      blocks(event('tool.started', { turn: 't', call }), event('turn.finished', { turn: 't', outcome: 'aborted' })),
    ).toEqual([
      ['bash', '{"cmd', 'stopped', '', 0],
      ['dim', 'turn stopped'],
    ]);
  });

  it.each<[string, RunEvent, unknown]>([
    ['a first turn', event('turn.started', { turn: 't', kind: 'draft', view: [] }), ['dim', 'writing a first answer']],
    [
      'a judge',
      event('turn.started', { turn: 't', kind: 'judge', view: ['agent1.1', 'agent2.1'] }),
      ['dim', 'judging agent1.1 agent2.1'],
    ],
    [
      'a judge of many',
      event('turn.started', { turn: 't', kind: 'judge', view: ['a', 'b', 'c', 'd'] }),
      ['dim', 'judging 4 answers'],
    ],
    [
      'an update',
      event('update.delivered', { turn: 't', view: ['agent2.2'] }),
      ['info', 'newer answers arrived: now sees agent2.2'],
    ],
    [
      'a retry',
      event('request.failed', {
        turn: 't',
        request: 'r',
        error: { kind: 'rate-limit', message: 'slow down' },
        usage: NO_USAGE,
        costUsd: null,
        retryInMs: 2000,
      }),
      ['warn', 'rate-limit: slow down (next try in 2.0 s)'],
    ],
    [
      'a failure',
      event('request.failed', {
        turn: 't',
        request: 'r',
        error: { kind: 'auth', message: 'bad key' },
        usage: NO_USAGE,
        costUsd: null,
        retryInMs: null,
      }),
      ['err', 'auth: bad key (no further try)'],
    ],
    [
      'a refused call',
      event('call.refused', { turn: 't', callId: null, name: null, code: 'no-call', message: 'Call vote.' }),
      ['warn', 'not accepted: Call vote.'],
    ],
    [
      'a vote',
      event('ballot.cast', {
        turn: 't',
        ballot: 'b',
        choice: 'agent2.1',
        ranking: [],
        reason: 'best',
        view: [],
        callId: 'c',
      }),
      ['ok', 'voted for agent2.1: best'],
    ],
    [
      'an answer in text',
      event('answer.submitted', { turn: 't', label: 'agent1.1', text: 'x', source: 'text', isCut: true, callId: null }),
      ['ok', 'answer agent1.1 (cut off)'],
    ],
    [
      'the end of an agent',
      event('agent.failed', { error: { kind: 'quota', message: 'no money' } }),
      ['err', 'out of the run: no money'],
    ],
    ['an abstention', event('agent.abstained', { reason: 'cannot decide' }), ['warn', 'does not vote: cannot decide']],
  ])('notes %s', (_name, e, expected) => {
    expect(blocks(e)).toEqual([expected]);
  });

  it('gives the reason why an agent is out once, where the request that failed has said it', () => {
    const error = { kind: 'auth' as const, message: 'bad key' };
    const failed = { turn: 't', request: 'r', error, usage: NO_USAGE, costUsd: null, retryInMs: null };
    expect(blocks(event('request.failed', failed), event('agent.failed', { error }))).toEqual([
      ['err', 'auth: bad key (no further try)'],
      ['err', 'out of the run'],
    ]);
  });

  it('shows an answer that was given by tool', () => {
    expect(
      blocks(
        event('answer.submitted', {
          turn: 't',
          label: 'agent1.1',
          text: 'my\x07 answer',
          source: 'tool',
          isCut: false,
          callId: 'c',
        }),
      ),
    ).toEqual([
      ['ok', 'answer agent1.1'],
      ['answer', 'my answer'],
    ]);
  });
});

describe('BlockList', () => {
  it('lets the oldest go past its bound, and counts them', () => {
    const list = new BlockList(100);
    for (let i = 0; i < 10; i++) list.text('text', 'x'.repeat(30));
    expect([list.blocks.length, list.dropped]).toEqual([3, 7]);
  });

  it('cuts a long stream at a line break, so that its beginning can go', () => {
    const list = new BlockList(100_000);
    for (let i = 0; i < 3000; i++) list.stream('text', 'r', `${'y'.repeat(99)}\n`);
    const size = list.blocks.reduce((sum, block) => sum + (block.kind === 'text' ? block.text.length : 0), 0);
    expect([list.blocks.length > 1, list.dropped > 0, size <= 100_000]).toEqual([true, true, true]);
  });
});

describe('BlockList, where no piece of a long stream ends with its line', () => {
  it('cuts at the last line break all the same, and loses nothing', () => {
    const list = new BlockList();
    const pieces = Array.from({ length: 2000 }, (_, i) => `of ${i}\n${'y'.repeat(90)}`);
    for (const piece of pieces) list.stream('text', 'r', piece);
    const texts = list.blocks.map((block) => (block.kind === 'text' ? block.text : ''));
    expect([texts.length > 1, texts.slice(0, -1).every((text) => text.endsWith('\n')), texts.join('')]).toEqual([
      true,
      true,
      pieces.join(''),
    ]);
  });
});

describe('describeArgs', () => {
  it.each([
    [{ path: 'a.ts' }, 'a.ts'],
    [{ a: 1, b: 'x' }, 'a=1 b=x'],
    [{}, ''],
    [null, 'raw'],
  ])('of %j is %s', (args, expected) => {
    expect(describeArgs(args, 'raw')).toBe(expected);
  });
});

describe('timelineEntry', () => {
  const made = (e: RunEvent): unknown => {
    const entry = timelineEntry({ ...e, at: START + 1500 } as RunEvent, 1500);
    return entry && [entry.atMs, entry.word, entry.alias, entry.text];
  };
  it.each<[RunEvent, unknown]>([
    [
      event('ballot.cast', {
        turn: 't',
        ballot: 'b',
        choice: 'agent2.1',
        ranking: [],
        reason: '',
        view: [],
        callId: 'c',
      }),
      [1500, 'VOTE', 'agent1', 'for agent2.1'],
    ],
    [
      event('tool.started', { turn: 't', call: { id: 'c', name: 'b\x1b[2Jash\n', args: {}, rawArgs: '' } }),
      [1500, 'TOOL', 'agent1', 'bash'],
    ],
    [event('run.cancelled', { by: 'user' }), [1500, 'CANCEL', 'agent1', 'by you']],
    [text('x'), null],
    [begin, null],
  ])('of %o', (e, expected) => {
    expect(made(e)).toEqual(expected);
  });
});

describe('RunStore', () => {
  it('notes the votes that a newer answer made void', () => {
    const events = scriptedRun({ agents: 3 });
    const cut = events.findIndex((e) => e.type === 'ballot.cast') + 1;
    const newer = {
      ...event(
        'answer.submitted',
        { turn: 'agent2-t2', label: 'agent2.2', text: 'x', source: 'tool', isCut: false, callId: 'c' },
        'agent2',
      ),
      at: START + 9000,
    };
    const run = storeOf([...events.slice(0, cut), newer as RunEvent]);
    expect(run.timeline.slice(-2).map(({ word, alias, text: words, brief }) => [word, alias, words, brief])).toEqual([
      ['ANSWER', 'agent2', 'agent2.2', undefined],
      ['VOID', 'agent1', 'its vote for agent2.1 is void: agent2.2 is newer', 'agent2.1 void'],
    ]);
  });

  it('orders panes by the numbers in the aliases, not by the config', () => {
    const events = scriptedRun({ agents: 12, until: 'drafting' });
    const [first] = events;
    if (first?.type !== 'run.started') throw new Error('no start');
    const shuffled = { ...first, data: { ...first.data, agents: first.data.agents.toReversed() } };
    expect(storeOf([shuffled]).panes).toEqual(Array.from({ length: 12 }, (_, i) => `agent${i + 1}`));
  });
});
