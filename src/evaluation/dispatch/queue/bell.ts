import type { Clock } from '../../../platform/clock.ts';

/** Lets one waiter go on when it is rung, or when the time is over. */
export interface Bell {
  ring(): void;
  /** Resolves at once when it was rung since the last wait. */
  wait(ms: number): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let isRung = false;
  let wake = (): void => undefined;
  return {
    ring() {
      isRung = true;
      wake();
    },
    async wait(ms) {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const stop = clock.after(ms, resolve);
          wake = () => {
            stop();
            resolve();
          };
        });
      }
      isRung = false;
    },
  };
}
