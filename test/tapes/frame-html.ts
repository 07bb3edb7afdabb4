import type { IBufferCell, Terminal } from '@xterm/headless';

/** Size of a cell in CSS pixels: JetBrains Mono at 15 px is exactly 9 wide. */
export const CELL = { width: 9, height: 20 } as const;
export const PADDING = 12;

/** Colours of the picture where the program names none. */
const DEFAULT = { fg: '#d4d7dd', bg: '#111318' };
/** The 16 colours of a terminal; everything else is computed. */
const ANSI =
  '#2b2f37 #e5686f #7cc36e #d9b35b #6aa2f0 #bf86e0 #55b8c4 #c3c8d1 #6c7380 #f2888e #9bdb8e #edcb7d #8fbcfa #d3a5ef #7dd2dc #eef0f4'.split(
    ' ',
  );

/** What the terminal shows, as one `<pre>` whose cells all have their exact width. */
export function frameHtml(terminal: Terminal): string {
  const { active } = terminal.buffer;
  const rows = Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    const runs: { style: string; text: string; width: number }[] = [];
    for (let x = 0; x < terminal.cols; x++) {
      const cell = line?.getCell(x);
      if (!cell || cell.getWidth() === 0) continue;
      const style = styleOf(cell);
      const text = cell.getChars() || ' ';
      const width = cell.getWidth();
      const last = runs.at(-1);
      // Only plain letters are sure to be as wide as a cell in every font.
      if (last?.style === style && isPlain(text) && isPlain(last.text)) {
        last.text += text;
        last.width += width;
      } else runs.push({ style, text, width });
    }
    return runs.map((run) => spanOf(run.style, run.text, run.width)).join('');
  });
  const margin = groundOf(terminal);
  return `<pre${margin === DEFAULT.bg ? '' : ` style="background:${margin}"`}>${rows.join('\n')}</pre>`;
}

/** The colour of the program's own ground, which the margin has: whatever the most rows begin with. */
function groundOf({ buffer: { active }, rows }: Terminal): string {
  const counts = new Map<string, number>();
  for (let y = 0; y < rows; y++) {
    const cell = active.getLine(active.baseY + y)?.getCell(0);
    const color = cell ? backgroundOf(cell) : DEFAULT.bg;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? DEFAULT.bg;
}

/** A page that shows frames one under the other, without anything around them. */
export function pageOf(frames: readonly string[]): string {
  return `<!doctype html><meta charset="utf-8"><style>
body{margin:0;background:${DEFAULT.bg}}
pre{margin:0;padding:${PADDING}px;font:15px/${CELL.height}px "JetBrains Mono","DejaVu Sans Mono","Noto Sans Mono CJK JP",monospace;font-variant-ligatures:none;color:${DEFAULT.fg};background:${DEFAULT.bg}}
span{display:inline-block;height:${CELL.height}px;vertical-align:top;white-space:pre}
</style>${frames.join('')}`;
}

/** Pixels of a frame of that many cells. */
export function frameSize(terminal: { cols: number; rows: number }): { width: number; height: number } {
  return {
    width: terminal.cols * CELL.width + 2 * PADDING,
    height: terminal.rows * CELL.height + 2 * PADDING,
  };
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

function spanOf(style: string, text: string, width: number): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<span style="width:${width * CELL.width}px${style}">${escaped}</span>`;
}

function styleOf(cell: IBufferCell): string {
  let fg = colorOf(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor(), DEFAULT.fg);
  let bg = backgroundOf(cell);
  if (cell.isInverse()) [fg, bg] = [bg, fg];
  const parts = [
    fg === DEFAULT.fg ? '' : `color:${fg}`,
    bg === DEFAULT.bg ? '' : `background:${bg}`,
    cell.isBold() ? 'font-weight:bold' : '',
    cell.isDim() ? 'opacity:.6' : '',
    cell.isItalic() ? 'font-style:italic' : '',
    cell.isUnderline() ? 'text-decoration:underline' : '',
    cell.isStrikethrough() ? 'text-decoration:line-through' : '',
    cell.isInvisible() ? 'visibility:hidden' : '',
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `;${part}`)
    .join('');
}

function backgroundOf(cell: IBufferCell): string {
  return colorOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor(), DEFAULT.bg);
}

function colorOf(isRgb: boolean, isPalette: boolean, value: number, fallback: string): string {
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  return isPalette ? paletteColor(value) : fallback;
}

/** The 256 colours: 16 of the theme, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColor(index: number): string {
  if (index < 16) return ANSI[index] ?? DEFAULT.fg;
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (n: number): number => (n === 0 ? 0 : 55 + 40 * n);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}
