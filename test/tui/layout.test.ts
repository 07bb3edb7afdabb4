import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rect } from '../../src/tui/view/frame.ts';
import { isTooSmall, layoutBody, railWidth } from '../../src/tui/view/layout.ts';
import { formatClock, formatCost, formatCount, formatDuration, plural } from '../../src/tui/view/format.ts';
import { clipLine, lineText, lineWidth, spread } from '../../src/tui/view/line.ts';

const body = (width: number, height: number): Rect => ({ x: 0, y: 1, width, height });
const shape = (width: number, height: number, agents: number): string => {
  const layout = layoutBody(body(width, height), agents, false);
  if (layout.kind !== 'grid') return layout.kind;
  const rows = new Set(layout.panes.map((pane) => pane.y)).size;
  return `${layout.panes.filter((pane) => pane.y === 1).length}x${rows}`;
};

describe('layoutBody', () => {
  it.each([
    [80, 21, 1, 'zoom'],
    [80, 21, 2, '1x2'],
    [80, 21, 3, '2x2'],
    [80, 21, 4, '2x2'],
    [80, 21, 8, '2x4'],
    [80, 21, 9, 'list'],
    [80, 21, 16, 'list'],
    [120, 37, 8, '2x4'],
    [200, 47, 16, '4x4'],
    [152, 47, 2, '2x1'],
    [152, 47, 3, '3x1'],
    [152, 47, 4, '2x2'],
    [244, 97, 2, '2x1'],
    [58, 14, 4, 'tabs'],
    [40, 8, 16, 'tabs'],
  ])('%ix%i for %i agents: %s', (width, height, agents, expected) => {
    expect(shape(width, height, agents)).toBe(expected);
  });

  it('gives every agent a pane, wastes no cell and lets none overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 300 }),
        fc.integer({ min: 8, max: 90 }),
        fc.integer({ min: 2, max: 16 }),
        (width, height, agents) => {
          const layout = layoutBody(body(width, height), agents, false);
          if (layout.kind !== 'grid') return;
          const cells = new Uint8Array(width * height);
          for (const rect of [...layout.panes, ...layout.separators]) {
            for (let y = rect.y - 1; y < rect.y - 1 + rect.height; y++)
              for (let x = rect.x; x < rect.x + rect.width; x++) cells[y * width + x]! += 1;
          }
          expect(layout.panes.length).toBe(agents);
          expect(cells.every((count) => count === 1)).toBe(true);
          expect(layout.panes.every((pane) => pane.width >= 30 && pane.height >= 5)).toBe(true);
        },
      ),
    );
  });

  it('leaves room for the rail where it does not hurt', () => {
    expect([
      railWidth(80, 24, 2),
      railWidth(120, 40, 6),
      railWidth(120, 40, 7),
      railWidth(200, 50, 16),
      railWidth(200, 15, 2),
    ]).toEqual([0, 36, 0, 48, 0]);
  });

  it('knows when nothing fits', () => {
    expect([isTooSmall(40, 10), isTooSmall(39, 10), isTooSmall(40, 9)]).toEqual([false, true, true]);
  });
});

describe('figures', () => {
  it('are short and plain', () => {
    expect([formatClock(0), formatClock(221_900), formatClock(3_727_000), formatClock(-5)]).toEqual([
      '00:00',
      '03:41',
      '1:02:07',
      '00:00',
    ]);
    expect([0, 999, 1000, 1234, 9999, 184_212, 999_600, 2_100_000].map(formatCount)).toEqual([
      '0',
      '999',
      '1k',
      '1.2k',
      '10k',
      '184k',
      '1M',
      '2.1M',
    ]);
    expect([
      formatCost({ usd: 0.834, isComplete: true }),
      formatCost({ usd: 0.834, isComplete: false }),
      formatCost({ usd: 0, isComplete: false }),
      formatCost({ usd: 0.0012, isComplete: true }),
      formatCost({ usd: 0, isComplete: true }),
      formatCost({ usd: 0.000_01, isComplete: false }),
    ]).toEqual(['$0.83', '$0.83+', 'price unknown', '$0.0012', '$0.00', '<$0.0001+']);
    expect([
      formatDuration(400),
      formatDuration(12_400),
      formatDuration(200_000),
      plural(1, 'vote'),
      plural(2, 'vote'),
    ]).toEqual(['0.4 s', '12 s', '3 min 20 s', '1 vote', '2 votes']);
  });
});

describe('lines', () => {
  const line = (...texts: string[]): { text: string; style: number }[] => texts.map((text) => ({ text, style: 0 }));

  it.each([
    [['abc', 'def'], 6, 'abcdef'],
    [['abc', 'def'], 5, 'abcd…'],
    [['abc', 'def'], 3, 'ab…'],
    [['abc', 'def'], 4, 'abc…'],
    [['日本', '語'], 5, '日本…'],
    [['abc'], 0, ''],
  ])('%j in %i columns is %s', (texts, width, expected) => {
    expect(lineText(clipLine(line(...texts), width))).toBe(expected);
  });

  it('spread to both sides, and the left one gives way', () => {
    expect([
      lineText(spread(line('left'), line('right'), 12, 0)),
      lineText(spread(line('left'), line('right'), 9, 0)),
      lineText(spread(line('l'), line('right'), 4, 0)),
    ]).toEqual(['left   right', 'le… right', 'rig…']);
  });

  it('never get wider than they may', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ab', '日', '🚀x', ' ', ''), { maxLength: 8 }),
        fc.nat(12),
        (texts, width) => {
          expect(lineWidth(clipLine(line(...texts), width))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
