import { foldEvents } from '../coordination/apply.ts';
import { commandEvents } from '../coordination/step-in.ts';
import type { RunEvent } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import { MassgenError } from '../platform/errors.ts';
import { adoptRunLog } from '../runlog/open-run-log.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { createRedactor } from '../runlog/redact.ts';

export type Rating = 'up' | 'down' | null;

/**
 * Writes what the user thinks of the answer to the log of a run that has ended; null takes it back. The log is opened and
 * closed again for it, and its run stays ended. Resolves with the event, or with null where the rating is that already.
 * Rejects with a MassgenError where the run goes on (whoever works on it would be cut off), has no answer, or its log
 * cannot be written.
 */
export async function rateAnswer(dir: string, rating: Rating, clock: Clock): Promise<RunEvent | null> {
  const state = foldEvents(await readAll(dir));
  if (!state?.end)
    throw new MassgenError('not-over', `The run in ${dir} has not ended, so only its own screen can rate it.`);
  if (!state.final) throw new MassgenError('no-answer', `The run in ${dir} gave no answer that could be rated.`);
  if (state.rating === rating) return null;
  // Nothing of a rating can be a secret.
  const { log, events } = await adoptRunLog(dir, { clock, redact: createRedactor({ secrets: [] }) });
  try {
    // Somebody may have rated it, or gone on with it, meanwhile.
    const now = foldEvents(events);
    const [draft] = now?.end ? commandEvents(now, { type: 'rate', rating }, '') : [];
    if (!draft) return null;
    const { event, committed } = log.append(draft);
    await committed;
    return event;
  } finally {
    await log.close();
  }
}
