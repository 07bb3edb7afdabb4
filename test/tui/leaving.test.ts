import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock } from './fake-clock.ts';
import { drafting, settle, world } from './app-world.ts';

describe('leaving', () => {
  it('says why nothing is to be seen while a team takes its time, and no longer', async () => {
    const ready = Promise.withResolvers<RunHandle>();
    const w = world({ question: 'q', start: () => ready.promise });
    await settle();
    const early = w.app.model.message;
    w.clock.advance(1000);
    const late = w.app.model.message?.text;
    ready.resolve(scriptedHandle(drafting, createFakeClock(), Infinity));
    await settle();
    expect([early, late, w.app.model.message]).toEqual([null, 'starting the team: its tools and folders', null]);
  });

  it('cancels a run that had not begun yet as soon as it has', async () => {
    const clock = createFakeClock();
    const handle = scriptedHandle(drafting, clock, Infinity);
    const ready = Promise.withResolvers<RunHandle>();
    const w = world({ question: 'q', start: () => ready.promise });
    w.keys('ctrl+c');
    ready.resolve(handle);
    await settle();
    expect([handle.commands, w.log]).toEqual([[{ type: 'cancel', by: 'user' }], []]);
  });

  it('quits at once when nothing runs', () => {
    const w = world();
    w.keys('escape', 'q');
    expect(w.log).toEqual(['leave quit']);
  });

  it('types q in the question field', () => {
    const w = world();
    w.keys('q');
    expect([w.log, w.app.model.editor.text]).toEqual([[], 'q']);
  });

  it('cancels a run with q, is back at the prompt, and leaves with the next one outside of it', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    const footer = w.text().split('\n').at(-1);
    w.keys('q');
    await settle();
    expect([w.handles[0]?.commands, w.log, footer?.includes(' q stop ')]).toEqual([
      [{ type: 'cancel', by: 'user' }],
      [],
      true,
    ]);
    w.keys('N', 'e', 'x', 't');
    expect([w.app.model.editor.text, w.app.model.fieldFor]).toEqual(['Next', 'question']);
    w.keys('escape', 'q');
    expect(w.log).toEqual(['leave quit']);
  });

  it.each(['q', 'ctrl+c'])('leaves on the second %s, however long the run takes to stop', async (key) => {
    const seq = drafting.length + 1;
    const [first] = drafting;
    const stopping = [...drafting, { ...first, seq, type: 'run.cancelled', data: { by: 'user' } } as RunEvent];
    const slow: RunHandle = {
      id: 'r',
      dir: '/d',
      subscribe: (listener) => {
        for (const event of stopping) listener(event);
        return () => undefined;
      },
      send: () => undefined,
      ended: new Promise(() => undefined),
    };
    const w = world({ start: () => Promise.resolve(slow), question: 'q' });
    await settle();
    w.clock.advance(60_000);
    w.keys(key);
    expect(w.log).toEqual(['leave interrupted']);
  });

  it('asks before /quit while a run is going, and stays on no', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys(':', 'q', 'u', 'i', 't', 'enter');
    expect(w.text()).toContain('A run is going. Leave and cancel it?');
    w.keys('n');
    expect([w.log, w.app.model.isQuitAsked]).toEqual([[], false]);
  });

  it.each(['q', 'y'])('cancels the run and leaves on %s', async (key) => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys(':', 'q', 'u', 'i', 't', 'enter', key);
    await settle();
    expect([w.log, w.handles[0]?.commands]).toEqual([['leave quit'], [{ type: 'cancel', by: 'user' }]]);
  });

  it('does not wait for ever for a run that does not end', async () => {
    const deaf: RunHandle = {
      id: 'r',
      dir: '/d',
      subscribe: () => () => undefined,
      send: () => undefined,
      ended: new Promise(() => undefined),
    };
    const w = world({ start: () => Promise.resolve(deaf), question: 'q' });
    await settle();
    w.keys(':', 'q', 'u', 'i', 't', 'enter', 'y');
    await settle();
    const before = [...w.log];
    w.clock.advance(2000);
    await settle();
    expect([before, w.log]).toEqual([[], ['leave quit']]);
  });

  it('cancels on Ctrl+C and leaves on the second within two seconds', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('ctrl+c');
    expect([w.handles[0]?.commands, w.log, w.app.model.isRunActive]).toEqual([
      [{ type: 'cancel', by: 'user' }],
      [],
      false,
    ]);
    w.clock.advance(1900);
    w.keys('ctrl+c');
    expect(w.log).toEqual(['leave interrupted']);
  });

  it('quits on Ctrl+C when the run was over for a while', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    w.keys('ctrl+c');
    w.clock.advance(2100);
    w.keys('ctrl+c');
    expect(w.log).toEqual(['leave quit']);
  });

  it('cancels as the signal says', async () => {
    const w = world({ question: 'q', events: drafting });
    await settle();
    await w.app.stopRun('signal');
    expect(w.handles[0]?.commands).toEqual([{ type: 'cancel', by: 'signal' }]);
  });

  it('hears no key after it was left', () => {
    const w = world();
    w.keys('escape', 'q', 'q', 'ctrl+c');
    expect([w.log, w.clock.pending]).toEqual([['leave quit'], 0]);
  });
});
