/** One measured figure with the limit that it is held against. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** Null where there is nothing to hold it against. */
  limit: number | null;
  note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Runs `once` `runs` times after a warm-up and returns the median of what it returns. */
export async function medianOf(runs: number, once: () => number | Promise<number>): Promise<number> {
  await once();
  const values: number[] = [];
  for (let run = 0; run < runs; run += 1) values.push(await once());
  return median(values);
}

export function print(figures: readonly Figure[]): void {
  for (const { name, value, unit, limit, note } of figures) {
    const verdict = limit === null ? '' : value <= limit ? `ok (at most ${limit})` : `MISSED (at most ${limit})`;
    console.log(
      `${name.padEnd(58)} ${value.toFixed(value < 10 ? 2 : 0).padStart(9)} ${unit.padEnd(4)} ${verdict}${note ? `  ${note}` : ''}`,
    );
  }
}
