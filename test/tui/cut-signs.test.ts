import { describe, expect, it } from 'vitest';
import type { Area } from '../../src/tui/view/frame.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { CASES } from './screen-cases.ts';

const SIZES = [
  [40, 10],
  [60, 15],
  [80, 24],
  [120, 40],
  [200, 50],
  [300, 100],
] as const;

/** Larger than any text of the cases: nothing is cut there, so every word on it is a whole one. */
const WHOLE = [
  [300, 100],
  [400, 300],
  [1000, 300],
] as const;

/** Signs that stand in place of what is cut. */
const CUT = /…|~$/;
/** Rows that say themselves how much is not shown, and lanes of the timeline, which are pictures. */
const TOLD = /[▼▲] \d+|\+\d+ more|[▬·╌]{2}/;
/** Words that only small screens say. */
const SMALL = ['next', 'tie'];

function rowsOf({ lines, height }: Area): string[] {
  return lines.slice(0, height).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
}

function wordsOf(text: string): string[] {
  return text
    .replace(/↵$/, '')
    .split(/[\s│─═╭╮╰╯┤├┴┬┼┌┐└┘|+=-]+/u)
    .filter(Boolean);
}

/** Words on rows whose end was cut off without a sign: no screen with room for all of it has them. */
function cutWords(areas: readonly Area[], whole: ReadonlySet<string>): string[] {
  return areas.flatMap((area) => {
    const rows = rowsOf(area);
    return rows.flatMap((row, i) => {
      const words = wordsOf(row);
      const last = words.at(-1);
      if (last === undefined || TOLD.test(row) || CUT.test(last) || whole.has(last)) return [];
      // A word that is longer than a row goes on in the next ones.
      let joined = last;
      for (const next of rows.slice(i + 1)) {
        joined += wordsOf(next)[0] ?? '';
        if (whole.has(joined)) return [];
      }
      for (let before = last, j = i - 1; j >= 0; j--) {
        before = (wordsOf(rows[j] ?? '').at(-1) ?? '') + before;
        if (whole.has(before)) return [];
      }
      return [`${area.layer}: ${row.trim()}`];
    });
  });
}

describe('nothing is cut without a sign', () => {
  it.each(CASES)('on %s', (_name, make) => {
    const whole = new Set([
      ...SMALL,
      ...WHOLE.flatMap(([cols, rows]) =>
        buildFrame({ ...make(), cols, rows }).areas.flatMap((area) => rowsOf(area).flatMap(wordsOf)),
      ),
    ]);
    const cut = SIZES.flatMap(([cols, rows]) =>
      cutWords(buildFrame({ ...make(), cols, rows }).areas, whole).map((text) => `${cols}x${rows} ${text}`),
    );
    expect(cut).toEqual([]);
  });

  it('which is noticed where it happens', () => {
    const rows = ['a whole row', 'a row that was cu', 'a row with a si…', 'a longwo', 'rd goes on'];
    const lines = rows.map((text) => [{ text, style: 0 }]);
    const area: Area = { layer: 'main', x: 0, y: 0, width: 20, height: rows.length, lines, fill: 0 };
    expect(cutWords([area], new Set(['row', 'longword', 'on']))).toEqual(['main: a row that was cu']);
  });

  it.each(CASES)('and no row of %s is left away', (_name, make) => {
    const tooMany = SIZES.flatMap(([cols, rows]) =>
      buildFrame({ ...make(), cols, rows })
        .areas.filter(({ lines, height }) => lines.length > height)
        .map(({ layer, lines, height }) => `${cols}x${rows} ${layer}: ${lines.length} rows in ${height}`),
    );
    expect(tooMany).toEqual([]);
  });
});
