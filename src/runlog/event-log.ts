import { encodeEvent } from '../events/codec.ts';
import type { EventDraft, RunEvent } from '../events/event.ts';
import { isDelta } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import type { LogWriter } from './log-writer.ts';
import type { Redactor } from './redact.ts';
import { createStreamGuard } from './stream-guard.ts';
import type { RunLog } from './run-log.ts';

/** A run's log as this room makes it. */
export interface WritableRunLog extends RunLog {
  /**
   * Text of this model call that was held back because it may be the beginning of a secret. Append what comes back
   * before the call's `request.finished` or `request.failed`, so that the streamed text is complete. Usually empty.
   */
  releaseHeld(request: string): EventDraft[];
}

export interface EventLogOptions {
  runId: string;
  dir: string;
  epoch: number;
  attempt: number;
  /** Number and time of the last event in the log; zeros for an empty one. */
  last: { seq: number; at: number };
  clock: Clock;
  redact: Redactor;
  writer: LogWriter;
}

/** Gives events their number, their time and their redaction, the only place where that happens. */
export function createEventLog(options: EventLogOptions): WritableRunLog {
  const { runId, dir, epoch, clock, writer } = options;
  let { attempt } = options;
  const guard = createStreamGuard(options.redact);
  let { seq, at } = options.last;

  return {
    runId,
    dir,
    epoch,
    append: (draft) => {
      const clean = guard.filter(draft);
      // A clock that is set back must not make anything last less than no time.
      const time = Math.max(at, clock.now());
      const event = {
        v: 1,
        seq: seq + 1,
        at: time,
        run: runId,
        attempt,
        epoch,
        ...(clean.agent === undefined ? {} : { agent: clean.agent }),
        ...(clean.cause === undefined ? {} : { cause: clean.cause }),
        type: clean.type,
        data: clean.data,
      } as RunEvent;
      const line = encodeEvent(event);
      seq += 1;
      at = time;
      return { event, committed: writer.write(line, seq, !isDelta(event)) };
    },
    releaseHeld: (request) => guard.release(request),
    beginAttempt: (next) => {
      attempt = next;
    },
    close: () => writer.close(),
  };
}
