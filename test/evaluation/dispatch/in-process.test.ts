import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createInProcessDispatcher } from '../../../src/evaluation/dispatch/in-process.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createLocalRates } from '../../../src/providers/limits/shared-rates.ts';
import { contractRunner } from './contract-trials.ts';
import { holdsTheContract } from './contract.ts';

/** A trial that ends this process ends the evaluation, which goes on when it is started again: see run-suite.test.ts. */
describe('trials in this process', () => {
  let root = '';
  beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'massgen-contract-'))));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  holdsTheContract({
    root: () => root,
    open: (concurrency) =>
      createInProcessDispatcher(contractRunner(root, createLocalRates(createRealClock())), concurrency),
  });
});
