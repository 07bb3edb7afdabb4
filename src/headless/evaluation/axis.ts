/** For things that are counted: half of it is a whole number too. */
export function evenTop(value: number): number {
  return Math.max(2, 2 * Math.ceil(value / 2));
}

/** The next 1, 2 or 5 with zeros. */
export function niceTop(value: number): number {
  if (value < 1e-9) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** A figure at an axis. */
export function short(value: number): string {
  return value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3)));
}
