/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/**
 * Reads `#rrggbb`; null for anything else. Without the flag for both cases, whose first use loads tables for five
 * milliseconds: themes are read before the first picture.
 */
export function parseHex(text: string): Rgb | null {
  const match = /^#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})$/.exec(text);
  if (!match) return null;
  const [, r = '0', g = '0', b = '0'] = match;
  return [parseInt(r, 16), parseInt(g, 16), parseInt(b, 16)];
}

/** The sixteen colours that the user has chosen in the terminal, and the terminal's own, by their SGR codes. */
export const NAMED_COLORS: Readonly<Record<string, number>> = {
  default: 39,
  black: 30,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  white: 37,
  'bright-black': 90,
  'bright-red': 91,
  'bright-green': 92,
  'bright-yellow': 93,
  'bright-blue': 94,
  'bright-magenta': 95,
  'bright-cyan': 96,
  'bright-white': 97,
};

/** Reads `#rrggbb` or a name: the colour itself, or the SGR code that stands for it. Null for anything else. */
export function parseColor(text: string): Rgb | number | null {
  return parseHex(text) ?? (Object.hasOwn(NAMED_COLORS, text) ? (NAMED_COLORS[text] ?? null) : null);
}

/** WCAG 2 relative luminance, 0 to 1. */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((v) => {
    const s = v / 255;
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const CUBE = [0, 95, 135, 175, 215, 255];

/** The nearest of the colours 16 to 255 that every 256-colour terminal has. */
export function nearest256(color: Rgb): number {
  const index = color.map((v) => nearestIndex(CUBE, v)) as [number, number, number];
  const cube = index.map((i) => CUBE[i] ?? 0) as unknown as Rgb;
  const average = (color[0] + color[1] + color[2]) / 3;
  const grey = Math.max(0, Math.min(23, Math.round((average - 8) / 10)));
  const greyLevel = 8 + grey * 10;
  const isGreyCloser = distance(color, [greyLevel, greyLevel, greyLevel]) < distance(color, cube);
  return isGreyCloser ? 232 + grey : 16 + 36 * index[0] + 6 * index[1] + index[2];
}

/**
 * The SGR code of the basic colour with the nearest hue: 39 (the terminal's own) for greys, bright ones on dark
 * grounds. The 16 colours are the user's own, so a ground is never painted with them.
 */
export function nearest16(color: Rgb, isDark: boolean): number {
  const [r, g, b] = color;
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  if (max - min < 40) return 39;
  const hue = hueOf(color);
  const slot = Math.round(hue / 60) % 6;
  const code = [31, 33, 32, 36, 34, 35][slot] ?? 39;
  return isDark ? code + 60 : code;
}

function hueOf([r, g, b]: Rgb): number {
  const max = Math.max(r, g, b);
  const span = max - Math.min(r, g, b);
  const sector = max === r ? ((g - b) / span + 6) % 6 : max === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return sector * 60;
}

function nearestIndex(levels: readonly number[], value: number): number {
  let best = 0;
  for (const [i, level] of levels.entries()) {
    if (Math.abs(level - value) < Math.abs((levels[best] ?? 0) - value)) best = i;
  }
  return best;
}

function distance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}
