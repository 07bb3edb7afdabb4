import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/events/random.ts';
import { randomHex, randomSeed } from '../../src/platform/entropy.ts';

const draw = (seed: number | string, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('seededRandom', () => {
  it('repeats the sequence of a seed', () => {
    expect(draw(7, 20)).toEqual(draw(7, 20));
  });

  it('takes a number and its decimal text for the same seed', () => {
    expect(draw(7, 5)).toEqual(draw('7', 5));
  });

  it('keeps its sequence for ever, because logs record only the seed', () => {
    const random = seededRandom(42);
    expect(Array.from({ length: 8 }, () => random.int(1000))).toEqual([607, 153, 238, 437, 63, 716, 23, 320]);
  });

  it('gives neighbouring seeds unrelated first numbers', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => seededRandom(seed).int(10));
    const counts = Array.from({ length: 10 }, (_, digit) => firsts.filter((first) => first === digit).length);
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(50);
  });

  it('spreads evenly over [0, 1)', () => {
    const numbers = draw('spread', 10_000);
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
    const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  it('draws whole numbers within bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, n) => {
        const drawn = seededRandom(seed).int(n);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n).toBe(true);
      }),
    );
  });

  it.each([0, -1, 1.5, NaN, 2 ** 32 + 1])('refuses to draw a whole number below %s', (n) => {
    expect(() => seededRandom(1).int(n)).toThrow(RangeError);
  });

  it('picks one of the items', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer(), { minLength: 1 }), (seed, items) => {
        expect(items).toContain(seededRandom(seed).pick(items));
      }),
    );
  });

  it('refuses to pick from nothing', () => {
    expect(() => seededRandom(1).pick([])).toThrow(RangeError);
  });

  it('shuffles to a permutation and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, items) => {
        const before = [...items];
        const shuffled = seededRandom(seed).shuffle(items);
        expect(items).toEqual(before);
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
      }),
    );
  });

  it('reaches every order of three items about equally often', () => {
    const random = seededRandom('orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i += 1) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('forks by name, whatever was drawn before', () => {
    const fresh = seededRandom(3).fork('aliases');
    const used = seededRandom(3);
    used.next();
    const late = used.fork('aliases');
    expect([late.next(), late.next()]).toEqual([fresh.next(), fresh.next()]);
  });

  it('gives forks of other names other sequences', () => {
    const root = seededRandom(3);
    const firsts = [root, root.fork('a'), root.fork('b'), root.fork('a').fork('b'), root.fork('a/1:b')].map((r) =>
      r.next(),
    );
    expect(new Set(firsts).size).toBe(firsts.length);
  });
});

describe('entropy', () => {
  it('gives seeds that are whole numbers of 32 bits and differ', () => {
    const seeds = Array.from({ length: 50 }, randomSeed);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
    expect(new Set(seeds).size).toBeGreaterThan(45);
  });

  it('gives hexadecimal text of the length asked for', () => {
    expect(randomHex(6)).toMatch(/^[0-9a-f]{12}$/);
    expect(randomHex(6)).not.toBe(randomHex(6));
  });
});
