import { describe, expect, it } from 'vitest';
import process from 'node:process';
import { Surface } from '../../src/tui/widgets/surface.ts';

describe('Surface', () => {
  it('keeps blessed away from the process: no signal, no exit, no key is listened to', () => {
    const events = ['exit', 'uncaughtException', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGWINCH'];
    const count = (): number[] => [
      ...events.map((event) => process.listenerCount(event)),
      process.stdin.listenerCount('data'),
    ];
    const before = count();
    const surface = new Surface(80, 24);
    surface.invalidate();
    expect(count()).toEqual(before);
  });
});
