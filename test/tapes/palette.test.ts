import { describe, expect, it } from 'vitest';
import { palettePixels, paletteOf } from './palette.ts';

const span = (style: string): string => `<span style="width:9px${style}">x</span>`;

describe('the palette of a frame', () => {
  it('has each ground, each colour of text on it, and steps between them', () => {
    const html = `<pre style="background:#000000">${span(';color:#ff0000;background:#000000')}</pre>`;
    const palette = paletteOf(html).map((color) => color.join());
    expect(['0,0,0', '85,0,0', '170,0,0', '255,0,0'].every((color) => palette.includes(color))).toBe(true);
  });

  it('keeps all colours of a frame that has very many, with fewer steps', () => {
    const colors = Array.from({ length: 200 }, (_, i) => `rgb(${i},${255 - i},9)`);
    const html = `<pre>${colors.map((color) => span(`;color:${color}`)).join('')}</pre>`;
    const palette = new Set(paletteOf(html).map((color) => `rgb(${color.join()})`));
    expect([colors.every((color) => palette.has(color)), palette.size <= 256]).toEqual([true, true]);
  });

  it('fills what is left with its last colour', () => {
    const pixels = palettePixels([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([pixels.length, Array.from(pixels.slice(0, 6)), Array.from(pixels.slice(-3))]).toEqual([
      768,
      [1, 2, 3, 4, 5, 6],
      [4, 5, 6],
    ]);
  });
});
