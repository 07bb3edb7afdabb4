import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { maskFrame } from './mask.ts';
import type { ShellScreen } from './shell-screen.ts';

const FOLDER = fileURLToPath(new URL('golden/', import.meta.url));
const PATIENCE_MS = 15_000;
/** With nothing to compare with, a frame is taken when the screen has been still for this long. */
const STILL_MS = 700;

/** What a tape's screenshot is compared with, or made into with UPDATE_GOLDEN=1. */
export interface GoldenFrame {
  expected: string;
  actual: string;
}

/**
 * Waits until the screen is what the golden file says, so that a busy machine only makes it slower, and returns both
 * texts in any case. With UPDATE_GOLDEN=1, or where there is no file yet outside CI, it writes the file.
 */
export async function compareFrame(
  tape: string,
  shot: string,
  screen: ShellScreen,
  isRealTime = false,
): Promise<GoldenFrame> {
  const file = join(FOLDER, basename(tape, '.tape'), `${basename(shot, '.png')}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    let before = '';
    for (let now = await frameOf(screen, isRealTime); now !== before; now = await frameOf(screen, isRealTime)) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, STILL_MS));
    }
    mkdirSync(join(FOLDER, basename(tape, '.tape')), { recursive: true });
    writeFileSync(file, before);
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '(no golden file: make it with UPDATE_GOLDEN=1)\n';
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const actual = await frameOf(screen, isRealTime);
    const left = deadline - performance.now();
    if (actual === expected || left <= 0) return { expected, actual };
    await screen.change(Math.min(left, 200));
  }
}

async function frameOf(screen: ShellScreen, isRealTime: boolean): Promise<string> {
  return `${maskFrame(await screen.text(), isRealTime).join('\n')}\n`;
}
