import type { Clock } from '../../platform/clock.ts';
import type { Tone } from '../store/blocks.ts';

/** What takes no longer needs no word. */
const SLOW_MS = 1000;

/** Work that may take long; `onPart` is told how much of it is done, 0 … 1, where that is known. */
export type SlowWork<T> = (onPart: (share: number) => void) => Promise<T>;

/** Does work, and says so while it takes longer than a moment. Rejects as the work does. */
export type Slowly = <T>(words: string, work: SlowWork<T>) => Promise<T>;

/** The words go when the work is done. */
export function createSlowly(host: {
  clock: Clock;
  say: (tone: Tone, text: string, isBrief: boolean) => void;
  clearMessage: () => void;
}): Slowly {
  return async (words, work) => {
    let percent = '';
    let isTold = false;
    const tell = (): void => {
      isTold = true;
      host.say('info', `${words}${percent}`, false);
    };
    const stopWaiting = host.clock.after(SLOW_MS, tell);
    try {
      return await work((share) => {
        percent = `, ${Math.floor(share * 100)} %`;
        if (isTold) tell();
      });
    } finally {
      stopWaiting();
      if (isTold) host.clearMessage();
    }
  };
}
