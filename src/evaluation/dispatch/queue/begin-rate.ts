import type { Redis } from 'ioredis';
import { QUEUE_PREFIX, type TrialJob } from './trial-job.ts';

/** Reserves the next free moment that suits all keys, by the clock of Redis, and returns how many ms it is away. */
const RESERVE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local at = now
for _, key in ipairs(KEYS) do
  at = math.max(at, tonumber(redis.call('GET', key) or '0'))
end
for index, key in ipairs(KEYS) do
  local free = at + tonumber(ARGV[index])
  redis.call('SET', key, string.format('%.3f', free), 'PX', math.ceil(free - now) + 1000)
end
return math.ceil(at - now)`;

/** Takes a turn among all workers. Resolves to the ms until it comes; 0 where nothing is limited. */
export async function reserveTurn(redis: Redis, { evaluation, limits }: TrialJob): Promise<number> {
  if (limits.length === 0) return 0;
  const keys = limits.map(({ type }) => `${QUEUE_PREFIX}:turn:${evaluation}:${type}`);
  return Number(await redis.eval(RESERVE, keys.length, ...keys, ...limits.map(({ everyMs }) => String(everyMs))));
}
