import type { Random } from '../events/random.ts';

/** A word for fences that none of the texts contains, so that none can close its own fence. */
export function drawBoundary(random: Random, texts: readonly string[]): string {
  for (;;) {
    const word = random
      .int(36 ** 5)
      .toString(36)
      .padStart(5, '0');
    if (!texts.some((text) => text.includes(word))) return word;
  }
}
