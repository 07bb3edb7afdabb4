import { expect, test } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunOutcome } from '../../src/events/event.ts';
import { exitCodeOf } from '../../src/headless/exit-code.ts';
import { started, toldRun } from './told-run.ts';

test.each<[RunOutcome, number]>([
  ['answered', 0],
  ['failed', 2],
  ['timed-out', 3],
  ['cancelled', 4],
])('a run that ended as %s exits with %i', (outcome, code) => {
  const run = toldRun();
  run.tell(started, { type: 'run.finished', data: { outcome, reason: '' } });
  expect(exitCodeOf(foldEvents(run.events))).toBe(code);
});

test('a run that did not end, or did not begin, has failed', () => {
  const run = toldRun();
  run.tell(started);
  expect(exitCodeOf(foldEvents(run.events))).toBe(2);
  expect(exitCodeOf(null)).toBe(2);
});
