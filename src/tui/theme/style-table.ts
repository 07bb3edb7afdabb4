import { nearest16, nearest256, parseColor, parseHex } from './color.ts';
import { ATTR, readStyle, type StyleId } from './style.ts';
import type { Theme } from './tokens.ts';

/** What a terminal can show. `none` leaves bold, underline and reverse. */
export type ColorDepth = 'truecolor' | '256' | '16' | 'none';

/** Turns styles into SGR sequences for one theme and one depth. */
export class StyleTable {
  readonly theme: Theme;
  readonly depth: ColorDepth;
  readonly #full = new Map<StyleId, string>();
  /** The ways from one style to others, made once: a picture takes hundreds of them. */
  readonly #changes = new Map<StyleId | null, Map<StyleId, string>>();

  constructor(theme: Theme, depth: ColorDepth) {
    this.theme = theme;
    this.depth = depth;
  }

  /** The sequence that sets the style whatever was set before. */
  sgr(id: StyleId): string {
    let sequence = this.#full.get(id);
    if (sequence === undefined) {
      const { attrs } = readStyle(id);
      sequence = `\x1b[${[0, ...this.#attrCodes(id, attrs), ...this.#ground(id), ...this.#foreground(id)].join(';')}m`;
      this.#full.set(id, sequence);
    }
    return sequence;
  }

  /** The shortest sequence from one style to another; the whole one where attributes or ground differ. */
  change(from: StyleId | null, to: StyleId): string {
    if (from === to) return '';
    let ways = this.#changes.get(from);
    if (!ways) this.#changes.set(from, (ways = new Map()));
    let way = ways.get(to);
    if (way === undefined) ways.set(to, (way = this.#way(from, to)));
    return way;
  }

  #way(from: StyleId | null, to: StyleId): string {
    if (from === null || this.depth === 'none') return this.sgr(to);
    const a = readStyle(from);
    const b = readStyle(to);
    if (a.attrs !== b.attrs || a.ground !== b.ground) return this.sgr(to);
    return `\x1b[${this.#foreground(to).join(';')}m`;
  }

  #attrCodes(id: StyleId, attrs: number): number[] {
    const isPlain = this.depth === 'none';
    const codes: number[] = [];
    if (attrs & ATTR.bold) codes.push(1);
    if (attrs & ATTR.italic && !isPlain) codes.push(3);
    if (attrs & ATTR.underline) codes.push(4);
    // Without colours a ground is only visible as reverse video; so is a chosen row where grounds are not painted.
    const { ground } = readStyle(id);
    const isReversed =
      (isPlain && ground !== 'bg') ||
      (this.depth === '16' && ground === 'pick') ||
      this.theme.grounds[ground] === 'reverse';
    if (attrs & ATTR.reverse || isReversed) codes.push(7);
    if (attrs & ATTR.strike && !isPlain) codes.push(9);
    return codes;
  }

  #foreground(id: StyleId): (number | string)[] {
    const { token } = readStyle(id);
    const color = parseColor(this.theme.tokens[token]);
    if (color === null || this.depth === 'none') return [];
    if (typeof color === 'number') return [color];
    if (this.depth === 'truecolor') return [38, 2, ...color];
    if (this.depth === '256') return [38, 5, nearest256(color)];
    return [token === 'dim' || token === 'border' ? 90 : nearest16(color, this.theme.isDark)];
  }

  #ground(id: StyleId): (number | string)[] {
    const color = parseHex(this.theme.grounds[readStyle(id).ground]);
    // No colour: the terminal's own ground, which the reset at the beginning of every sequence gives.
    if (color === null || this.depth === 'none' || this.depth === '16') return [];
    return this.depth === 'truecolor' ? [48, 2, ...color] : [48, 5, nearest256(color)];
  }
}
