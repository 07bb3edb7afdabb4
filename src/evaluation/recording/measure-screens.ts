import { textOf, type Screen, type ScreenCell } from './replay-cast.ts';

/** What can be measured about a recording of a terminal. */
export interface ScreenFacts {
  /** From the start of the process until text is on the screen, in milliseconds; null when there never was any. */
  firstFrameMs: number | null;
  /** Pictures in all, and the time between the first and the last, in milliseconds. */
  screens: number;
  durationMs: number;
  /** The pairs of colours that text was shown in, the weakest first. */
  contrasts: ColorPair[];
  /** Text that ends in an ellipsis on the last screen. */
  cutOff: string[];
  /** Text that went away and came back at once. */
  flicker: { count: number; worst: { at: number; cells: number } | null };
}

export interface ColorPair {
  fg: string;
  bg: string;
  /** As WCAG 2 defines it: 1 to 21. */
  ratio: number;
  /** How many letters and digits were shown so, over all screens. */
  cells: number;
  /** Some of what was shown so. */
  example: string;
}

/** WCAG 2, level AA, for text of a normal size. */
export const LEAST_CONTRAST = 4.5;
/** Away for longer is a change, not a flicker. */
const FLICKER_MS = 250;
/** Less of a row than this is a cursor, a sign that turns, or what lines that scroll have in common. */
const FLICKER_CELLS = 16;
const EXAMPLE_CHARS = 24;

/** Takes the screens of a recording one by one, in order, and sums up what can be measured. */
export class ScreenMeter {
  readonly #pairs = new Map<string, ColorPair>();
  #first: Screen | null = null;
  #before: Screen | null = null;
  #last: Screen | null = null;
  #screens = 0;
  #flickers = 0;
  #worst: ScreenFacts['flicker']['worst'] = null;

  add(screen: Screen): void {
    this.#screens += 1;
    this.#countColors(screen);
    this.#watchFlicker(screen);
    if (!this.#first && textOf(screen).some((row) => row.trim() !== '')) this.#first = screen;
    this.#before = this.#last;
    this.#last = screen;
  }

  facts(): ScreenFacts {
    const [first, last] = [this.#first, this.#last];
    return {
      firstFrameMs: first && Math.round(first.at),
      screens: this.#screens,
      durationMs: first && last ? Math.round(last.at - first.at) : 0,
      contrasts: [...this.#pairs.values()].toSorted((a, b) => a.ratio - b.ratio || b.cells - a.cells),
      cutOff: last ? cutOffIn(last) : [],
      flicker: { count: this.#flickers, worst: this.#worst },
    };
  }

  #countColors({ rows }: Screen): void {
    for (const row of rows) {
      for (const [x, { text, fg, bg }] of row.entries()) {
        // Borders and bars may be faint; what is read may not.
        if (!/[\p{L}\p{N}]/u.test(text)) continue;
        const key = `${fg} ${bg}`;
        const known = this.#pairs.get(key);
        if (known) known.cells += 1;
        else {
          const example = row.slice(x, x + EXAMPLE_CHARS).map((cell) => (cell.fg === fg ? cell.text : ' '));
          const pair = { fg, bg, ratio: contrastOf(fg, bg), cells: 1, example: example.join('').trim() };
          this.#pairs.set(key, pair);
        }
      }
    }
  }

  #watchFlicker({ at, rows }: Screen): void {
    const [before, last] = [this.#before, this.#last];
    if (!before || !last || at - before.at > FLICKER_MS) return;
    const cells = rows.reduce((sum, row, y) => sum + blinkedIn(row, last.rows[y] ?? [], before.rows[y] ?? []), 0);
    if (cells === 0) return;
    this.#flickers += 1;
    if (!this.#worst || cells > this.#worst.cells) this.#worst = { at: Math.round(last.at), cells };
  }
}

/** Cells of a row in stretches of text that were there, were blank, and are there again. */
function blinkedIn(row: readonly ScreenCell[], last: readonly ScreenCell[], before: readonly ScreenCell[]): number {
  let cells = 0;
  let run = 0;
  for (let x = 0; x <= row.length; x += 1) {
    const text = row[x]?.text;
    if (text !== undefined && text === before[x]?.text && last[x]?.text.trim() === '')
      run += text.trim() === '' ? 0 : 1;
    else {
      if (run >= FLICKER_CELLS) cells += run;
      run = 0;
    }
  }
  return cells;
}

/** Contrast of two colours `#rrggbb` after WCAG 2, from 1 to 21, to two decimals. */
export function contrastOf(a: string, b: string): number {
  const [low, high] = [luminanceOf(a), luminanceOf(b)].toSorted((x, y) => x - y);
  return Math.round((((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)) * 100) / 100;
}

function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The words before each ellipsis that ends a piece of text. */
function cutOffIn(screen: Screen): string[] {
  const found = textOf(screen).flatMap((row) =>
    [...row.matchAll(/([^\s│┃|](?:[^│┃|…]{0,30}[^\s│┃|…])?)…(?=\s*(?:[│┃|]|\s{2}|$))/g)].map(
      ([, text = '']) => `${text}…`,
    ),
  );
  return [...new Set(found)];
}
