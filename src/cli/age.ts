import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Reads a time such as `36h`, `30d` or `2w`; a plain number is days. In milliseconds. */
export function age(text: string): number {
  const [, number = '', unit = 'd'] = /^(\d+(?:\.\d+)?)([hdw])?$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (number === '' || !(ms > 0))
    throw new InvalidArgumentError('It must be a time above zero, such as 36h, 30d or 2w.');
  return ms;
}
