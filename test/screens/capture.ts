/**
 * Shows what the app looks like: runs `play.ts` in a real pty, reads the screen with a terminal emulator and writes
 * it as HTML (and as PNG where chromium is installed).
 * `node test/screens/capture.ts <folder> <name> <cols> <rows> <wait ms> <keys> [arguments of play.ts]`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openScreen } from './pty-screen.ts';

const [folder = 'captures', name = 'screen', cols = '80', rows = '24', wait = '1500', keys = '', ...args] =
  process.argv.slice(2);
const screen = openScreen(['test/screens/play.ts', ...args], { cols: Number(cols), rows: Number(rows) });
await sleep(Number(wait));
if (keys !== '') {
  screen.write(keys.replaceAll('\\t', '\t').replaceAll('\\r', '\r').replaceAll('\\e', '\x1b'));
  await sleep(400);
}
await screen.settle();
mkdirSync(folder, { recursive: true });
const html = join(folder, `${name}.html`);
writeFileSync(html, screen.html());
screen.kill();
try {
  const size = `${Number(cols) * 9 + 20},${Number(rows) * 19 + 20}`;
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--window-size=${size}`];
  execFileSync(
    'chromium',
    [...flags, `--screenshot=${join(folder, `${name}.png`)}`, `file://${join(process.cwd(), html)}`],
    { stdio: 'ignore' },
  );
} catch {
  process.stderr.write('no chromium: HTML only\n');
}
process.exit(0);
