/**
 * Repeatable randomness. Everything that a run decides by chance is drawn from one recorded seed through this, so
 * the same log gives the same run. Not for secrets: fences and ids use the platform's entropy.
 */
export interface Random {
  /** Evenly spread over [0, 1). */
  next(): number;
  /** A whole number from 0 to `n - 1`. Throws a RangeError unless `n` is a whole number from 1 to 2^32. */
  int(n: number): number;
  /** One of the items. Throws a RangeError when there are none. */
  pick<T>(items: readonly T[]): T;
  /** A new array with the same items in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /**
   * A generator of its own that depends on the seed and the names only, not on what was drawn before. So one more
   * draw in one place does not change the others.
   */
  fork(name: string): Random;
}

/** Equal seeds give equal sequences; the number 7 and the string '7' are the same seed. */
export function seededRandom(seed: number | string): Random {
  const key = String(seed);
  const next = sfc32(hash128(key));
  const int = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new RangeError(`no whole number below ${n}`);
    return Math.floor(next() * n);
  };
  return {
    next,
    int,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[int(items.length)] as T;
    },
    shuffle: <T>(items: readonly T[]): T[] => {
      const result = [...items];
      for (let last = result.length - 1; last > 0; last -= 1) {
        const other = int(last + 1);
        const moved = result[last] as T;
        result[last] = result[other] as T;
        result[other] = moved;
      }
      return result;
    },
    // The length keeps ('a', 'b/c') and ('a/b', 'c') apart.
    fork: (name) => seededRandom(`${key}/${name.length}:${name}`),
  };
}

type Words = [number, number, number, number];

/** Four different FNV-1a hashes with a final mix: enough to start a generator from, no more. */
function hash128(text: string): Words {
  const words: Words = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    words[0] = Math.imul(words[0] ^ code, 0x01000193);
    words[1] = Math.imul(words[1] ^ code, 0x85ebca77);
    words[2] = Math.imul(words[2] ^ code, 0xc2b2ae3d);
    words[3] = Math.imul(words[3] ^ code, 0x27d4eb2f);
  }
  return words.map((word) => {
    const mixed = Math.imul(word ^ (word >>> 16), 0x7feb352d);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }) as Words;
}

/** Chris Doty-Humphrey's "small fast counter" with 32-bit words; passes PractRand. */
function sfc32([a, b, c, counter]: Words): () => number {
  const step = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  // The first numbers still show how similar two seeds were.
  for (let i = 0; i < 12; i += 1) step();
  return () => step() / 2 ** 32;
}
