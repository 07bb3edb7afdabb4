import { describe, expect, it } from 'vitest';
import { FrameScheduler } from '../../src/tui/render/scheduler.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

function make(isCalm = false): {
  clock: FakeClock;
  scheduler: FrameScheduler;
  frames: number[];
  writer: { isBusy: boolean };
} {
  const clock = createFakeClock(0);
  const frames: number[] = [];
  const writer = { isBusy: false };
  const scheduler = new FrameScheduler(clock, {
    draw: () => frames.push(clock.now()),
    isBusy: () => writer.isBusy,
    isCalm,
  });
  return { clock, scheduler, frames, writer };
}

describe('FrameScheduler', () => {
  it('draws at once after a rest, and many requests once', () => {
    const { clock, scheduler, frames } = make();
    for (let i = 0; i < 100; i++) scheduler.request('data');
    clock.advance(100);
    expect(frames).toEqual([0]);
  });

  it('keeps 33 ms between frames under a stream of data', () => {
    const { clock, scheduler, frames } = make();
    for (let t = 0; t < 100; t++) {
      scheduler.request('data');
      clock.advance(1);
    }
    clock.advance(50);
    expect(frames).toEqual([0, 33, 66, 99, 132]);
  });

  it('answers a key at once, however short ago data was drawn', () => {
    const { clock, scheduler, frames } = make();
    scheduler.request('data');
    clock.advance(5);
    scheduler.request('data');
    scheduler.request('input');
    clock.advance(100);
    expect(frames).toEqual([0, 5]);
  });

  it('keeps 16 ms between two answers to keys', () => {
    const { clock, scheduler, frames } = make();
    for (let i = 0; i < 4; i++) {
      scheduler.request('input');
      clock.advance(5);
    }
    clock.advance(100);
    expect(frames).toEqual([0, 16]);
  });

  it('has no timer when nothing is asked', () => {
    const { clock, scheduler } = make();
    scheduler.request('data');
    clock.advance(1000);
    expect(clock.pending).toBe(0);
  });

  it('waits for the writer and goes on when it is free', () => {
    const { clock, scheduler, frames, writer } = make();
    writer.isBusy = true;
    scheduler.request('input');
    clock.advance(500);
    expect([frames, clock.pending]).toEqual([[], 0]);
    writer.isBusy = false;
    scheduler.resume();
    clock.advance(1);
    expect(frames).toEqual([500]);
  });

  it('does not draw on resume when nothing was asked', () => {
    const { clock, scheduler, frames } = make();
    scheduler.resume();
    clock.advance(100);
    expect(frames).toEqual([]);
  });

  it('draws data slowly and keys fast with reduced motion', () => {
    const { clock, scheduler, frames } = make(true);
    scheduler.request('data');
    clock.advance(10);
    scheduler.request('data');
    clock.advance(100);
    expect(frames).toEqual([0]);
    scheduler.request('input');
    clock.advance(1);
    expect(frames).toEqual([0, 110]);
  });

  it('draws nothing after it was stopped', () => {
    const { clock, scheduler, frames } = make();
    scheduler.request('data');
    scheduler.stop();
    scheduler.request('data');
    clock.advance(100);
    expect([frames, clock.pending]).toEqual([[], 0]);
  });
});
