import type { Generate } from './case.ts';
import { FINAL_LINE } from './final-line.ts';

/** A grid with walls, and the length of the shortest way through it. There always is one. */
export const gridPathCase: Generate = (random, level) => {
  const size = 4 + level;
  for (;;) {
    const rows = Array.from({ length: size }, (_, y) =>
      Array.from({ length: size }, (__, x) => {
        const isEnd = (x === 0 && y === 0) || (x === size - 1 && y === size - 1);
        return !isEnd && random.next() < 0.3 ? '#' : '.';
      }),
    );
    const steps = shortestPath(rows);
    if (steps === null) continue;
    return {
      question: `In the grid below, "#" is a wall and "." is free. A step goes up, down, left or right to a free cell. How many steps does the shortest way from the top left cell to the bottom right cell take? ${FINAL_LINE}\n\n${rows.map((row) => row.join('')).join('\n')}`,
      check: { type: 'numeric', expected: steps, tolerance: 0 },
    };
  }
};

/** From the first to the last cell; null where no way leads. */
export function shortestPath(rows: readonly (readonly string[])[]): number | null {
  const size = rows.length;
  const seen = new Set(['0,0']);
  let edge: [number, number][] = [[0, 0]];
  for (let steps = 0; edge.length > 0; steps += 1) {
    if (edge.some(([x, y]) => x === size - 1 && y === size - 1)) return steps;
    edge = edge.flatMap(([x, y]) =>
      (
        [
          [x + 1, y],
          [x - 1, y],
          [x, y + 1],
          [x, y - 1],
        ] as [number, number][]
      ).filter(([nextX, nextY]) => {
        const key = `${nextX},${nextY}`;
        if (rows[nextY]?.[nextX] !== '.' || seen.has(key)) return false;
        seen.add(key);
        return true;
      }),
    );
  }
  return null;
}
