import { describe, expect, it } from 'vitest';
import { MassgenError } from '../../src/platform/errors.ts';
import { shownRuns } from '../../src/tui/view/run-picker-view.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock } from './fake-clock.ts';
import { drafting, settle, world } from './app-world.ts';

describe('earlier runs', () => {
  const earlier = scriptedRun({ agents: 3, question: 'earlier' });
  const choice = { id: 'run-9', when: '2026-11-22 18:21', question: 'earlier', outcome: 'answered', cost: null };

  it('open from a list, and are not what the program gives back', async () => {
    const opened: string[] = [];
    const clock = createFakeClock();
    const w = world({
      ports: {
        listRuns: () => Promise.resolve([{ ...choice, id: 'run-8' }, choice]),
        openRun: (id) => {
          opened.push(id);
          return Promise.resolve(scriptedHandle(earlier, clock, Infinity));
        },
      },
    });
    w.keys('escape', 'O');
    await settle();
    expect(w.text()).toContain('2026-11-22 18:21  earlier');
    w.keys('j', 'enter');
    await settle();
    expect([opened, w.app.model.view, w.app.model.isRunActive, w.app.lastFinal, w.app.lastOutcome]).toEqual([
      ['run-9'],
      'final',
      false,
      null,
      null,
    ]);
  });

  it('without an end are no run that goes on', async () => {
    const clock = createFakeClock();
    const handle = { ...scriptedHandle(drafting, clock, Infinity), ended: Promise.resolve() };
    const w = world({ ports: { listRuns: () => Promise.resolve([choice]), openRun: () => Promise.resolve(handle) } });
    w.keys('escape', 'O');
    await settle();
    w.keys('enter');
    await settle();
    expect([w.app.model.view, w.app.model.isRunActive]).toEqual(['panes', false]);
  });

  it('are found by words', async () => {
    const opened: string[] = [];
    const w = world({
      ports: {
        listRuns: () => Promise.resolve([choice, { ...choice, id: 'other', question: 'Paint the shed' }]),
        openRun: (id) => {
          opened.push(id);
          return Promise.reject(new MassgenError('x', 'no'));
        },
      },
    });
    w.keys('escape', 'O');
    await settle();
    w.keys('/');
    w.type('shed');
    w.keys('enter');
    const shown = shownRuns(w.app.model.runPicker ?? { runs: [], pick: 0, filter: '' }).map(({ id }) => id);
    w.keys('enter');
    await settle();
    expect([shown, opened]).toEqual([['other'], ['other']]);
  });

  it('that cannot be read say why, and none is said too', async () => {
    const w = world({
      ports: {
        listRuns: () => Promise.resolve([choice]),
        openRun: () => Promise.reject(new MassgenError('x', 'It is torn.')),
      },
    });
    w.keys('escape', 'O');
    await settle();
    w.keys('enter');
    await settle();
    const torn = w.app.model.message?.text;
    const none = world();
    none.keys('escape', 'O');
    await settle();
    expect([torn, none.app.model.message?.text]).toEqual(['It is torn.', 'There is no earlier run in this folder.']);
  });

  it('wait for the run that is going', async () => {
    const w = world({ question: 'q', events: drafting, ports: { listRuns: () => Promise.resolve([choice]) } });
    await settle();
    w.keys('O');
    await settle();
    expect([w.app.model.runPicker, w.app.model.message?.tone]).toEqual([null, 'info']);
  });
});
