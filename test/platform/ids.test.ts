import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRunId, isRunId } from '../../src/platform/ids.ts';

test('an id is the time in UTC and four drawn letters', () => {
  expect(createRunId(Date.UTC(2026, 10, 22, 17, 15, 1), () => 0)).toBe('20261122-171501-aaaa');
  expect(createRunId(Date.UTC(2026, 0, 2, 3, 4, 5), (limit) => limit - 1)).toBe('20260102-030405-9999');
});

test('ids sort by their time', () => {
  const time = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [early, late] = [Math.min(a, b), Math.max(a, b) + 1_000];
      expect(createRunId(early) < createRunId(late)).toBe(true);
    }),
  );
});

test('every id is one, and a safe name', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2200, 0) }), (at) => {
      expect(isRunId(createRunId(at))).toBe(true);
    }),
  );
});

test.each([
  '',
  '../../etc',
  '20261122-171501',
  '20261122-171501-AAAA',
  '20261122-171501-aaaa\n',
  'x20261122-171501-aaaa',
])('%j is no id', (text) => {
  expect(isRunId(text)).toBe(false);
});

test('ids of one second differ', () => {
  const ids = Array.from({ length: 50 }, () => createRunId(0));
  expect(new Set(ids).size).toBeGreaterThan(45);
});
