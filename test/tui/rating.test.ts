import { describe, expect, it } from 'vitest';
import type { EventDraft, RunEvent } from '../../src/events/event.ts';
import { askWorld, settle, type AskWorld } from './asking-run.ts';

const FINAL: EventDraft[] = [
  {
    type: 'answer.submitted',
    agent: 'agent2',
    data: { turn: 'agent2-t1', label: 'agent2.1', text: 'Lock it.', source: 'tool', isCut: false, callId: null },
  },
  {
    type: 'winner.chosen',
    data: { label: 'agent2.1', rule: 'override', scores: [], tie: null, ballots: 0, reason: 'You chose it.' },
  },
  { type: 'answer.presented', data: { text: 'Lock it.', source: 'presenter', mode: 'present', notice: null } },
];
const END: EventDraft = { type: 'run.finished', data: { outcome: 'answered', reason: 'done' } };

interface Rated extends AskWorld {
  rated: unknown[];
}

async function finished(): Promise<Rated> {
  const rated: unknown[] = [];
  const world = await askWorld(undefined, {
    ports: {
      rate: async (dir, rating) => {
        rated.push([dir, rating]);
        const data = { label: 'agent2.1', rating };
        return { v: 1, seq: 999, at: 0, run: 'run-0001', attempt: 1, epoch: 2, type: 'answer.rated', data } as RunEvent;
      },
    },
  });
  world.handle.emit(...FINAL, END);
  // The field for the next question has the keys.
  if (world.app.model.isEditing) world.keys('escape');
  return { ...world, rated };
}

describe('the final answer', () => {
  it('is rated while the run goes on', async () => {
    const w = await askWorld();
    w.handle.emit(...FINAL);
    w.keys('+');
    await settle();
    expect([w.handle.commands, w.text().includes('rated good')]).toEqual([[{ type: 'rate', rating: 'up' }], true]);
  });

  it('is rated by a command with a word, too', async () => {
    const w = await askWorld();
    w.handle.emit(...FINAL);
    w.keys('i');
    w.type('/rate down');
    w.keys('enter');
    await settle();
    expect(w.handle.commands).toEqual([{ type: 'rate', rating: 'down' }]);
  });

  it('is rated after the end, by the log of the run, and shown as rated; the same key takes it back', async () => {
    const w = await finished();
    w.keys('-');
    await settle();
    const shown = w.text().includes('- rated bad');
    w.keys('-');
    await settle();
    expect([shown, w.rated, w.handle.commands]).toEqual([
      true,
      [
        ['/tmp/run-0001', 'down'],
        ['/tmp/run-0001', null],
      ],
      [],
    ]);
  });

  it('is rated by a click, and from every screen by the palette', async () => {
    const w = await finished();
    w.click('+ good');
    await settle();
    w.keys('escape', ':');
    w.type('rate-down');
    w.keys('enter');
    await settle();
    expect(w.rated).toEqual([
      ['/tmp/run-0001', 'up'],
      ['/tmp/run-0001', 'down'],
    ]);
  });

  it('says why where it cannot be rated', async () => {
    const w = await askWorld(undefined, { ports: {} });
    w.handle.emit(...FINAL, END);
    w.keys('+');
    await settle();
    expect(w.text()).toContain('Answers cannot be rated from here.');
  });
});
