import { InvalidArgumentError } from 'commander';
import type { TypeLimit } from '../providers/limits/shared-limiter.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** As it is written on a command line. */
export function limitText({ type, requests, spanMs }: TypeLimit): string {
  const unit = Object.keys(UNIT_MS).find((name) => UNIT_MS[name] === spanMs) ?? '';
  return `${type}=${requests}/${unit}`;
}

/** Reads `openai=30/m`, after the limits that were given before. */
export function typeLimit(text: string, before: readonly TypeLimit[]): TypeLimit[] {
  const [, type, count, unit] = /^([a-z0-9_-]+)=(\d+)\/([smh])$/.exec(text) ?? [];
  const spanMs = UNIT_MS[unit ?? ''];
  const requests = Number(count);
  if (type === undefined || spanMs === undefined || !(requests > 0)) {
    throw new InvalidArgumentError(
      'It must be a backend type, a whole number and a unit of time, such as openai=30/m.',
    );
  }
  return [...before.filter((limit) => limit.type !== type), { type, requests, spanMs }];
}
