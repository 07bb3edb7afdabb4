import { spawnSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { RESET } from '../tui/render/terminal.ts';
import { writeAllSync } from '../tui/render/writer.ts';
import type { CommandContext } from './command-context.ts';
import { readFlags } from './read-flags.ts';

/**
 * `massgen reset-terminal`: for a terminal that a killed app has left behind without a cursor, without echo, on the
 * second screen or with the mouse taken. Throws a MassgenError where standard output is no terminal.
 */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen reset-terminal')
    .description('Gives a terminal back that a killed massgen, or another program, has left unusable.')
    .usage('')
    .helpOption('-h, --help')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  if (!environment.terminal.stdout) {
    throw new MassgenError(
      'no-terminal',
      'Standard output is no terminal: run massgen reset-terminal in the terminal that is to be reset.',
    );
  }
  writeAllSync(1, `${RESET}The terminal is reset.\r\n`);
  const { stdin, stdout, stderr } = environment.terminal;
  // Echo, line editing and the like are kept by the system, not by the terminal. Systems without stty have none of them.
  spawnSync('stty', ['sane'], { stdio: [stdin ? 'inherit' : 1, 'ignore', 'ignore'] });
  // At its end Node.js gives every terminal that it began with the modes of that moment, the broken ones; it leaves those
  // alone that are closed.
  for (const [fd, isTerminal] of [stdin, stdout, stderr].entries()) if (isTerminal) closeSync(fd);
  return EXIT.ok;
}
