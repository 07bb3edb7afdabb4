import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { drawFrames } from './browser.ts';
import { Film } from './film.ts';
import { frameHtml, frameSize } from './frame-html.ts';
import { playTape, readTape } from './player.ts';
import { shrinkPicture, type Shrinking } from './shrink.ts';

export interface Recording {
  /** Folder of the pictures; made if it is not there. */
  out: string;
  /** File names of the screenshots that are wanted; all when undefined. */
  only?: readonly string[];
  /** Where the moving picture goes; none when undefined. */
  gif?: string;
  /** Width of the moving picture, in pixels. */
  gifWidth: number;
  /** How pictures are made smaller; they keep their size without. */
  shrinking?: Shrinking;
}

/**
 * Plays a tape of `tapes/` at its own pace and draws its screenshots with Chromium. Returns the files that it wrote.
 * Rejects when Chromium or ffmpeg are not there, or the tape does not go as it says.
 */
export async function recordTape(name: string, { out, only, gif, gifWidth, shrinking }: Recording): Promise<string[]> {
  const tape = readTape(name);
  const shots: { file: string; html: string }[] = [];
  const films: Film[] = [];
  await playTape(tape, {
    pace: 'record',
    onOpen: (screen) => {
      if (gif !== undefined) films.push(new Film(screen));
    },
    onVisible: (isVisible) => {
      for (const film of films) film.isVisible = isVisible;
    },
    onScreenshot: async (shot, screen) => {
      await screen.text();
      const file = basename(shot.path);
      if (!only || only.includes(file)) shots.push({ file, html: frameHtml(screen.terminal) });
    },
    onClose: () => {
      for (const film of films) film.stop();
    },
  });

  const written: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'massgen-shots-'));
  mkdirSync(out, { recursive: true });
  try {
    for (const { file, html } of shots) {
      await drawFrames([html], frameSize(tape), join(folder, file));
      await shrinkPicture(join(folder, file), join(out, file), shrinking);
      written.push(join(out, file));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const film of films) {
    if (gif === undefined) continue;
    await film.write(gif, gifWidth);
    written.push(gif);
  }
  return written;
}
