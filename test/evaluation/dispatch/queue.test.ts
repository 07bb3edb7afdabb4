import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { holdsTheContract, outlivesItsWorkers, type ContractSubject } from './contract.ts';
import { dispatcherOn, startWorkers, type Herd } from './queue-harness.ts';
import { HAS_REDIS, startRedis, type RedisServer } from './redis-server.ts';

describe.runIf(HAS_REDIS)('trials in a queue', { timeout: 60_000 }, () => {
  let redis: RedisServer;
  let herd: Herd;
  let root = '';
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'massgen-contract-'));
    redis = await startRedis();
    herd = await startWorkers(2, { folder: root, address: redis.address });
  });
  afterAll(async () => {
    await herd.stop();
    await redis.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const subject: ContractSubject = { root: () => root, open: (concurrency) => dispatcherOn(redis, concurrency) };
  holdsTheContract(subject);
  outlivesItsWorkers(subject);
});
