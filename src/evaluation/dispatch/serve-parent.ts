import { EXIT, MassgenError, messageOf } from '../../platform/errors.ts';
import type { SharedRates } from '../../providers/limits/shared-rates.ts';
import type { FromChild, ToChild } from './child-messages.ts';
import type { RunTrial } from './dispatcher.ts';
import { ParentRates } from './parent-rates.ts';

/** The channel of a worker process to the process that started it. */
export interface ParentChannel {
  send(message: FromChild): void;
  onMessage(listener: (message: ToChild) => void): void;
  /** Called once, when the parent has let go or has died. */
  onEnd(listener: () => void): void;
}

/**
 * Runs what the parent sends, until it lets go: what runs then is cancelled. `createRunner` is given the rates that the
 * parent counts. Never rejects.
 */
export async function serveParent(
  createRunner: (rates: SharedRates) => RunTrial,
  channel: ParentChannel,
): Promise<void> {
  const rates = new ParentRates((message) => channel.send(message));
  const runTrial = createRunner(rates);
  let stop = new AbortController();
  let working: Promise<void> = Promise.resolve();
  const ended = new Promise<void>((resolve) => channel.onEnd(resolve));
  channel.onMessage((message) => {
    if (message.type === 'booked') return rates.receive(message);
    if (message.type === 'cancel') return stop.abort(new Error('The trial was cancelled.'));
    stop = new AbortController();
    // The parent gives a trial away only when its worker has died.
    const home = { ...message.home, isOurs: () => Promise.resolve(true) };
    working = runTrial(message.trial, stop.signal, home).then(
      (record) => channel.send({ type: 'record', record }),
      (error: unknown) => channel.send(rejected(error)),
    );
  });
  channel.send({ type: 'ready' });
  await ended;
  stop.abort(new Error('The parent is gone.'));
  await working.catch(() => undefined);
}

function rejected(error: unknown): FromChild {
  const isExpected = error instanceof MassgenError;
  return {
    type: 'rejected',
    code: isExpected ? error.code : null,
    exitCode: isExpected ? error.exitCode : EXIT.execution,
    message: messageOf(error),
  };
}
