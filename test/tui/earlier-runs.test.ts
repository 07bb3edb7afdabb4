import { expect, it } from 'vitest';
import { isDelta } from '../../src/events/event.ts';
import { createReplay } from '../../src/sessions/replay.ts';
import { App } from '../../src/tui/app/app.ts';
import { EarlierRuns } from '../../src/tui/app/earlier-runs.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { RunChoice } from '../../src/tui/ports.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock } from './fake-clock.ts';

it('does not open the list over a run that began while it was read', async () => {
  let model = createModel({ cols: 80, rows: 24, now: 0, ascii: false, team: null, teams: [] });
  const read = Promise.withResolvers<RunChoice[]>();
  const runs = new EarlierRuns({
    ports: { listRuns: () => read.promise },
    model: () => model,
    set: (change) => (model = { ...model, ...change }),
    say: () => undefined,
    slowly: (_words, work) => work(() => undefined),
    open: async () => undefined,
  });
  const listed = runs.list();
  model = { ...model, isStarting: true };
  read.resolve([{ id: 'run-1', when: '2026-11-22 18:21', question: 'Why?', outcome: 'complete', cost: null }]);
  await listed;
  expect(model.runPicker).toBe(null);
});

/** The app with one earlier run of many events, which it is about to open. */
async function opening() {
  const clock = createFakeClock();
  const script = scriptedRun({ agents: 2 });
  const at = script.findIndex(({ type }) => type === 'text.appended');
  const text = script.slice(at, at + 1);
  const events = [...script.slice(0, at), ...Array.from({ length: 5000 }, () => text).flat(), ...script.slice(at)].map(
    (event, i) => ({ ...event, seq: i + 1 }),
  );
  const run: RunChoice = { id: 'run-1', when: '', question: 'Why?', outcome: 'complete', cost: null };
  const team = { name: 'team', agents: [] };
  const model = createModel({ cols: 100, rows: 30, now: clock.now(), ascii: false, team, teams: [] });
  const app = new App(
    { ...model, runPicker: { runs: [run], pick: 0, filter: '' } },
    {
      clock,
      requestFrame: () => undefined,
      start: () => Promise.withResolvers<never>().promise,
      toggleTheme: () => undefined,
      redraw: () => undefined,
      suspend: () => undefined,
      leave: () => undefined,
      ports: { openRun: async () => createReplay({ events, dir: '/r', clock, speed: Infinity }) },
    },
    null,
  );
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  app.handle({ kind: 'key', key: 'enter', text: '' });
  await pass(0);
  return { app, events, pass };
}

it('hears keys while it folds a long run, says how far it is, and shows all of it then', async () => {
  const { app, events, pass } = await opening();
  const before = app.model.run;
  await pass(1000);
  const said = app.model.message?.text;
  for (let i = 0; i < events.length / 500; i++) await pass(0);
  const { run, message, view, isRunActive } = app.model;
  expect([before, said, message]).toEqual([null, 'reading the run, 59 %', null]);
  expect([run?.state?.seq, run?.events.length, view, isRunActive]).toEqual([
    events.length,
    events.filter(({ type }) => !isDelta({ type })).length,
    'final',
    false,
  ]);
});

it('does not show a run over a question that was asked while it was read', async () => {
  const { app, pass } = await opening();
  app.handle({ kind: 'paste', text: 'And now?' });
  app.handle({ kind: 'key', key: 'enter', text: '' });
  await pass(0);
  await pass(0);
  expect([app.model.isStarting, app.model.run?.state?.question]).toEqual([true, undefined]);
});
