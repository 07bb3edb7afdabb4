import type * as Unicode from '@xterm/addon-unicode11';
import type * as Headless from '@xterm/headless';
import type { Cast } from './cast.ts';

/** A character on the screen. */
export interface ScreenCell {
  /** Empty for the second half of a wide character. */
  text: string;
  /** As `#rrggbb`. */
  fg: string;
  bg: string;
}

/** What the terminal shows after a burst of output. */
export interface Screen {
  /** Milliseconds since the process began. */
  at: number;
  /** Rows from top to bottom, each of all columns. */
  rows: ScreenCell[][];
}

/** Output that comes within so many milliseconds is one picture. */
const BURST_MS = 12;

/** The colours of a terminal where the program names none, as VHS has them. */
const DARK = { fg: '#dddddd', bg: '#171717' };
const LIGHT = { fg: '#000000', bg: '#ffffff' };
/** The 16 colours of xterm. */
const ANSI =
  '#000000 #cd0000 #00cd00 #cdcd00 #0000ee #cd00cd #00cdcd #e5e5e5 #7f7f7f #ff0000 #00ff00 #ffff00 #5c5cff #ff00ff #00ffff #ffffff'.split(
    ' ',
  );

/**
 * Plays a cast into a terminal emulator and calls `onScreen` with each picture of the app, in order. What the shell
 * shows, before and after, is left out.
 */
export async function replayCast(cast: Cast, isLight: boolean, onScreen: (screen: Screen) => void): Promise<void> {
  const [headless, unicode] = await Promise.all([
    exportsOf<typeof Headless>(import('@xterm/headless')),
    exportsOf<typeof Unicode>(import('@xterm/addon-unicode11')),
  ]);
  const terminal = new headless.Terminal({ ...cast.size, allowProposedApi: true });
  terminal.loadAddon(new unicode.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const ground = isLight ? LIGHT : DARK;
  try {
    for (const [index, { at, text }] of cast.outputs.entries()) {
      await new Promise<void>((resolve) => terminal.write(text, resolve));
      const next = cast.outputs[index + 1];
      if (next && next.at - at < BURST_MS) continue;
      if (terminal.buffer.active.type === 'alternate') onScreen({ at, rows: rowsOf(terminal, ground) });
    }
  } finally {
    terminal.dispose();
  }
}

/** Of a CommonJS package: Node.js sees none of its names, but in the bundle it may have nothing else. */
async function exportsOf<T>(loading: Promise<unknown>): Promise<T> {
  const loaded = (await loading) as T & { default?: T };
  return loaded.default ?? loaded;
}

/** The rows as text, without blanks at their ends. */
export function textOf({ rows }: Screen): string[] {
  return rows.map((row) =>
    row
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
}

function rowsOf(terminal: Headless.Terminal, ground: { fg: string; bg: string }): ScreenCell[][] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: terminal.cols }, (__, x): ScreenCell => {
      const cell = line?.getCell(x);
      if (!cell) return { text: ' ', ...ground };
      let fg = colorOf(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor(), ground.fg);
      let bg = colorOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor(), ground.bg);
      if (cell.isInverse()) [fg, bg] = [bg, fg];
      if (cell.isDim()) fg = mix(fg, bg);
      const text = cell.getWidth() === 0 ? '' : cell.isInvisible() ? ' ' : cell.getChars() || ' ';
      return { text, fg, bg };
    });
  });
}

function colorOf(isRgb: boolean, isPalette: boolean, value: number, fallback: string): string {
  if (isRgb) return hex(value >> 16, (value >> 8) & 255, value & 255);
  if (!isPalette) return fallback;
  if (value < 16) return ANSI[value] ?? fallback;
  if (value >= 232) return hex(8 + 10 * (value - 232), 8 + 10 * (value - 232), 8 + 10 * (value - 232));
  const level = (n: number): number => (n === 0 ? 0 : 55 + 40 * n);
  const cube = value - 16;
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** Dim text is drawn half as strong. */
function mix(a: string, b: string): string {
  const at = (color: string, i: number): number => Number.parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
  const [red, green, blue] = [0, 1, 2].map((i) => Math.round((at(a, i) + at(b, i)) / 2));
  return hex(red ?? 0, green ?? 0, blue ?? 0);
}

function hex(...channels: [number, number, number]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
