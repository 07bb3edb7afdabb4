import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grown } from '../../src/events/grown.ts';

test('is the sum of its parts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3000 })), (pieces) => {
      expect(pieces.reduce(grown, '')).toBe(pieces.join(''));
    }),
  );
});

test('takes the room of the text, not of the pieces it came in', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  const before = getHeapStatistics().used_heap_size;
  let text = '';
  for (let i = 0; i < 100_000; i++) text = grown(text, `word${i % 10} `);
  gc();
  const used = getHeapStatistics().used_heap_size - before;
  // As a plain sum it would be more than five times as much.
  expect(used / text.length).toBeLessThan(2);
});
