import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Redis } from 'ioredis';
import { createRedisRates } from '../../../src/evaluation/dispatch/queue/redis-rates.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import {
  createLocalRates,
  type RateShare,
  type SharedPlace,
  type SharedRates,
} from '../../../src/providers/limits/shared-rates.ts';
import { createManualClock } from '../../providers/manual-clock.ts';
import { HAS_REDIS, startRedis, type RedisServer } from './redis-server.ts';

const HOUR = 3_600_000;
const share = (window: string, partial: Partial<RateShare> = {}): RateShare => ({
  window,
  spanMs: HOUR,
  limit: 2,
  weight: 1,
  maxWaitMs: null,
  ...partial,
});

/** Redis has a clock of its own: what is waited is told in whole minutes, since a test takes less than one. */
function told(place: SharedPlace): string {
  if ('fullForMs' in place) return `full for ${Math.round(place.fullForMs / 60_000)}, ${place.limit} of it`;
  return `wait ${Math.round(place.waitMs / 60_000)}`;
}

describe.runIf(HAS_REDIS)('rate limits of many workers', { timeout: 30_000 }, () => {
  let redis: RedisServer;
  const clients: Redis[] = [];
  const problems: string[] = [];
  beforeAll(async () => {
    redis = await startRedis();
    clients.push(await redis.connect(), await redis.connect());
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await redis.stop();
  });
  /** What two workers book with. */
  const workers = (): [SharedRates, SharedRates] => {
    const rates = clients.map((client) =>
      createRedisRates(client, createRealClock(), (problem) => void problems.push(problem)),
    );
    const [one, other] = rates;
    if (!one || !other) throw new Error('there are two clients');
    return [one, other];
  };

  test('are counted together', async () => {
    const [one, other] = workers();
    const said: string[] = [];
    for (const rates of [one, other, one, other, one]) said.push(told(await rates.book([share('together')])));
    expect(said).toEqual(['wait 0', 'wait 0', 'wait 60', 'wait 60', 'wait 120']);
  });

  test('let nobody have more, however many ask at once', async () => {
    const places = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        workers()[index % 2 === 0 ? 0 : 1].book([share('at once', { limit: 10 })]),
      ),
    );
    const said = places.map((place) => told(place));
    const count = (word: string): number => said.filter((each) => each === word).length;
    expect([0, 60, 120, 180].map((minutes) => count(`wait ${minutes}`))).toEqual([10, 10, 10, 10]);
  });

  test('count what was used instead of what was thought, and nothing for a request that was not made', async () => {
    const [one, other] = workers();
    const tokens = (weight: number): RateShare[] => [share('tokens', { limit: 100, weight })];
    const first = await one.book(tokens(90));
    const second = await one.book(tokens(10));
    if (!('waitMs' in first) || !('waitMs' in second)) throw new Error('no places');
    first.correct('tokens', 20);
    second.release();
    // Sent on the same connection, so it comes after both.
    expect([told(await one.book(tokens(80))), told(await other.book(tokens(1)))]).toEqual(['wait 0', 'wait 60']);
  });

  test('say for how long a window is full that nobody waits for, and book nothing then', async () => {
    const [one, other] = workers();
    const shares = [share('free'), share('full', { limit: 1, maxWaitMs: 1_000 })];
    const said = [told(await one.book(shares)), told(await other.book(shares))];
    said.push(told(await other.book([share('free')])));
    expect(said).toEqual(['wait 0', 'full for 60, 1 of it', 'wait 0']);
  });

  test('tell Redis neither model nor provider, and leave nothing behind for longer than they count', async () => {
    await workers()[0].book([share('openai/gpt-secret requests')]);
    const [client] = clients;
    if (!client) throw new Error('there are two clients');
    const keys = await client.keys('massgen:rate:*');
    const members = await Promise.all(keys.map((key) => client.zrange(key, '0', '-1')));
    const lives = await Promise.all(keys.map((key) => client.pttl(key)));
    expect([...keys, ...members.flat()].filter((text) => /openai|secret/.test(text))).toEqual([]);
    expect(lives.filter((ms) => ms <= 0 || ms > 5 * HOUR)).toEqual([]);
  });

  test('have the places that one process would give', async () => {
    const asked = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 6 }), both: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(asked, async (requests) => {
        round += 1;
        const local = createLocalRates(createManualClock());
        const [there] = workers();
        const here: string[] = [];
        const elsewhere: string[] = [];
        for (const { weight, both } of requests) {
          const shares = [
            share(`${round} tokens`, { limit: 8, weight }),
            ...(both ? [share(`${round} requests`, { limit: 3, spanMs: 2 * HOUR })] : []),
          ];
          here.push(told(await local.book(shares)));
          elsewhere.push(told(await there.book(shares)));
        }
        expect(elsewhere).toEqual(here);
      }),
      { numRuns: 25 },
    );
  });

  test('are kept to by each worker alone while Redis does not answer, which is told once', async () => {
    const silent = { eval: () => new Promise(() => undefined) } as unknown as Redis;
    const clock = { ...createManualClock(), sleep: () => Promise.resolve() };
    const heard: string[] = [];
    const rates = createRedisRates(silent, clock, (problem) => void heard.push(problem));
    const said = [1, 2, 3].map(() => rates.book([share('alone')]).then(told));
    expect([await Promise.all(said), heard]).toEqual([
      ['wait 0', 'wait 0', 'wait 60'],
      ['Redis does not answer, so rate limits are kept to without counting other workers.'],
    ]);
  });

  test('caused no problem', () => expect(problems).toEqual([]));
});
