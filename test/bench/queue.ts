import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createRedisRates } from '../../src/evaluation/dispatch/queue/redis-rates.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { essence, runChaos } from '../evaluation/dispatch/chaos.ts';
import { trialsThat, type Behaviour } from '../evaluation/dispatch/contract-trials.ts';
import { dispatcherOn, startWorkers } from '../evaluation/dispatch/queue-harness.ts';
import { HAS_REDIS, startRedis, type RedisServer } from '../evaluation/dispatch/redis-server.ts';
import type { Figure } from './measure.ts';

const MB = 1_048_576;

/** The queue of evaluations on a real Redis that writes every change to the disk, with two worker processes. */
export async function benchQueue(folder: string): Promise<Figure[]> {
  if (!HAS_REDIS) return [];
  const redis = await startRedis();
  try {
    return [...(await chaos(redis)), ...(await throughput(redis, folder)), ...(await control(redis, folder))];
  } finally {
    await redis.stop();
  }
}

async function chaos(redis: RedisServer): Promise<Figure[]> {
  const { undisturbed, disturbed, lines, runsPerTrial, seconds, done } = await runChaos(redis, 250);
  const differing = disturbed.filter((record, i) => {
    const other = undisturbed[i];
    return !other || !isDeepStrictEqual(essence(record), essence(other));
  });
  console.log(done.map((step) => `  ${step} trials`).join('\n'));
  return [
    {
      name: 'queue: lines in the report of 500 trials under kill, stop and restart',
      value: lines,
      limit: 500,
      unit: '',
    },
    { name: 'queue: records that differ from those of one process', value: differing.length, limit: 0, unit: '' },
    {
      name: 'queue: trials with more than one run',
      value: runsPerTrial.filter((n) => n !== 1).length,
      limit: 0,
      unit: '',
    },
    { name: 'queue: 500 trials in one process', value: seconds.undisturbed, unit: 's', limit: null },
    { name: 'queue: 500 trials by two workers, disturbed', value: seconds.disturbed, unit: 's', limit: null },
  ];
}

async function throughput(redis: RedisServer, folder: string): Promise<Figure[]> {
  const herd = await startWorkers(2, { folder, address: redis.address, leaseMs: 10_000 });
  const dispatcher = dispatcherOn(redis, 64);
  const client = await redis.connect();
  try {
    const trials = trialsThat(...Array.from({ length: 10_000 }, (): Behaviour => 'answer')).values();
    let done = 0;
    let heapAt1000 = 0;
    let waiting = 0;
    const begun = performance.now();
    await dispatcher.run(
      () => trials.next().value ?? null,
      async () => {
        done += 1;
        if (done === 1_000) heapAt1000 = heap();
        if (done % 500 === 0) waiting = Math.max(waiting, await client.llen('massgen:trials:wait'));
      },
      new AbortController().signal,
    );
    const seconds = (performance.now() - begun) / 1_000;
    const grown = (heap() - heapAt1000) / MB;
    const used = Number(/used_memory_peak:(\d+)/.exec(await client.info('memory'))?.[1] ?? 0) / MB;
    return [
      { name: 'queue: trials without work per second, of 10,000', value: done / seconds, unit: '/s', limit: null },
      { name: 'queue: heap grown from trial 1,000 to 10,000', value: grown, limit: 20, unit: 'MB' },
      { name: 'queue: most trials that waited in Redis at once', value: waiting, limit: 64, unit: '' },
      { name: 'queue: most memory of Redis', value: used, limit: 100, unit: 'MB' },
    ];
  } finally {
    client.disconnect();
    await dispatcher.close();
    await herd.stop();
  }
}

async function control(redis: RedisServer, folder: string): Promise<Figure[]> {
  const herd = await startWorkers(2, { folder: join(folder), address: redis.address, leaseMs: 10_000 });
  const hanging = dispatcherOn(redis, 4);
  const clients = [await redis.connect(), await redis.connect()];
  try {
    const rates = clients.map((client) => createRedisRates(client, createRealClock(), () => undefined));
    const share = { window: 'bench', spanMs: 1_000, limit: 10, weight: 1, maxWaitMs: null };
    const askedAt = performance.now();
    const waits: number[] = [];
    for (let request = 0; request < 400; request += 1) {
      const place = await rates[request % 2]?.book([share]);
      // When it may be made, on one clock for all.
      if (place && 'waitMs' in place) waits.push(performance.now() - askedAt + place.waitMs);
    }
    const bookMs = (performance.now() - askedAt) / 400;
    const rate = (waits.length - 10) / ((waits.at(-1) ?? 0) / 1_000);
    const stop = new AbortController();
    const hang = trialsThat('hang', 'hang', 'hang', 'hang').map((trial) => ({
      ...trial,
      item: { ...trial.item, id: `hang-${trial.item.id}` },
    }));
    const left = hang.values();
    const running = hanging.run(
      () => left.next().value ?? null,
      () => Promise.resolve(),
      stop.signal,
    );
    while (!hang.every(({ item }) => existsSync(join(folder, item.id)))) await new Promise((r) => setTimeout(r, 5));
    const cancelledAt = performance.now();
    stop.abort(new Error('enough'));
    await running;
    return [
      { name: 'queue: requests per second of two workers where 10 are allowed', value: rate, limit: 10.5, unit: '/s' },
      { name: 'queue: time to book a place for a request', value: bookMs, limit: 20, unit: 'ms' },
      {
        name: 'queue: cancel until four trials on two workers have stopped',
        value: performance.now() - cancelledAt,
        limit: 1_000,
        unit: 'ms',
      },
    ];
  } finally {
    await hanging.close();
    for (const client of clients) client.disconnect();
    await herd.stop();
  }
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
