/** Which of `count` things in a row to keep: at most `most`, evenly spaced, the first and the last among them. */
export function evenlySpaced(count: number, most: number): number[] {
  if (count <= 0 || most <= 0) return [];
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  if (most === 1) return [count - 1];
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)));
}
