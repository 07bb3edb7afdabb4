import { describe } from 'vitest';
import { createInProcessDispatcher } from '../../../src/evaluation/dispatch/in-process.ts';
import { contractRunner } from './contract-trials.ts';
import { holdsTheContract } from './contract.ts';

describe('trials in this process', () => {
  holdsTheContract(
    ({ folder, concurrency }) =>
      Promise.resolve({ dispatcher: createInProcessDispatcher(contractRunner(folder), concurrency) }),
    { canDie: false },
  );
});
