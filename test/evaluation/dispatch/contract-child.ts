import type { ToChild } from '../../../src/evaluation/dispatch/child-messages.ts';
import { serveParent } from '../../../src/evaluation/dispatch/serve-parent.ts';
import { contractRunner } from './contract-trials.ts';

/** A worker process of the contract tests. */
await serveParent((rates) => contractRunner(process.argv[2] ?? '', rates), {
  send: (message) => process.send?.(message),
  onMessage: (listener) => process.on('message', (message) => listener(message as ToChild)),
  onEnd: (listener) => process.once('disconnect', listener),
});
