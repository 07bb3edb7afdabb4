/**
 * `npm run tapes`: records the tapes with VHS and puts what the documentation shows into `docs/pictures`.
 *
 *     npm run tapes -- [--player] [--all <folder>] [<tape>…]
 *     npm run tapes -- --screens [--size 80x24] [--theme light] [<screen>…]
 *
 * `--player` records with this project's own player where VHS is not installed (pictures, and GIF but no MP4).
 * `--screens` draws every screen of the program with that player, for `docs/screens.md`.
 * `--all` keeps everything that a tape makes, in that folder, instead of what the documentation shows.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KEPT } from './pictures.ts';
import { readTape } from './player.ts';
import { recordScreens, SIZES, THEMES } from './record-screens.ts';
import { recordTape } from './recorder.ts';
import { KEPT_PICTURE, shrinkFilm, shrinkPicture } from './shrink.ts';
import { setStage, TAPES } from './stage.ts';

/** In pixels, of what the documentation shows. */
const GIF_WIDTH = 800;
const PICTURES = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    player: { type: 'boolean', default: false },
    all: { type: 'string' },
    screens: { type: 'boolean', default: false },
    size: { type: 'string', multiple: true, default: [...SIZES] },
    theme: { type: 'string', multiple: true, default: [...THEMES] },
  },
});
if (values.screens) {
  const folder = resolve(values.all ?? join(PICTURES, 'screens'));
  const drawn = await recordScreens(folder, { wanted: positionals, sizes: values.size, themes: values.theme });
  process.stdout.write(drawn.map((file) => `${file}\n`).join(''));
  process.exit(0);
}
const names = positionals.length > 0 ? positionals.map((name) => basename(name)) : Object.keys(KEPT);
const out = values.all === undefined ? PICTURES : resolve(values.all);
mkdirSync(out, { recursive: true });

if (!values.player && spawnSync('vhs', ['--version']).error) {
  process.stderr.write(
    'vhs is not installed: tapes/setup.sh installs it; "npm run tapes -- --player" records without it.\n',
  );
  process.exit(1);
}
for (const name of names) {
  const files = values.player ? await recordWithPlayer(name) : await recordWithVhs(name);
  process.stdout.write(files.map((file) => `${file}\n`).join(''));
}

async function recordWithPlayer(name: string): Promise<string[]> {
  const kept = KEPT[name];
  const isAll = values.all !== undefined || !kept;
  const gif = isAll ? name.replace(/\.tape$/, '.gif') : kept.gif;
  return recordTape(name, {
    out,
    gifWidth: GIF_WIDTH,
    ...(isAll ? {} : { only: kept.pictures, shrinking: KEPT_PICTURE }),
    ...(gif === undefined ? {} : { gif: join(out, gif) }),
  });
}

/** VHS plays on the same stage: the command, the teams and the settings are where a tape expects them. */
async function recordWithVhs(name: string): Promise<string[]> {
  const stage = setStage();
  try {
    cpSync(TAPES, join(stage.folder, 'tapes'), { recursive: true });
    const kept = KEPT[name];
    if (values.all === undefined && kept && kept.gif === undefined) leaveOutFilm(join(stage.folder, 'tapes', name));
    // Its browser needs the real home, so the program is told where its own is.
    const env = {
      ...process.env,
      PATH: stage.env['PATH'],
      MASSGEN_HOME: stage.env['HOME'],
      CI: '',
      VHS_NO_SANDBOX: process.getuid?.() === 0 ? 'true' : '',
    };
    const { status } = spawnSync('vhs', [join('tapes', name)], { cwd: stage.folder, env, stdio: 'inherit' });
    if (status !== 0) throw new Error(`vhs ended with ${status} at ${name}`);
    const made = readTape(name).commands.flatMap((command) =>
      command.type === 'output' || command.type === 'screenshot' ? basename(command.path) : [],
    );
    const wanted = values.all === undefined && kept ? [...kept.pictures, ...(kept.gif ? [kept.gif] : [])] : made;
    for (const file of wanted) {
      const [from, to] = [join(stage.folder, file), join(out, file)];
      if (!existsSync(from)) throw new Error(`${name} was recorded, but ${file} is not there`);
      if (file.endsWith('.png')) await shrinkPicture(from, to, values.all === undefined ? KEPT_PICTURE : {});
      else if (file.endsWith('.gif') && values.all === undefined) await shrinkFilm(from, to, GIF_WIDTH);
      else copyFileSync(from, to);
    }
    return wanted.map((file) => join(out, file));
  } finally {
    stage.remove();
  }
}

/** Where pictures alone are wanted, VHS need not make a moving one, which takes it longest. */
function leaveOutFilm(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^Output .*$/m, 'Output frames/'));
}
