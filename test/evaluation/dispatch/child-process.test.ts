import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createChildProcessDispatcher } from '../../../src/evaluation/dispatch/child-process.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { trialsThat } from './contract-trials.ts';
import { holdsTheContract } from './contract.ts';

const CHILD = fileURLToPath(new URL('contract-child.ts', import.meta.url));

describe('trials in child processes', () => {
  holdsTheContract(
    ({ folder, concurrency }) =>
      Promise.resolve({
        dispatcher: createChildProcessDispatcher({
          fork: () => fork(CHILD, [folder], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] }),
          concurrency,
          clock: createRealClock(),
        }),
      }),
    { canDie: true },
  );

  test('say why no worker can be started', async () => {
    const dispatcher = createChildProcessDispatcher({
      fork: () => fork('/nowhere/worker.js', [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] }),
      concurrency: 1,
      clock: createRealClock(),
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
