import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawFrames, ffmpeg, MAX_PAGE_HEIGHT } from './browser.ts';
import { frameHtml, frameSize } from './frame-html.ts';
import type { ShellScreen } from './shell-screen.ts';
import { filmFilters } from './shrink.ts';

const FRAME_MS = 250;

/** Takes a picture of a screen four times a second, and makes a moving one of them. */
export class Film {
  readonly #frames: string[] = [];
  readonly #screen: ShellScreen;
  readonly #timer: NodeJS.Timeout;
  isVisible = true;

  constructor(screen: ShellScreen) {
    this.#screen = screen;
    this.#timer = setInterval(() => {
      if (this.isVisible) this.#frames.push(frameHtml(screen.terminal));
    }, FRAME_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Writes a GIF of everything that was taken, `width` pixels wide. Rejects without a browser or ffmpeg. */
  async write(gif: string, width: number): Promise<void> {
    const { cols, rows } = this.#screen.terminal;
    const size = frameSize({ cols, rows });
    const folder = mkdtempSync(join(tmpdir(), 'massgen-film-'));
    try {
      // A screen that did not change is drawn once and shown longer.
      const shown: { html: string; count: number }[] = [];
      for (const html of this.#frames) {
        const last = shown.at(-1);
        if (last?.html === html) last.count += 1;
        else shown.push({ html, count: 1 });
      }
      const perPage = Math.max(1, Math.floor(MAX_PAGE_HEIGHT / size.height));
      const inputs: string[] = [];
      for (let at = 0; at < shown.length; at += perPage) {
        const page = shown.slice(at, at + perPage);
        const strip = join(folder, `strip-${at}.png`);
        await drawFrames(
          page.map(({ html }) => html),
          size,
          strip,
        );
        // Its rows of frames become files, numbered from 1.
        const pattern = join(folder, `frame-${at}-%d.png`);
        await ffmpeg('-i', strip, '-vf', `untile=1x${page.length}`, pattern);
        for (const [index, { count }] of page.entries()) {
          const frame = pattern.replace('%d', String(index + 1));
          for (let i = 0; i < count; i++) inputs.push(`file '${frame}'\nduration ${FRAME_MS / 1000}`);
        }
      }
      const list = join(folder, 'list.txt');
      writeFileSync(list, `ffconcat version 1.0\n${inputs.join('\n')}\n`);
      const input = ['-f', 'concat', '-safe', '0', '-i', list];
      await ffmpeg(...input, '-vf', filmFilters(width), '-r', String(1000 / FRAME_MS), gif);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
