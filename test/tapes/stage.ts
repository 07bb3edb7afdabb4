import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const TAPES = fileURLToPath(new URL('../../tapes/', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));

/** A folder of its own for one tape, with everything that a tape may take for granted. */
export interface Stage {
  folder: string;
  /** Nothing of the machine's environment gets in but the search path. */
  env: Record<string, string>;
  remove(): void;
}

/** The tape finds the command `massgen` (this source tree), the teams and runs of `tapes`, and an empty home. */
export function setStage(): Stage {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'massgen-tape-')));
  const folder = join(root, 'desk');
  const bin = join(root, 'bin');
  const home = join(root, 'home');
  for (const each of [folder, bin, home]) mkdirSync(each);
  for (const each of ['teams', 'runs']) cpSync(join(TAPES, each), join(folder, each), { recursive: true });
  const shim = join(bin, 'massgen');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(shim, 0o755);
  const path = [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return {
    folder,
    env: {
      PATH: path,
      HOME: home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      PS1: '> ',
      BASH_SILENCE_DEPRECATION_WARNING: '1',
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
