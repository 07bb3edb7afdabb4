import { stat } from 'node:fs';
import { expect, it } from 'vitest';
import { createRealClock } from '../../src/platform/clock.ts';

it('runs what is due at once after the caller, but before any timer', async () => {
  const clock = createRealClock();
  const order = await new Promise<string[]>((resolve) => {
    // In a callback of input or output, as keys are, Node's order of what comes next is fixed.
    stat('.', () => {
      const done: string[] = [];
      setTimeout(() => resolve([...done, 'timer']), 1);
      clock.after(0, () => done.push('due'));
      clock.after(-5, () => done.push('overdue'));
      clock.after(0, () => done.push('cancelled'))();
      done.push('caller');
    });
  });
  expect(order).toEqual(['caller', 'due', 'overdue', 'timer']);
});
