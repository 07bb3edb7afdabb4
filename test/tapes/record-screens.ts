import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { drawFrames, MAX_PAGE_HEIGHT } from './browser.ts';
import { frameHtml, frameSize } from './frame-html.ts';
import { paletteOf } from './palette.ts';
import { playTape } from './player.ts';
import { KEPT_PICTURE, shrinkPicture } from './shrink.ts';
import { parseTape } from './tape.ts';
import { tapeOfTour, TOURS } from './tours.ts';

export const THEMES = ['dark', 'light'] as const;
export const SIZES = ['80x24', '120x40', '200x50'] as const;

/** A frame is whole when nothing has come for so long, and at the latest after so many pieces. */
const STILL_MS = 150;
const MOST_PIECES = 20;

export function pictureName(screen: string, theme: string, size: string): string {
  return `${screen}-${theme}-${size}.png`;
}

export interface RecordedScreens {
  /** Names of screens; all when empty. */
  wanted?: readonly string[];
  sizes?: readonly string[];
  themes?: readonly string[];
}

/**
 * Drives the program through its screens and draws each of them, in every theme and size. Returns the files. Rejects
 * when Chromium or ffmpeg are not there, or a screen does not come.
 */
export async function recordScreens(
  out: string,
  { wanted = [], sizes = SIZES, themes = THEMES }: RecordedScreens = {},
): Promise<string[]> {
  mkdirSync(out, { recursive: true });
  const written: string[] = [];
  for (const size of sizes) {
    for (const theme of themes) {
      const shots: { name: string; html: string }[] = [];
      for (const tour of TOURS) {
        if (wanted.length > 0 && !tour.stops.some(({ name }) => wanted.includes(name))) continue;
        await playTape(parseTape(tapeOfTour(tour, theme, size)), {
          pace: 'test',
          onScreenshot: async (shot, screen) => {
            // A picture may come in several pieces, and a screen that runs is never still for long.
            for (let tries = 0; tries < MOST_PIECES && (await screen.change(STILL_MS)) === 'output'; tries += 1);
            await screen.text();
            const name = basename(shot.path, '.png');
            if (wanted.length === 0 || wanted.includes(name)) shots.push({ name, html: frameHtml(screen.terminal) });
          },
        });
      }
      written.push(...(await drawShots(shots, theme, size, out)));
    }
  }
  return written;
}

async function drawShots(
  shots: readonly { name: string; html: string }[],
  theme: string,
  size: string,
  out: string,
): Promise<string[]> {
  const [cols = 80, rows = 24] = size.split('x').map(Number);
  const frame = frameSize({ cols, rows });
  const perPage = Math.max(1, Math.floor(MAX_PAGE_HEIGHT / frame.height));
  const folder = mkdtempSync(join(tmpdir(), 'massgen-screens-'));
  const files: string[] = [];
  try {
    for (let at = 0; at < shots.length; at += perPage) {
      const page = shots.slice(at, at + perPage);
      const strip = join(folder, 'strip.png');
      await drawFrames(
        page.map(({ html }) => html),
        frame,
        strip,
      );
      for (const [i, { name, html }] of page.entries()) {
        const file = join(out, pictureName(name, theme, size));
        const crop = `${frame.width}:${frame.height}:0:${i * frame.height}`;
        await shrinkPicture(strip, file, { ...KEPT_PICTURE, crop, palette: paletteOf(html) });
        files.push(file);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return files;
}
