import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../../../platform/clock.ts';
import { randomHex } from '../../../platform/entropy.ts';
import {
  createLocalRates,
  type RateShare,
  type SharedPlace,
  type SharedRates,
} from '../../../providers/limits/shared-rates.ts';
import { QUEUE_PREFIX } from './trial-job.ts';

/** How long Redis may take before a request is counted by this process alone, so that a lost queue stops no run. */
const PATIENCE_MS = 2_000;

/**
 * Books one place in all windows, as `SlidingWindow` does, by the clock of Redis. A window is a sorted set of bookings by
 * their time; a member is an id and its weight. Returns the ms to wait and the time of the place, or -1, the ms for which
 * a window is full that nobody waits for, and the number of that share.
 */
const BOOK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local shares = {}
for index, key in ipairs(KEYS) do
  local first = 1 + (index - 1) * 4
  local share = { span = tonumber(ARGV[first + 1]), limit = tonumber(ARGV[first + 2]),
    weight = tonumber(ARGV[first + 3]), patience = tonumber(ARGV[first + 4]), times = {}, weights = {}, total = 0 }
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - share.span)
  local kept = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for at = 1, #kept, 2 do
    local weight = tonumber(string.match(kept[at], ' (%d+)$'))
    share.times[#share.times + 1] = tonumber(kept[at + 1])
    share.weights[#share.weights + 1] = weight
    share.total = share.total + weight
  end
  shares[index] = share
end
local function earliest(share, from)
  local times, used = share.times, share.total
  local at = math.max(from, times[#times] or from)
  for index, booked in ipairs(times) do
    if booked > at - share.span then
      if used + share.weight <= share.limit then break end
      at = math.max(at, booked + share.span)
    end
    used = used - share.weights[index]
  end
  return at
end
for index, share in ipairs(shares) do
  local wait = earliest(share, now) - now
  if share.patience >= 0 and wait > share.patience then return { -1, wait, index } end
end
local at, moved = now, true
while moved do
  moved = false
  for _, share in ipairs(shares) do
    local next = earliest(share, at)
    if next > at then at, moved = next, true end
  end
end
for index, share in ipairs(shares) do
  redis.call('ZADD', KEYS[index], at, ARGV[1] .. ' ' .. share.weight)
  redis.call('PEXPIRE', KEYS[index], at - now + share.span + 1000)
end
return { at - now, at }`;

/**
 * Counts requests for all workers on the same Redis. What stands there is when requests were made and their tokens, under
 * a hash of the provider and its model: no key, no address, no text. Where Redis does not answer, requests are
 * counted by this process alone, which is told once.
 */
export function createRedisRates(redis: Redis, clock: Clock, onProblem: (message: string) => void): SharedRates {
  const alone = createLocalRates(clock);
  let isTold = false;
  return {
    async book(shares) {
      const booked = await withinPatience(bookThere(redis, shares), clock);
      if (booked) {
        isTold = false;
        return booked;
      }
      if (!isTold) onProblem('Redis does not answer, so rate limits are kept to without counting other workers.');
      isTold = true;
      return alone.book(shares);
    },
  };
}

async function bookThere(redis: Redis, shares: readonly RateShare[]): Promise<SharedPlace> {
  const id = randomHex(8);
  const keys = shares.map(({ window }) => keyOf(window));
  const args = shares.flatMap(({ spanMs, limit, weight, maxWaitMs }) => [spanMs, limit, weight, maxWaitMs ?? -1]);
  const [waitMs = 0, at = 0, full = 0] = (await redis.eval(BOOK, keys.length, ...keys, id, ...args)) as number[];
  if (waitMs < 0) return { fullForMs: at, limit: shares[full - 1]?.limit ?? 0 };
  const weights = new Map(shares.map(({ window, weight }) => [window, weight]));
  /** Beside the run, which does not wait for it; a booking that cannot be mended ends by itself. */
  const replace = (window: string, weight: number | null): void => {
    const before = weights.get(window);
    if (before === undefined) return;
    const change = redis.multi().zrem(keyOf(window), `${id} ${before}`);
    if (weight !== null) change.zadd(keyOf(window), at, `${id} ${weight}`);
    change.exec().catch(() => undefined);
    if (weight !== null) weights.set(window, weight);
  };
  return {
    waitMs,
    correct: replace,
    release: () => {
      for (const { window } of shares) replace(window, null);
    },
  };
}

function keyOf(window: string): string {
  return `${QUEUE_PREFIX}:rate:${createHash('sha256').update(window).digest('hex').slice(0, 32)}`;
}

/** Null when it took too long or went wrong; what is booked later on then ends by itself. */
async function withinPatience<T>(work: Promise<T>, clock: Clock): Promise<T | null> {
  const enough = new AbortController();
  const none = clock.sleep(PATIENCE_MS, enough.signal).then(
    () => null,
    () => null,
  );
  try {
    return await Promise.race([work.catch(() => null), none]);
  } finally {
    enough.abort();
  }
}
