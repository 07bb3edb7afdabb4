import { describe, expect, it } from 'vitest';
import { createSlowly } from '../../src/tui/app/slow-work.ts';
import { createFakeClock } from './fake-clock.ts';

function world() {
  const clock = createFakeClock();
  const said: string[] = [];
  const slowly = createSlowly({
    clock,
    say: (_tone, text) => void said.push(text),
    clearMessage: () => void said.push('(gone)'),
  });
  return { clock, said, slowly };
}

describe('work that may take long', () => {
  it('says so after a second, with how far it is, and no longer than it takes', async () => {
    const { clock, said, slowly } = world();
    const { promise, resolve } = Promise.withResolvers<string>();
    let tell: (share: number) => void = () => undefined;
    const done = slowly('reading the run', (onPart) => {
      tell = onPart;
      return promise;
    });
    tell(0.1);
    clock.advance(999);
    expect(said).toEqual([]);
    clock.advance(1);
    tell(0.425);
    resolve('all');
    expect([await done, said, clock.pending]).toEqual([
      'all',
      ['reading the run, 10 %', 'reading the run, 42 %', '(gone)'],
      0,
    ]);
  });

  it('leaves no word of it where it fails after a while', async () => {
    const { clock, said, slowly } = world();
    const { promise, reject } = Promise.withResolvers<string>();
    const done = slowly('reading the run', () => promise);
    clock.advance(1000);
    reject(new Error('no'));
    await expect(done).rejects.toThrow('no');
    expect(said).toEqual(['reading the run', '(gone)']);
  });

  it('says nothing where it is quick, or fails', async () => {
    const { clock, said, slowly } = world();
    await slowly('one', async () => 1);
    await expect(slowly('two', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    clock.advance(5_000);
    expect([said, clock.pending]).toEqual([[], 0]);
  });
});
