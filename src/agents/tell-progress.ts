import type { TurnContext } from './turn-context.ts';

/** A tool may tell every step; the log gets one in this time. */
const PAUSE_MS = 500;
const MAX_MESSAGE = 300;

/** For `onProgress` of one call: what it tells is an event, now and then, until the call's turn is interrupted. */
export function progressTeller(context: TurnContext, callId: string): (message: string) => void {
  const { alias: agent, turn, clock, signal } = context;
  let nextAt = -Infinity;
  return (message) => {
    const now = clock.now();
    if (signal.aborted || now < nextAt || message === '') return;
    nextAt = now + PAUSE_MS;
    const data = { turn, callId, message: message.slice(0, MAX_MESSAGE).toWellFormed() };
    // A log that cannot be written ends the turn at its next event.
    context.record({ type: 'tool.progressed', agent, data }).catch(() => undefined);
  };
}
