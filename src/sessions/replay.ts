import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { Clock } from '../platform/clock.ts';

/** A recorded run, seen as a run that is going on. It only reads: nothing that is sent to it reaches the log. */
export interface Replay extends RunHandle {
  /** The recorded time that the replay is at. Never goes back. */
  readonly clock: Clock;
  /** Number of the last event that was played; 0 before the first. */
  readonly at: number;
  readonly isPaused: boolean;
  pause(): void;
  play(): void;
  /** Plays the next event at once and stays paused; nothing at the end. */
  step(): void;
  /** Plays everything up to the event of that number at once. To go back, make another replay with `from`. */
  skipTo(seq: number): void;
  /** Ends the replay where it is. */
  stop(): void;
}

export interface ReplayOptions {
  /** All events of the log, in order. */
  events: readonly RunEvent[];
  /** The run's folder. */
  dir: string;
  /** The wall clock. */
  clock: Clock;
  /** How many times as fast as it happened; Infinity plays everything at once. */
  speed: number;
  /** Events before this one are played at once; 1 unless told. */
  from?: number;
}

/**
 * Plays a log at the pace in which it was recorded; it begins with the first subscriber. The time between a crash and
 * the resumption is left out. A `cancel` plays the rest at once. `ended` resolves after the last event, also in a log
 * without an end.
 */
export function createReplay({ events, dir, clock, speed, from = 1 }: ReplayOptions): Replay {
  const listeners = new Set<(event: RunEvent) => void>();
  const end = Promise.withResolvers<void>();
  let next = 0;
  let isPaused = false;
  let hasBegun = false;
  let isOver = false;
  let playedAt = clock.now();
  let cancelTimer = (): void => undefined;

  const recordedAt = (): number => events[Math.max(0, next - 1)]?.at ?? clock.now();
  const now = (): number => {
    const last = recordedAt();
    const upcoming = events[next];
    if (!hasBegun || isPaused) return last;
    // After the last event time goes on, as it does after a live run; a run without an end stands still.
    if (!upcoming) return events.at(-1)?.type === 'run.finished' ? last + (clock.now() - playedAt) : last;
    return Math.max(last, Math.min(upcoming.at, last + (clock.now() - playedAt) * Math.min(speed, 1e6)));
  };
  const finish = (): void => {
    isOver = true;
    cancelTimer();
    end.resolve();
  };
  const emit = (): void => {
    const event = events[next];
    if (!event) return;
    next += 1;
    playedAt = clock.now();
    for (const listener of listeners) listener(event);
    if (next >= events.length) finish();
  };
  const emitUntil = (seq: number): void => {
    while (!isOver && (events[next]?.seq ?? Infinity) <= seq) emit();
  };
  const schedule = (): void => {
    cancelTimer();
    if (!hasBegun || isPaused || isOver) return;
    const event = events[next];
    if (!event) return finish();
    const gap = event.type === 'run.resumed' ? 0 : event.at - recordedAt();
    if (next === 0 || speed === Infinity || gap <= 0) {
      emit();
      return schedule();
    }
    cancelTimer = clock.after(gap / speed, () => {
      emit();
      schedule();
    });
  };

  const replay: Replay = {
    id: events[0]?.run ?? '',
    dir,
    clock: { ...clock, now },
    get at() {
      return events[next - 1]?.seq ?? 0;
    },
    get isPaused() {
      return isPaused;
    },
    ended: end.promise,
    subscribe: (listener) => {
      for (const event of events.slice(0, next)) listener(event);
      listeners.add(listener);
      if (!hasBegun) {
        hasBegun = true;
        emitUntil(from - 1);
        schedule();
      }
      return () => listeners.delete(listener);
    },
    send: (command) => {
      if (command.type === 'cancel') replay.skipTo(Infinity);
    },
    pause: () => {
      isPaused = true;
      cancelTimer();
    },
    play: () => {
      isPaused = false;
      playedAt = clock.now();
      schedule();
    },
    step: () => {
      replay.pause();
      if (!isOver) emit();
    },
    skipTo: (seq) => {
      emitUntil(seq);
      schedule();
    },
    stop: finish,
  };
  return replay;
}
