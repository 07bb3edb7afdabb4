import { afterAll, beforeAll, describe } from 'vitest';
import { holdsTheContract } from './contract.ts';
import { dispatcherOn, startWorkers } from './queue-harness.ts';
import { HAS_REDIS, startRedis, type RedisServer } from './redis-server.ts';

describe.runIf(HAS_REDIS)('trials in a queue', { timeout: 60_000 }, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  holdsTheContract(
    async ({ folder, concurrency }) => {
      const herd = await startWorkers(2, { folder, address: redis.address });
      return { dispatcher: dispatcherOn(redis, concurrency), end: () => herd.stop() };
    },
    { canDie: true },
  );
});
