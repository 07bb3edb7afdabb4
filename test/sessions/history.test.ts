import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { encodeEvent } from '../../src/events/codec.ts';
import type { Exchange } from '../../src/events/exchange.ts';
import { exchangeOf, readHistory, shorten } from '../../src/sessions/history.ts';
import { eventsOf, started, wholeRun } from './told-events.ts';

const said = (length: number): Exchange => ({ question: 'q', answer: 'x'.repeat(length), outcome: 'answered' });
const lengths = (history: Exchange[]): number[] => history.map(({ answer }) => answer?.length ?? 0);

describe('what was said in a session', () => {
  it('are the questions and final answers of its runs, as far as they can be read', async () => {
    const root = await mkdtemp(join(tmpdir(), 'massgen-history-'));
    try {
      const cutOff = eventsOf(started({ question: 'And?' }));
      for (const [name, events] of [
        ['a', wholeRun()],
        ['b', cutOff],
      ] as const) {
        await mkdir(join(root, name));
        await writeFile(join(root, name, 'run.jsonl'), events.map(encodeEvent).join(''));
      }
      const runs = ['a', 'gone', 'b'].map((run, startedAt) => ({ run, dir: join(root, run), startedAt }));
      const history = await readHistory({ id: 's', name: null, createdAt: 0, cwd: root, parent: null, runs });
      expect(history).toEqual([
        { question: 'Why?', answer: 'The end.', outcome: 'answered' },
        { question: 'And?', answer: null, outcome: 'unfinished' },
      ]);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it('has what agents had handed in and voted for, where there is no final answer', () => {
    const upTo = wholeRun().findIndex(({ type }) => type === 'answer.presented');
    const state = foldEvents(wholeRun().slice(0, upTo));
    if (!state) throw new Error('no state');
    expect(exchangeOf(state)).toEqual({
      question: 'Why?',
      answer: null,
      outcome: 'unfinished',
      left: [
        { by: 'ann', text: 'First of ann.', votedFor: 'bob', isWinner: false },
        { by: 'bob', text: 'Second of bob.', votedFor: 'bob', isWinner: true },
      ],
    });
  });

  it('cuts what older turns have left to its beginning as well', () => {
    const left = [{ by: 'ann', text: 'x'.repeat(5000), votedFor: null, isWinner: false }];
    const [first] = shorten([{ question: 'q', answer: null, outcome: 'cancelled', left }, said(10)], 1000);
    expect(first?.left?.map(({ text }) => text.length)).toEqual([614]);
  });

  it('has the user’s comment on changed files, and what of them was not accepted', () => {
    const changes = {
      label: 'agent1.1',
      base: '/home/me',
      patch: 'p',
      files: ['a.txt', 'b.txt'].map((path) => ({
        path,
        change: 'modified' as const,
        added: 1,
        removed: 0,
        isBinary: false,
      })),
      state: 'decided' as const,
      accepted: ['a.txt'],
      comment: 'b is too long',
    };
    const state = foldEvents(wholeRun());
    if (!state) throw new Error('no state');
    expect(exchangeOf({ ...state, changes }).review).toBe(
      'Accepted: a.txt. Not accepted: b.txt. The user said: b is too long',
    );
    expect(exchangeOf({ ...state, changes: { ...changes, accepted: [] } }).review).toBe(
      'None of the changed files was accepted. The user said: b is too long',
    );
  });

  it('is cut from its beginning when it is too long, and never at its end', () => {
    expect(lengths(shorten([said(5000), said(5000), said(5000)], 12_000))).toEqual([614, 5000, 5000]);
    expect(lengths(shorten([said(5000), said(5000)], 100))).toEqual([614, 5000]);
    expect(lengths(shorten([said(5000)], 12_000))).toEqual([5000]);
  });
});
