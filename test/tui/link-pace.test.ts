import { describe, expect, it } from 'vitest';
import { LinkPace, restMs, type LinkLevel } from '../../src/tui/render/link-pace.ts';

/** The levels after frames that took so long, one every 100 ms. */
function levels(writes: readonly number[], isEconomy = false): LinkLevel[] {
  const link = new LinkPace(isEconomy);
  return writes.map((ms, i) => {
    link.note(ms, i * 100);
    return link.level;
  });
}

describe('LinkPace', () => {
  it('leaves a good link alone', () => {
    expect(new Set(levels(Array.from({ length: 50 }, () => 12)))).toEqual(new Set([0]));
  });

  it('takes one slow frame as no sign', () => {
    expect(levels([5, 100, 5, 5])).toEqual([0, 0, 0, 0]);
  });

  it('slows down for a slow link, and more for one that hardly moves', () => {
    expect(levels(Array.from({ length: 12 }, () => 100)).at(-1)).toBe(1);
    expect(levels(Array.from({ length: 12 }, () => 400)).at(-1)).toBe(2);
  });

  it('trusts the link again after three good seconds, not before', () => {
    const seen = levels([...Array.from({ length: 12 }, () => 100), ...Array.from({ length: 60 }, () => 1)]);
    const firstGood = seen.indexOf(0, 12);
    // The average falls below the threshold at the 5th good frame; 3 s later it counts.
    expect([firstGood > 12 + 30, firstGood < 12 + 40, seen.at(-1)]).toEqual([true, true, 0]);
  });

  it('begins its three seconds anew when the link turns bad again', () => {
    const good = Array.from({ length: 25 }, () => 1);
    const bad = Array.from({ length: 12 }, () => 100);
    expect(levels([...bad, ...good, ...bad, ...good]).at(-1)).toBe(1);
  });

  it('is never better than slow in economy', () => {
    expect([new LinkPace(true).level, levels([1, 1], true)]).toEqual([1, [1, 1]]);
    expect(
      levels(
        Array.from({ length: 12 }, () => 400),
        true,
      ).at(-1),
    ).toBe(2);
  });
});

describe('restMs', () => {
  it('lets the panes that are not focused rest longer the worse the link is', () => {
    expect([restMs(0, 4), restMs(0, 16), restMs(1, 4), restMs(2, 4)]).toEqual([0, 60, 120, 245]);
  });

  it('never gets slower where the link is trusted', () => {
    const link = new LinkPace(false, true);
    for (let at = 0; at < 2000; at += 100) link.note(400, at);
    expect(link.level).toBe(0);
  });
});
