import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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
  const limited = dispatcherOn(redis, 64, { limits: [{ type: 'scripted', everyMs: 100 }] });
  const hanging = dispatcherOn(redis, 4);
  try {
    const times: number[] = [];
    const trials = trialsThat(...Array.from({ length: 41 }, (): Behaviour => 'answer')).values();
    await limited.run(
      () => trials.next().value ?? null,
      () => {
        times.push(performance.now());
        return Promise.resolve();
      },
      new AbortController().signal,
    );
    const rate = (times.length - 1) / (((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000);
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
      { name: 'queue: trials begun per second where 10 are allowed', value: rate, limit: 11, unit: '/s' },
      {
        name: 'queue: cancel until four trials on two workers have stopped',
        value: performance.now() - cancelledAt,
        limit: 1_000,
        unit: 'ms',
      },
    ];
  } finally {
    await Promise.all([limited.close(), hanging.close()]);
    await herd.stop();
  }
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
