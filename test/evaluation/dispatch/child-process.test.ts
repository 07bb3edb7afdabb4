import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChildProcessDispatcher } from '../../../src/evaluation/dispatch/child-process.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createLocalRates } from '../../../src/providers/limits/shared-rates.ts';
import { trialsThat } from './contract-trials.ts';
import { holdsTheContract, outlivesItsWorkers, type ContractSubject } from './contract.ts';

const CHILD = fileURLToPath(new URL('contract-child.ts', import.meta.url));

describe('trials in child processes', () => {
  const clock = createRealClock();
  const rates = createLocalRates(clock);
  let root = '';
  beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'massgen-contract-'))));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const subject: ContractSubject = {
    root: () => root,
    open: (concurrency) =>
      createChildProcessDispatcher({
        fork: () => fork(CHILD, [root], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] }),
        concurrency,
        clock,
        rates,
      }),
  };
  holdsTheContract(subject);
  outlivesItsWorkers(subject);

  test('say why no worker can be started', async () => {
    const dispatcher = createChildProcessDispatcher({
      fork: () => fork('/nowhere/worker.js', [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] }),
      concurrency: 1,
      clock,
      rates,
    });
    const trials = trialsThat('answer').values();
    const running = dispatcher.run(
      () => trials.next().value ?? null,
      () => Promise.resolve(),
      new AbortController().signal,
    );
    await expect(running).rejects.toThrow(/^A worker process ended before it took a trial\..*Cannot find module/s);
    await dispatcher.close();
  });
});
