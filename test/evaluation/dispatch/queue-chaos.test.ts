import { expect, test } from 'vitest';
import { essence, runChaos } from './chaos.ts';
import { HAS_REDIS, startRedis } from './redis-server.ts';

/** `MASSGEN_CHAOS_CASES=250` is the long form: 500 trials. */
const CASES = Number(process.env['MASSGEN_CHAOS_CASES'] ?? 40);

test.runIf(HAS_REDIS)(
  'every trial is in the report once and as in one process, though workers and Redis are killed and stopped',
  { timeout: 180_000 },
  async () => {
    const redis = await startRedis();
    try {
      const { undisturbed, disturbed, lines, runsPerTrial, done } = await runChaos(redis, CASES);
      expect(done.map((step) => step.replace(/ after \d+$/, ''))).toEqual([
        'kill -9 of a worker',
        'SIGSTOP of the other',
        'kill -9 and restart of Redis',
        'SIGCONT',
      ]);
      expect([lines, new Set(runsPerTrial)]).toEqual([2 * CASES, new Set([1])]);
      expect(disturbed.map(essence)).toEqual(undisturbed.map(essence));
    } finally {
      await redis.stop();
    }
  },
);
