import { describe, expect, test, vi } from 'vitest';
import { createIdleWatchdog } from '../../../src/providers/wire/idle-watchdog.ts';
import { createManualClock } from '../manual-clock.ts';

describe('createIdleWatchdog', () => {
  test('rings once, after the whole silence and no sooner', () => {
    const clock = createManualClock();
    const onIdle = vi.fn<() => void>();
    const watchdog = createIdleWatchdog(clock, 100, onIdle);
    clock.advance(60);
    watchdog.touch();
    clock.advance(99);
    expect(onIdle).not.toHaveBeenCalled();
    clock.advance(1);
    clock.advance(1_000);
    expect(onIdle).toHaveBeenCalledTimes(1);
  });

  test('does not count while it is paused, and begins anew after that', () => {
    const clock = createManualClock();
    const onIdle = vi.fn<() => void>();
    const watchdog = createIdleWatchdog(clock, 100, onIdle);
    watchdog.pause();
    clock.advance(1_000);
    watchdog.resume();
    clock.advance(99);
    expect(onIdle).not.toHaveBeenCalled();
    clock.advance(1);
    expect(onIdle).toHaveBeenCalledTimes(1);
  });

  test('takes a shorter limit at once', () => {
    const clock = createManualClock();
    const onIdle = vi.fn<() => void>();
    createIdleWatchdog(clock, 10_000, onIdle).limit(10);
    clock.advance(10);
    expect(onIdle).toHaveBeenCalledTimes(1);
  });

  test('leaves no timer behind', () => {
    const clock = createManualClock();
    const watchdog = createIdleWatchdog(clock, 100, () => undefined);
    watchdog.stop();
    watchdog.resume();
    watchdog.limit(5);
    expect(clock.pending).toBe(0);
  });
});
