import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawLot } from '../../src/voting/lot.ts';

const winnerOf = (seed: number, count: number): number => {
  const draws = Array.from({ length: count }, (_, index) => drawLot(seed, index));
  return draws.indexOf(Math.min(...draws));
};

// Pinned: other numbers would decide the ties of recorded runs in another way.
it('draws the same number for the same seed and index in every version', () => {
  expect([drawLot(1, 0), drawLot(1, 1), drawLot(2, 0)]).toEqual([721207551, 790633702, 1059860895]);
});

it('gives every candidate about the same chance over neighbouring seeds', () => {
  const wins = [0, 0, 0];
  for (let seed = 0; seed < 3000; seed++) wins[winnerOf(seed, 3)]! += 1;
  expect(wins.every((count) => count > 900 && count < 1100)).toBe(true);
});

it('lets the upper half of a wide seed matter', () => {
  const draws = Array.from({ length: 8 }, (_, high) => drawLot(high * 2 ** 32, 0));
  expect(new Set(draws).size).toBe(8);
});

it('returns unsigned 32-bit integers', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat({ max: 50 }), (seed, index) => {
      const draw = drawLot(seed, index);
      expect(draw).toBe(draw >>> 0);
    }),
  );
});
