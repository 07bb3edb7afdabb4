import fc from 'fast-check';
import type { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import { style } from '../../src/tui/theme/style.ts';
import { drawDiff } from '../../src/tui/render/draw.ts';
import { sanitizeLine } from '../../src/tui/text/sanitize.ts';
import type { Frame } from '../../src/tui/view/frame.ts';
import { paintArea, paintFrame, type Cell, type CellRow } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { Surface } from '../../src/tui/widgets/surface.ts';
import { createEmulator } from '../screens/emulator.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { INJECTIONS, SCRIPTS } from './corpus.ts';
import { modelOf } from './models.ts';

const table = new StyleTable(loadTheme('dark'), 'truecolor');
const COLS = 24;
const ROWS = 4;

function blank(): CellRow[] {
  return Array.from({ length: ROWS }, () => Array.from({ length: COLS }, (): Cell => [style('fg'), ' ']));
}

async function write(terminal: Terminal, text: string): Promise<void> {
  await new Promise<void>((resolve) => terminal.write(text, resolve));
}

/** The terminal's cells as the model has them: characters of uncertain shape are compared by their first sign. */
function cellsOf(terminal: Terminal, cols: number, rows: number): string[][] {
  return Array.from({ length: rows }, (_, y) => {
    const line = terminal.buffer.active.getLine(terminal.buffer.active.baseY + y);
    return Array.from({ length: cols }, (_, x) => line?.getCell(x)?.getChars() || ' ');
  });
}

function expected(rows: CellRow[]): string[][] {
  return rows.map((row) => row.map(([, ch]) => ch || ' '));
}

const draw = (next: CellRow[], old: CellRow[], isFull = false): string =>
  drawDiff(next, old, { table, isSynchronized: false, isFull, cursor: null, isCursorMoved: false });

describe('drawDiff', () => {
  it('sends nothing when nothing changed', () => {
    expect(draw(blank(), blank())).toBe('');
  });

  it('sends one cell when one cell changed', () => {
    const next = blank();
    next[2]![5] = [style('err'), 'x'];
    expect(draw(next, blank())).toBe(`\x1b[?25l\x1b[3;6H${table.sgr(style('err'))}x\x1b[0m`);
  });

  it('makes the old cells like the new ones', () => {
    const next = blank();
    next[1]![1] = [style('ok'), 'y'];
    const old = blank();
    draw(next, old);
    expect([draw(next, old), old[1]![1]]).toEqual(['', [style('ok'), 'y']]);
  });

  it('marks a synchronized frame and places the cursor inside it', () => {
    const text = drawDiff(blank(), blank(), {
      table,
      isSynchronized: true,
      isFull: false,
      cursor: { x: 3, y: 1 },
      isCursorMoved: true,
    });
    expect(text).toBe('\x1b[?2026h\x1b[?25l\x1b[0m\x1b[2;4H\x1b[?25h\x1b[?2026l');
  });

  it('shows every picture that follows any other, wide characters and all', async () => {
    const line = fc.record({
      y: fc.nat(ROWS - 1),
      x: fc.nat(COLS - 1),
      text: fc.array(fc.constantFrom('ab', '日本', 'x y', '語', ' ', 'zzzz', 'é'), { maxLength: 8 }),
      token: fc.constantFrom('fg', 'err', 'ok'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(line, { maxLength: 5 }), { minLength: 2, maxLength: 4 }), async (pictures) => {
        const terminal = createEmulator(COLS, ROWS);
        const old = blank();
        await write(terminal, `\x1b[?7l${draw(blank(), old, true)}`);
        for (const picture of pictures) {
          const next = blank();
          for (const { x, y, text, token } of picture) {
            const id = style(token as 'fg');
            paintArea(next, {
              layer: 'main',
              x,
              y,
              width: COLS - x,
              height: 1,
              lines: [[{ text: text.join(''), style: id }]],
              fill: id,
            });
          }
          await write(terminal, draw(next, old));
          expect(cellsOf(terminal, COLS, ROWS)).toEqual(expected(next));
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(SCRIPTS.map((text) => [text]))('keeps the border in its column behind %j', async (text) => {
    const terminal = createEmulator(COLS, ROWS);
    const old = blank();
    const next = blank();
    const id = style('fg');
    paintArea(next, {
      layer: 'main',
      x: 0,
      y: 0,
      width: 20,
      height: 1,
      lines: [[{ text: sanitizeLine(text), style: id }]],
      fill: id,
    });
    paintArea(next, {
      layer: 'lines',
      x: 20,
      y: 0,
      width: 1,
      height: 1,
      lines: [[{ text: '|', style: id }]],
      fill: id,
    });
    await write(terminal, `\x1b[?7l${draw(next, old, true)}`);
    expect(cellsOf(terminal, COLS, ROWS)[0]?.[20]).toBe('|');
  });
});

describe('the whole path to the terminal', () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ])('shows at %ix%i what the views made, event by event', async (cols, rows) => {
    const events = scriptedRun({ agents: 4 });
    const terminal = createEmulator(cols, rows);
    const surface = new Surface(cols, rows);
    const model = modelOf(events.slice(0, 1), { cols, rows, isRunActive: true });
    await write(terminal, '\x1b[?7l');
    let frame: Frame = buildFrame(model);
    for (const [i, event] of events.entries()) {
      if (i > 0) model.run?.apply(event);
      if (i % 7 !== 0 && i !== events.length - 1) continue;
      frame = buildFrame(model);
      await write(terminal, surface.show(frame, table, false));
    }
    const screen = cellsOf(terminal, cols, rows);
    const wrong = expected(paintFrame(frame)).flatMap((row, y) =>
      row.flatMap((ch, x) => {
        const shown = screen[y]?.[x] ?? '';
        return shown === ch ? [] : [{ x, y, ch, shown }];
      }),
    );
    // The second half of a flag is the emulator's business.
    expect(wrong.filter(({ ch }) => !/\p{RI}/u.test(ch) && ch !== ' ')).toEqual([]);
  });

  it.each(INJECTIONS)('sends no control of: %s', (_name, input) => {
    const events = scriptedRun({ agents: 3, until: 'drafting', question: input }).map((event) =>
      event.type === 'text.appended' ? { ...event, data: { ...event.data, text: input } } : event,
    );
    const surface = new Surface(120, 40);
    const sent = surface.show(buildFrame(modelOf(events, { cols: 120, rows: 40 })), table, false);
    const rest = sent.replace(/\x1b\[(?:\?25[hl]|\d+;\d+H|[\d;]*m)/g, '');
    expect(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(rest)).toBe(false);
  });

  it('sends all of it again after a redraw, and little for one new word', () => {
    const events = scriptedRun({ agents: 4, until: 'drafting' });
    const model = modelOf(events, { cols: 120, rows: 40 });
    const surface = new Surface(120, 40);
    const first = surface.show(buildFrame(model), table, false).length;
    const second = surface.show(buildFrame(model), table, false).length;
    const word = (text: string): void =>
      model.run?.apply({
        ...events.at(-1)!,
        agent: 'agent1',
        type: 'text.appended',
        data: { request: 'agent1-r1', text },
      } as never);
    word('One');
    surface.show(buildFrame(model), table, false);
    word(' word');
    const third = surface.show(buildFrame(model), table, false).length;
    surface.invalidate();
    const fourth = surface.show(buildFrame(model), table, false).length;
    expect([second, first > 4000, third > 0 && third < 120, fourth > 4000]).toEqual([0, true, true, true]);
  });

  it('blanks what is left of a wide character that a box covers', () => {
    const id = style('fg');
    const rows = blank();
    paintArea(rows, {
      layer: 'main',
      x: 0,
      y: 0,
      width: 6,
      height: 1,
      lines: [[{ text: '日本語', style: id }]],
      fill: id,
    });
    paintArea(rows, {
      layer: 'overlay',
      x: 1,
      y: 0,
      width: 2,
      height: 1,
      lines: [[{ text: '##', style: id }]],
      fill: id,
    });
    expect(rows[0]!.slice(0, 6).map(([, ch]) => ch)).toEqual([' ', '#', '#', ' ', '語', '']);
  });
});
