import type { Clock } from '../../platform/clock.ts';

/** Notices silence. It runs from its creation on and fires at most once. */
export interface IdleWatchdog {
  /** Something came from the server. */
  touch(): void;
  /** The reader is busy with what it got: silence does not count until `resume`. */
  pause(): void;
  resume(): void;
  /** From now on this much silence is enough. */
  limit(ms: number): void;
  stop(): void;
}

export function createIdleWatchdog(clock: Clock, idleMs: number, onIdle: () => void): IdleWatchdog {
  let allowedMs = idleMs;
  let last = clock.now();
  let cancel: (() => void) | null = null;
  let isStopped = false;
  let isPaused = false;

  // One timer is moved when it rings instead of at every touch or pause: there may be thousands in a second.
  const arm = (ms: number): void => {
    cancel = clock.after(ms, () => {
      if (isPaused) return arm(allowedMs);
      const restMs = allowedMs - (clock.now() - last);
      if (restMs > 0) return arm(restMs);
      isStopped = true;
      onIdle();
    });
  };
  const disarm = (): void => {
    cancel?.();
    cancel = null;
  };
  arm(allowedMs);
  return {
    touch: () => {
      last = clock.now();
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      last = clock.now();
    },
    limit: (ms) => {
      allowedMs = ms;
      if (isStopped || cancel === null) return;
      disarm();
      arm(ms);
    },
    stop: () => {
      isStopped = true;
      disarm();
    },
  };
}
