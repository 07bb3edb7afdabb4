import { foldEvents } from '../coordination/apply.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { Clock } from '../platform/clock.ts';

/** A recorded run, seen as a run that is going on. It only reads: nothing that is sent to it reaches the log. */
export interface Replay extends RunHandle {
  /** The recorded time that the replay is at; it goes back with `rewind` only. */
  readonly clock: Clock;
  /** All events of the log, in order. */
  readonly events: readonly RunEvent[];
  /** Number of the last event that was played; 0 before the first. */
  readonly at: number;
  /** Events before the one of this number are played at once. */
  readonly from: number;
  readonly isPaused: boolean;
  /** True after the last event, and after `stop`. */
  readonly isOver: boolean;
  /** How many times as fast as it happened; Infinity plays everything at once. */
  speed: number;
  pause(): void;
  play(): void;
  /** Plays the next event at once and stays paused; nothing at the end. */
  step(): void;
  /** Plays everything up to the event of that number at once. */
  skipTo(seq: number): void;
  /**
   * Goes back to that event. Listeners cannot forget what they heard, so all of them are let go: who wants to go on
   * subscribes again, and is told everything up to there at once.
   */
  rewind(seq: number): void;
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

/** What says whether a run has ended; the rest of a log may be long. */
const FRAME: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>(['run.started', 'run.resumed', 'run.finished']);

/**
 * Plays a log at the pace in which it was recorded; it begins with the first subscriber. The time between a crash and
 * the resumption is left out. A `cancel` plays the rest at once. `ended` resolves after the last event, also in a log
 * without an end.
 */
export function createReplay({ events, dir, clock, speed: firstSpeed, from = 1 }: ReplayOptions): Replay {
  const listeners = new Set<(event: RunEvent) => void>();
  const end = Promise.withResolvers<void>();
  let next = 0;
  let speed = firstSpeed;
  let isPaused = false;
  let hasBegun = false;
  let isStopped = false;
  /** The recorded time that it was at `basedAt`, on the wall clock. */
  let base = events[0]?.at ?? clock.now();
  let basedAt = clock.now();
  let cancelTimer = (): void => undefined;

  /** What comes after the end, such as a rating, comes without the time in between. */
  const endSeq = foldEvents(events.filter(({ type }) => FRAME.has(type)))?.end
    ? (events.findLast(({ type }) => type === 'run.finished')?.seq ?? Infinity)
    : Infinity;
  const isOver = (): boolean => isStopped || next >= events.length;
  const now = (): number => {
    const upcoming = events[next];
    if (!hasBegun || isPaused) return base;
    const passed = clock.now() - basedAt;
    // After the last event time goes on, as it does after a live run; a run without an end stands still.
    if (!upcoming) return Number.isFinite(endSeq) ? base + passed : base;
    return Math.max(base, Math.min(upcoming.at, base + passed * Math.min(speed, 1e6)));
  };
  const rebase = (at: number): void => {
    base = at;
    basedAt = clock.now();
  };
  const finish = (): void => {
    cancelTimer();
    end.resolve();
  };
  const emit = (): void => {
    const event = events[next];
    if (!event) return;
    next += 1;
    rebase(event.at);
    for (const listener of listeners) listener(event);
    if (isOver()) finish();
  };
  const emitUntil = (seq: number): void => {
    while (!isOver() && (events[next]?.seq ?? Infinity) <= seq) emit();
  };
  const schedule = (): void => {
    cancelTimer();
    while (hasBegun && !isPaused && !isOver()) {
      const event = events[next];
      const isPause = !event || event.type === 'run.resumed' || event.seq > endSeq;
      const gap = isPause ? 0 : event.at - now();
      if (next > 0 && speed !== Infinity && gap > 0) {
        cancelTimer = clock.after(gap / speed, () => {
          emit();
          schedule();
        });
        return;
      }
      emit();
    }
    if (isOver()) finish();
  };

  const replay: Replay = {
    id: events[0]?.run ?? '',
    dir,
    events,
    from,
    clock: { ...clock, now },
    get speed() {
      return speed;
    },
    set speed(value) {
      rebase(now());
      speed = value;
      schedule();
    },
    get isOver() {
      return isOver();
    },
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
        rebase(base);
        schedule();
      }
      return () => listeners.delete(listener);
    },
    send: (command) => {
      if (command.type === 'cancel') replay.skipTo(Infinity);
    },
    pause: () => {
      rebase(now());
      isPaused = true;
      cancelTimer();
    },
    play: () => {
      rebase(now());
      isPaused = false;
      schedule();
    },
    step: () => {
      replay.pause();
      if (!isOver()) emit();
    },
    skipTo: (seq) => {
      emitUntil(seq);
      schedule();
    },
    rewind: (seq) => {
      cancelTimer();
      listeners.clear();
      next = Math.max(0, events.findLastIndex((event) => event.seq <= seq) + 1);
      rebase(events[Math.max(0, next - 1)]?.at ?? base);
      schedule();
    },
    stop: () => {
      isStopped = true;
      finish();
    },
  };
  return replay;
}

/** The replay that a run is; null for one that is going on. */
export function asReplay(handle: RunHandle): Replay | null {
  return 'rewind' in handle ? (handle as Replay) : null;
}
