import { createInterface } from 'node:readline/promises';
import type { Streams } from './streams.ts';

/** Asks at the terminal; anything but y or yes is no, and so is it where nobody can be asked. */
export async function askYesNo(question: string, { stdin, stderr }: Streams): Promise<boolean> {
  if (!stdin.isTTY) {
    stderr.write(`${question} Nobody can be asked here; --yes says yes.\n`);
    return false;
  }
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
