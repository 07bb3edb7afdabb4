import { rmSync, statSync, writeFileSync } from 'node:fs';
import { ffmpeg } from './browser.ts';
import { palettePixels, type Palette } from './palette.ts';

/** What a picture may be that the documentation keeps: as wide as a page shows it, and no larger than `docs` may get. */
export const KEPT_PICTURE = { mostWidth: 1130, mostBytes: 200_000 } as const;
/** A screen of text has few colours: with a palette the file is a third as large, and nobody sees it. */
const COLORS = [128, 64, 32, 24, 16] as const;

export interface Shrinking {
  /** In pixels: what is wider is made smaller. The size stays as it is without. */
  mostWidth?: number;
  /** What of the picture is wanted, as ffmpeg writes it; all without. */
  crop?: string;
  /** Where the file is larger, it gets fewer colours. */
  mostBytes?: number;
  /** Its colours, where they are known; they are tried first. */
  palette?: Palette;
}

/** Rejects when the picture is too large even with the fewest colours: then its tape shows too much. */
export async function shrinkPicture(
  from: string,
  to: string,
  { mostWidth, mostBytes = Infinity, crop, palette: known }: Shrinking = {},
): Promise<void> {
  const filters = [
    ...(crop === undefined ? [] : [`crop=${crop}`]),
    ...(mostWidth === undefined ? [] : [`scale='min(${mostWidth},iw)':-1:flags=lanczos`]),
  ];
  if (known) {
    const pixels = `${to}.palette`;
    writeFileSync(pixels, palettePixels(known));
    const raw = ['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', '16x16', '-i', pixels];
    const graph = `[0]${filters.join(',') || 'null'}[x];[x][1]paletteuse=dither=none`;
    await ffmpeg('-i', from, ...raw, '-lavfi', graph, '-compression_level', '9', to);
    rmSync(pixels);
    if (statSync(to).size <= mostBytes) return;
  }
  for (const count of COLORS) {
    const graph = [...filters, palette(`max_colors=${count}`, 'dither=none')].join(',');
    await ffmpeg('-i', from, '-vf', graph, '-compression_level', '9', to);
    if (statSync(to).size <= mostBytes) return;
  }
  throw new Error(`${to} has ${statSync(to).size} bytes, more than the ${mostBytes} that a picture may have`);
}

/** Filters that make the frames of a film small: `width` pixels, few colours, only what changed. */
export function filmFilters(width: number): string {
  const colors = palette('max_colors=48:stats_mode=diff', 'dither=none:diff_mode=rectangle');
  return `scale=${width}:-1:flags=lanczos,${colors}`;
}

/** `width` is in pixels; of a film of text four frames a second are enough. */
export async function shrinkFilm(from: string, to: string, width: number): Promise<void> {
  await ffmpeg('-i', from, '-vf', `fps=4,${filmFilters(width)}`, to);
}

function palette(make: string, use: string): string {
  return `split[a][b];[a]palettegen=${make}[p];[b][p]paletteuse=${use}`;
}
