import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { pageOf } from './frame-html.ts';

const run = promisify(execFile);
/** A browser draws no page that is much taller than this many pixels. */
export const MAX_PAGE_HEIGHT = 12_000;
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Draws frames, one under the other, into a PNG with a headless browser. Rejects when there is none. */
export async function drawFrames(
  frames: readonly string[],
  size: { width: number; height: number },
  png: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'massgen-frames-'));
  const page = join(folder, 'page.html');
  writeFileSync(page, pageOf(frames));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--hide-scrollbars',
    '--force-device-scale-factor=1',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--window-size=${size.width},${size.height * frames.length}`,
    `--screenshot=${png}`,
  ];
  try {
    await run(browser(), [...flags, pathToFileURL(page).href], { timeout: 60_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Runs ffmpeg, silent unless it fails. */
export async function ffmpeg(...args: string[]): Promise<void> {
  await run('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args], { timeout: 300_000 });
}

function browser(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.find((name) => folders.some((folder) => existsSync(join(folder, name))));
  if (found === undefined) throw new Error(`none of ${NAMES.join(', ')} is on the PATH; run tapes/setup.sh`);
  return found;
}
