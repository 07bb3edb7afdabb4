import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { createReplay, type ReplayOptions } from '../../src/sessions/replay.ts';
import { createFakeClock } from '../tui/fake-clock.ts';
import { eventsOf, started, STARTED_AT, wholeRun } from './told-events.ts';

/** A replay with what it has told so far. */
function watched(options: Partial<ReplayOptions> = {}) {
  const clock = createFakeClock();
  const events = options.events ?? wholeRun();
  const replay = createReplay({ events, dir: '/run', clock, speed: 1, ...options });
  const told: number[] = [];
  replay.subscribe((event) => told.push(event.seq));
  return { clock, replay, told, events };
}

const upTo = (seq: number): number[] => Array.from({ length: seq }, (_, i) => i + 1);

describe('a replay', () => {
  it('tells the events at the pace in which they happened', () => {
    const { clock, told } = watched();
    expect(told).toEqual([1]);
    clock.advance(2999);
    expect(told).toEqual(upTo(3));
    clock.advance(1);
    expect(told).toEqual(upTo(4));
  });

  it('is as many times faster as it is told', () => {
    const { clock, told } = watched({ speed: 4 });
    clock.advance(1000);
    expect(told).toEqual(upTo(5));
  });

  it('plays everything at once at the highest speed, and ends', async () => {
    const { told, replay, events } = watched({ speed: Infinity });
    await replay.ended;
    expect(told).toEqual(events.map((event) => event.seq));
  });

  it('can begin in the middle, and pause, step and skip', () => {
    const { clock, told, replay } = watched({ from: 10 });
    expect(told).toEqual(upTo(9));
    replay.pause();
    clock.advance(60_000);
    replay.step();
    expect([told.length, replay.isPaused, replay.at]).toEqual([10, true, 10]);
    replay.skipTo(20);
    replay.play();
    clock.advance(1000);
    expect(told).toEqual(upTo(21));
  });

  it('lives in the time of the recording', () => {
    const { clock, replay } = watched();
    expect(replay.clock.now()).toBe(STARTED_AT);
    clock.advance(1400);
    expect(replay.clock.now()).toBe(STARTED_AT + 1400);
    replay.skipTo(20);
    expect(replay.clock.now()).toBe(STARTED_AT + 19_000);
    replay.pause();
    clock.advance(5000);
    expect(replay.clock.now()).toBe(STARTED_AT + 19_000);
  });

  it('leaves out the time in which nobody worked on the run', () => {
    const [first, ...rest] = eventsOf(started(), { type: 'run.resumed', data: { epoch: 2 } });
    const events = [first, ...rest.map((event) => ({ ...event, at: event.at + 86_400_000 }))] as RunEvent[];
    expect(watched({ events }).told).toEqual([1, 2]);
  });

  it('comes to its end when it is cancelled, and ends where it is when it is stopped', async () => {
    const cancelled = watched();
    cancelled.replay.send({ type: 'cancel', by: 'user' });
    await cancelled.replay.ended;
    expect(cancelled.told).toHaveLength(cancelled.events.length);
    const stopped = watched();
    stopped.replay.stop();
    await stopped.replay.ended;
    stopped.clock.advance(60_000);
    expect(stopped.told).toEqual([1]);
  });

  it('tells a listener that comes late what it has missed', () => {
    const { clock, replay } = watched();
    clock.advance(5000);
    const late: number[] = [];
    replay.subscribe((event) => late.push(event.seq));
    expect(late).toEqual(upTo(6));
  });
});
