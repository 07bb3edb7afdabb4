import type { RunEvent } from '../events/event.ts';

/** How long the run has worked, in milliseconds; the time between a crash or a cancel and its resumption does not count. */
export function spentMs(events: readonly RunEvent[]): number {
  let spent = 0;
  let before: number | undefined;
  for (const { type, at } of events) {
    if (type !== 'run.resumed') spent += at - (before ?? at);
    before = at;
  }
  return spent;
}
