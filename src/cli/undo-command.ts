import { Command } from 'commander';
import { oneLine } from '../headless/plain-text.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { undoRunChanges } from '../sessions/run-changes.ts';
import type { CommandContext } from './command-context.ts';
import { findAnyRun } from './find-any-run.ts';
import { readFlags } from './read-flags.ts';
import { toldFiles } from './told-files.ts';

/** `massgen undo <run>`: brings back what a run has changed in the user's folder. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen undo')
    .description(
      'Bring back what was in your folder before the changes of a run were written: contents, permissions, deleted and new files. Files that were changed since are left as they are.',
    )
    .argument('[run]', "the run's id, its beginning, or its folder; without it the latest one", 'latest')
    .helpOption('-h, --help')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const dir = await findAnyRun(program.args[0] ?? 'latest', environment);
  const changed = await undoRunChanges(dir, createRealClock());
  streams.stdout.write(toldFiles(changed.paths));
  streams.stderr.write(`${changed.paths.length} brought back in ${oneLine(changed.base)}.\n`);
  for (const { path, reason } of changed.conflicts) {
    streams.stderr.write(`${oneLine(path)} was left as it is: ${oneLine(reason)}.\n`);
  }
  return changed.conflicts.length > 0 ? EXIT.execution : EXIT.ok;
}
