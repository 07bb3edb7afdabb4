/**
 * Records one tape with this project's own player, without VHS. Needs Chromium and ffmpeg. Every `Screenshot` becomes
 * a PNG in `--out`; `--only` names the ones that are wanted, `--gif` a file for the moving picture.
 *
 *     node test/tapes/record.ts four-agents.tape --out pictures --only four-agents-panes.png --gif pictures/four.gif
 */
import { basename, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { recordTape } from './recorder.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: '.' },
    only: { type: 'string', multiple: true },
    gif: { type: 'string' },
    width: { type: 'string', default: '880' },
  },
});
const [tape] = positionals;
if (tape === undefined) throw new Error('Which tape? node test/tapes/record.ts <tape> --out <folder>');
const files = await recordTape(basename(tape), {
  out: resolve(values.out),
  gifWidth: Number(values.width),
  ...(values.only ? { only: values.only } : {}),
  ...(values.gif === undefined ? {} : { gif: resolve(values.gif) }),
});
process.stdout.write(files.map((file) => `${file}\n`).join(''));
