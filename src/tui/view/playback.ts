import type { RunEvent } from '../../events/event.ts';
import type { Replay } from '../../sessions/replay.ts';
import type { ActionId } from '../input/keymap.ts';
import { RunStore } from '../store/run-store.ts';

/** A run that is played from its log: the screens show it as it was at one moment. */
export interface Playback {
  replay: Replay;
  /** The program does nothing but play it: no question can be asked. */
  isOnly: boolean;
  /** How long the run had worked at each event, in milliseconds, in their order. */
  times: readonly number[];
  /** What one jumps between, in order. */
  moments: readonly { event: RunEvent; ms: number }[];
  /** The whole run, also what has not been played yet; of a long one at first as much as is folded. */
  whole(): RunStore;
}

/** Whatever brought the decision nearer. */
const MOMENTS: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
  'answer.submitted',
  'ballot.cast',
  'vote.added',
  'answer.vetoed',
  'attempt.started',
  'winner.chosen',
  'answer.presented',
  'run.finished',
]);

/**
 * `folded` is the whole run, where it is known already; else `fold` is called with an empty one when it is asked for the
 * first time.
 */
export function createPlayback(
  replay: Replay,
  isOnly: boolean,
  folded: RunStore | null,
  fold: (whole: RunStore) => void,
): Playback {
  const times: number[] = [];
  let elapsed = 0;
  let before: number | null = null;
  for (const { type, at } of replay.events) {
    // Nobody worked on the run before it was taken up again.
    if (before !== null && type !== 'run.resumed') elapsed += at - before;
    before = at;
    times.push(elapsed);
  }
  const moments = replay.events.flatMap((event, i) => (MOMENTS.has(event.type) ? [{ event, ms: times[i] ?? 0 }] : []));
  let whole = folded;
  return {
    replay,
    isOnly,
    times,
    moments,
    whole: () => {
      if (!whole) fold((whole = new RunStore()));
      return whole;
    },
  };
}

/** Place of the event with that number; −1 before the first. */
export function placeOf({ replay }: Playback, seq: number): number {
  // Numbers have no gaps.
  return seq - (replay.events[0]?.seq ?? 1);
}

/** How long the run had worked at the moment that is shown, in milliseconds. */
export function playedMs(playback: Playback): number {
  const { replay, times } = playback;
  const index = placeOf(playback, replay.at);
  const event = replay.events[index];
  if (!event) return 0;
  const next = times[index + 1] ?? times[index] ?? 0;
  return Math.min(next, (times[index] ?? 0) + Math.max(0, replay.clock.now() - event.at));
}

export function totalMs({ times }: Playback): number {
  return times.at(-1) ?? 0;
}

/** The number of the last event that had happened by then; the first one's at least. */
export function seqAtMs({ replay, times }: Playback, ms: number): number {
  const index = times.findLastIndex((time) => time <= ms);
  return replay.events[Math.max(0, index)]?.seq ?? 1;
}

const FOR_RUN: ReadonlySet<ActionId> = new Set<ActionId>([
  'cancel',
  'answer-now',
  'vote-answer',
  'veto-answer',
  'choose-answer',
  'message',
  'message-all',
  'open-ask',
  'send-back',
]);

/** True for what is said to a run that is going on. */
export function isForLiveRun(action: ActionId): boolean {
  return FOR_RUN.has(action);
}
