/**
 * Records a tape with this project's own player instead of VHS: every `Screenshot` becomes a PNG, and with `--gif` the
 * whole tape becomes a moving picture. Needs Chromium and ffmpeg.
 *
 *     node test/tapes/record.ts four-agents.tape --out docs/pictures [--only four-agents-panes.png]... [--gif file.gif]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { drawFrames, ffmpeg } from './browser.ts';
import { Film } from './film.ts';
import { frameHtml, frameSize } from './frame-html.ts';
import { playTape, readTape } from './player.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'docs/pictures' },
    only: { type: 'string', multiple: true },
    gif: { type: 'string' },
    width: { type: 'string', default: '900' },
  },
});
const [name] = positionals;
if (name === undefined) throw new Error('which tape? node test/tapes/record.ts <tape> --out <folder>');
const tape = readTape(basename(name));
const out = resolve(values.out);
mkdirSync(out, { recursive: true });

const shots: { file: string; html: string }[] = [];
let film: Film | null = null;
await playTape(tape, {
  pace: 'record',
  onOpen: (screen) => {
    if (values.gif !== undefined) film = new Film(screen);
  },
  onVisible: (isVisible) => {
    if (film) film.isVisible = isVisible;
  },
  onScreenshot: async (shot, screen) => {
    await screen.text();
    const file = basename(shot.path);
    if (!values.only || values.only.includes(file)) shots.push({ file, html: frameHtml(screen.terminal) });
  },
  onClose: () => film?.stop(),
});

const folder = mkdtempSync(join(tmpdir(), 'massgen-shots-'));
try {
  for (const { file, html } of shots) {
    const raw = join(folder, file);
    await drawFrames([html], frameSize(tape), raw);
    // A screen of text has few colours: a palette makes the file a third as large, and nobody sees it.
    await ffmpeg(
      '-i',
      raw,
      '-vf',
      'split[a][b];[a]palettegen=max_colors=128[p];[b][p]paletteuse=dither=none',
      join(out, file),
    );
    process.stdout.write(`${join(out, file)}\n`);
  }
  if (values.gif !== undefined && film) {
    const gif = resolve(values.gif);
    await (film as Film).write(gif, Number(values.width));
    process.stdout.write(`${gif}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
