import { describe, expect, it } from 'vitest';
import { DeltaBuffer } from '../../src/agents/delta-buffer.ts';
import type { Clock } from '../../src/platform/clock.ts';

/** A clock whose timers fire when the test says so. */
function manualClock(): { clock: Clock; fire: () => void; pending: () => number } {
  let timers: (() => void)[] = [];
  return {
    clock: {
      now: () => 0,
      sleep: () => Promise.resolve(),
      busy: () => () => undefined,
      after: (_ms, callback) => {
        timers.push(callback);
        return () => (timers = timers.filter((timer) => timer !== callback));
      },
    },
    fire: () => {
      const due = timers;
      timers = [];
      for (const timer of due) timer();
    },
    pending: () => timers.length,
  };
}

describe('a delta buffer', () => {
  const collect = () => {
    const manual = manualClock();
    const emitted: [string, string][] = [];
    return { ...manual, emitted, buffer: new DeltaBuffer(manual.clock, (type, text) => emitted.push([type, text])) };
  };

  it('joins what comes before the timer fires', () => {
    const { buffer, fire, emitted } = collect();
    for (const piece of ['Hel', 'lo ', 'there']) buffer.add('text.appended', piece);
    expect(emitted).toEqual([]);
    fire();
    expect(emitted).toEqual([['text.appended', 'Hello there']]);
  });

  it('gives its text together with all others on the clock, and one that has nothing to give stops no other', () => {
    const { clock, fire, pending } = manualClock();
    const emitted: string[] = [];
    const buffers = ['a', 'b', 'c'].map(() => new DeltaBuffer(clock, (_type, text) => emitted.push(text)));
    for (const [i, buffer] of buffers.entries()) buffer.add('text.appended', `text ${i}`);
    expect(pending()).toBe(1);
    buffers[1]?.flush();
    fire();
    expect(emitted).toEqual(['text 1', 'text 0', 'text 2']);
    buffers[2]?.add('text.appended', 'more');
    expect(pending()).toBe(1);
    buffers[2]?.flush();
    expect(pending()).toBe(0);
  });

  it('keeps text and reasoning apart and in order', () => {
    const { buffer, emitted } = collect();
    buffer.add('reasoning.appended', 'hm');
    buffer.add('text.appended', 'so');
    buffer.add('reasoning.appended', 'well');
    buffer.flush();
    expect(emitted).toEqual([
      ['reasoning.appended', 'hm'],
      ['text.appended', 'so'],
      ['reasoning.appended', 'well'],
    ]);
  });

  it('does not wait once much has come', () => {
    const { buffer, emitted } = collect();
    buffer.add('text.appended', 'x'.repeat(2_000));
    expect(emitted).toEqual([['text.appended', 'x'.repeat(2_000)]]);
  });

  it('leaves no timer behind', () => {
    const { buffer, pending } = collect();
    buffer.add('text.appended', 'x');
    buffer.flush();
    expect(pending()).toBe(0);
  });

  it('emits nothing for nothing', () => {
    const { buffer, emitted, pending } = collect();
    buffer.add('text.appended', '');
    buffer.flush();
    expect({ emitted, pending: pending() }).toEqual({ emitted: [], pending: 0 });
  });
});
