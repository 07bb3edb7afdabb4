import { connectRedis, readRedisAddress } from '../../../src/evaluation/dispatch/queue/connect-redis.ts';
import { startQueueWorker } from '../../../src/evaluation/dispatch/queue/queue-worker.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { contractRunner } from './contract-trials.ts';

/** A queue worker of the contract tests, in a process of its own. */
const [folder = '', address = '', lease = ''] = process.argv.slice(2);
await startQueueWorker({
  connect: () => connectRedis(readRedisAddress(address)),
  concurrency: 2,
  leaseMs: Number(lease),
  clock: createRealClock(),
  name: `worker-${process.pid}`,
  runnerOf: (_, rates) => Promise.resolve(contractRunner(folder, rates)),
  onProblem: () => undefined,
});
process.send?.('ready');
process.once('disconnect', () => process.exit());
