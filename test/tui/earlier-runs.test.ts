import { expect, it } from 'vitest';
import { EarlierRuns } from '../../src/tui/app/earlier-runs.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { RunChoice } from '../../src/tui/ports.ts';

it('does not open the list over a run that began while it was read', async () => {
  let model = createModel({ cols: 80, rows: 24, now: 0, ascii: false, team: null, teams: [] });
  const read = Promise.withResolvers<RunChoice[]>();
  const runs = new EarlierRuns({
    ports: { listRuns: () => read.promise },
    model: () => model,
    set: (change) => (model = { ...model, ...change }),
    say: () => undefined,
    slowly: (_words, work) => work(() => undefined),
    show: () => undefined,
  });
  const listed = runs.list();
  model = { ...model, isStarting: true };
  read.resolve([{ id: 'run-1', when: '2026-11-22 18:21', question: 'Why?', outcome: 'complete', cost: null }]);
  await listed;
  expect(model.runPicker).toBe(null);
});
