import type { ToChild } from '../evaluation/dispatch/child-messages.ts';
import { serveParent } from '../evaluation/dispatch/serve-parent.ts';
import type { RunTrial } from '../evaluation/dispatch/dispatcher.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import type { SharedRates } from '../providers/limits/shared-rates.ts';
import { onInterrupt } from '../platform/interrupts.ts';

/** A worker process of `massgen eval run --dispatch child-process`: runs what comes through its channel; as `serveParent`. */
export async function serveOwnParent(createRunner: (rates: SharedRates) => RunTrial): Promise<ExitCode> {
  if (!process.connected) {
    throw new MassgenError('usage', 'massgen worker --ipc is started by "massgen eval run --dispatch child-process".');
  }
  // Ctrl+C reaches every process of the terminal; the parent says what is to end.
  const stopListening = onInterrupt((signal) => {
    if (signal === 'SIGTERM') process.exit(EXIT.interrupted);
  });
  await serveParent(createRunner, {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', (message) => listener(message as ToChild)),
    onEnd: (listener) => {
      process.once('disconnect', listener);
      if (!process.connected) listener();
    },
  });
  stopListening();
  return EXIT.ok;
}
