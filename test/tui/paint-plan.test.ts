import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawDiff } from '../../src/tui/render/draw.ts';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import type { Area, Frame } from '../../src/tui/view/frame.ts';
import { paintFrame } from '../../src/tui/view/paint.ts';
import { PaintMemory } from '../../src/tui/view/paint-plan.ts';
import { Surface } from '../../src/tui/widgets/surface.ts';
import { createEmulator, emulatorText } from '../screens/emulator.ts';

const COLS = 24;
const ROWS = 6;
const table = new StyleTable(loadTheme('dark'), 'none');

function areaOf(x: number, width: number, texts: readonly string[]): Area {
  const lines = texts.map((text) => [{ text, style: 1 }]);
  return { layer: 'main', x, y: 0, width, height: texts.length, lines, fill: 0 };
}

describe('a paint plan', () => {
  it('paints everything at first, and then the rows whose line changed', () => {
    const memory = new PaintMemory();
    const left = areaOf(0, 10, ['a', 'b']);
    const right = areaOf(10, 10, ['c', 'd']);
    const first = memory.plan([left, right], 3);
    expect([first.blank, first.rowsOf(left), first.rowsOf(right)]).toEqual([
      [0, 1, 2],
      [0, 1],
      [0, 1],
    ]);
    const next = areaOf(10, 10, ['c', 'x']);
    const second = memory.plan([areaOf(0, 10, ['a', 'b']), next], 3);
    expect([second.blank, second.rowsOf(left), second.rowsOf(next)]).toEqual([[], [], [1]]);
  });

  it('paints rows anew on which areas lie over each other or elsewhere than before', () => {
    const memory = new PaintMemory();
    const back = areaOf(0, 20, ['a', 'b', 'c']);
    memory.plan([back], 3);
    const front = areaOf(5, 4, ['w']);
    expect(memory.plan([back, front], 3).blank).toEqual([0]);
    expect(memory.plan([back, front], 3).blank).toEqual([0]);
    expect(memory.plan([back], 3).blank).toEqual([0]);
    expect(memory.plan([back], 3).blank).toEqual([]);
  });
});

const text = fc.constantFrom(
  '',
  'a',
  'plain words here',
  '日本語 text',
  '🚀x🚀',
  'é e\u0301',
  '│',
  'zzzzzzzzzzzzzzzzzzzzzzzz',
);
const area = fc
  .record({
    layer: fc.constantFrom<Area['layer']>('pane-0', 'pane-1', 'main', 'overlay'),
    x: fc.nat(COLS - 1),
    y: fc.nat(ROWS - 1),
    width: fc.integer({ min: 1, max: COLS }),
    height: fc.integer({ min: 1, max: ROWS }),
    texts: fc.array(text, { maxLength: ROWS }),
    fill: fc.nat(1),
  })
  .map(({ texts, ...rest }): Area => ({ ...rest, lines: texts.map((each) => [{ text: each, style: 1 }]) }));

it('shows the same as when everything was painted, after any pictures', async () => {
  const frames = fc.array(fc.array(area, { maxLength: 4 }), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(frames, async (pictures) => {
      const surface = new Surface(COLS, ROWS);
      const terminal = createEmulator(COLS, ROWS);
      let last: Frame = { cols: COLS, rows: ROWS, cursor: null, areas: [] };
      let out = '';
      const order: readonly Area['layer'][] = ['pane-0', 'pane-1', 'main', 'overlay'];
      for (const areas of pictures) {
        const sorted = areas.toSorted((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer));
        last = { ...last, areas: sorted };
        out += surface.show(last, table, false);
      }
      await new Promise<void>((resolve) => terminal.write(out, resolve));
      const whole = createEmulator(COLS, ROWS);
      const options = { table, isSynchronized: false, isFull: true, cursor: null, isCursorMoved: false };
      const all = drawDiff(paintFrame(last), paintFrame({ ...last, areas: [] }), options);
      await new Promise<void>((resolve) => whole.write(all, resolve));
      expect(emulatorText(terminal)).toEqual(emulatorText(whole));
    }),
    { numRuns: 150 },
  );
});
