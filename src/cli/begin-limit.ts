import { InvalidArgumentError } from 'commander';

/** How far apart trials begin that use a backend type. */
export interface BeginLimit {
  type: string;
  everyMs: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `openai=30/m`, after the limits that were given before. */
export function beginLimit(text: string, before: readonly BeginLimit[]): BeginLimit[] {
  const [, type, count, unit] = /^([a-z0-9_-]+)=(\d+(?:\.\d+)?)\/([smh])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (type === undefined || unitMs === undefined || !(Number(count) > 0)) {
    throw new InvalidArgumentError('It must be a backend type, a number and a unit of time, such as openai=30/m.');
  }
  return [...before.filter((limit) => limit.type !== type), { type, everyMs: unitMs / Number(count) }];
}
