/** Colours of a picture, each as red, green and blue. */
export type Palette = readonly (readonly number[])[];

/** ffmpeg takes a palette as a picture of 16 × 16. */
const MOST = 256;
const GROUND = '#111318';
const TEXT = '#d4d7dd';

/**
 * The colours of a frame as `frameHtml` writes it: its grounds, and each colour of its text with steps towards the ground
 * it stands on, for smooth edges. Colours that are told apart on the screen are so in the picture, too.
 */
export function paletteOf(html: string): Palette {
  const pairs = new Set<string>();
  const margin = /<pre style="background:([^"]*)"/.exec(html)?.[1] ?? GROUND;
  pairs.add(`${TEXT} ${margin}`);
  for (const [, style = ''] of html.matchAll(/<span style="([^"]*)"/g)) {
    const of = (name: string, usual: string): string => new RegExp(`(?:^|;)${name}:([^;]*)`).exec(style)?.[1] ?? usual;
    pairs.add(`${of('color', TEXT)} ${of('background', GROUND)}`);
  }
  for (const steps of [3, 2, 1]) {
    const colors = new Map<string, number[]>();
    for (const pair of pairs) {
      const [text = [], ground = []] = pair.split(' ').map(rgbOf);
      for (let step = 0; step <= steps; step++) {
        const color = ground.map((part, i) => Math.round(part + (((text[i] ?? 0) - part) * step) / steps));
        colors.set(color.join(), color);
      }
    }
    if (colors.size <= MOST) return [...colors.values()];
  }
  throw new Error(`the frame has more than ${MOST} colours`);
}

/** The palette as raw pixels; its last colour fills what is left. */
export function palettePixels(palette: Palette): Uint8Array {
  return Uint8Array.from({ length: MOST * 3 }, (_, i) => {
    const color = palette[Math.min(Math.floor(i / 3), palette.length - 1)];
    return color?.[i % 3] ?? 0;
  });
}

function rgbOf(color: string): number[] {
  const hex = /^#(..)(..)(..)$/.exec(color);
  if (hex) return hex.slice(1).map((part) => Number.parseInt(part, 16));
  return (color.match(/\d+/g) ?? []).map(Number);
}
