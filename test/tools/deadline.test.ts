import { expect, test } from 'vitest';
import { Deadline } from '../../src/tools/commands/deadline.ts';
import { createManualClock } from '../providers/manual-clock.ts';

function started(): { clock: ReturnType<typeof createManualClock>; deadline: Deadline; ends: number[] } {
  const clock = createManualClock();
  const ends: number[] = [];
  return { clock, ends, deadline: new Deadline(clock, 100, () => ends.push(clock.now())) };
}

test('a limit ends after its time', () => {
  const { clock, ends } = started();
  clock.advance(500);
  expect(ends).toEqual([100]);
});

test('time in which it is paused does not count, however often', () => {
  const { clock, ends, deadline } = started();
  for (let round = 0; round < 3; round += 1) {
    clock.advance(30);
    deadline.pause();
    deadline.pause();
    clock.advance(1_000);
    deadline.resume();
  }
  clock.advance(9);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([3_100]);
});

test('one that stays paused leaves no timer', () => {
  const { clock, deadline } = started();
  deadline.pause();
  expect(clock.pending).toBe(0);
});
