import { ffmpeg } from './browser.ts';

/**
 * A screen of text has few colours: with a palette the file is a third as large, and nobody sees it. `mostWidth` is
 * in pixels: what is wider is made smaller; null leaves the size as it is.
 */
export async function shrinkPicture(from: string, to: string, mostWidth: number | null): Promise<void> {
  const scale = mostWidth === null ? '' : `scale='min(${mostWidth},iw)':-1:flags=lanczos,`;
  await ffmpeg('-i', from, '-vf', `${scale}${palette('max_colors=128', 'dither=none')}`, to);
}

/** `width` is in pixels; of a film of text four frames a second are enough. */
export async function shrinkFilm(from: string, to: string, width: number): Promise<void> {
  const colors = palette('max_colors=48:stats_mode=diff', 'dither=none:diff_mode=rectangle');
  await ffmpeg('-i', from, '-vf', `fps=4,scale=${width}:-1:flags=lanczos,${colors}`, to);
}

function palette(make: string, use: string): string {
  return `split[a][b];[a]palettegen=${make}[p];[b][p]paletteuse=${use}`;
}
