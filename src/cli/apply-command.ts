import { Command, Option } from 'commander';
import { oneLine } from '../headless/plain-text.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { applyRunChanges } from '../sessions/run-changes.ts';
import type { CommandContext } from './command-context.ts';
import { findAnyRun } from './find-any-run.ts';
import { readFlags } from './read-flags.ts';
import { toldFiles } from './told-files.ts';

/** `massgen apply <run> [paths…]`: writes what the winner of a run has changed into the user's folder. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen apply')
    .description(
      'Write what the chosen answer of a run has changed into your folder. Files that you have changed meanwhile are left as they are. massgen undo brings back what was there.',
    )
    .argument('[run]', "the run's id, its beginning, or its folder; without it the latest one", 'latest')
    .argument('[paths...]', 'only these files or folders, as the run names them')
    .addOption(
      new Option(
        '--conflicts <policy>',
        'where you have changed a file meanwhile: leave it, write nothing, or replace it',
      )
        .choices(['skip', 'fail', 'replace'])
        .default('skip'),
    )
    .helpOption('-h, --help');
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const [word = 'latest', ...paths] = program.args;
  const { conflicts: policy } = program.opts<{ conflicts: 'skip' | 'fail' | 'replace' }>();
  const dir = await findAnyRun(word, environment);
  const drift = policy === 'replace' ? 'prefer_presenter' : policy;
  const changed = await applyRunChanges(dir, paths, drift, createRealClock());
  streams.stdout.write(toldFiles(changed.paths));
  streams.stderr.write(`${changed.paths.length} written in ${oneLine(changed.base)}.\n`);
  for (const { path, reason } of changed.conflicts) {
    streams.stderr.write(`${oneLine(path)} was left as it is: ${oneLine(reason)}.\n`);
  }
  return changed.conflicts.length > 0 ? EXIT.execution : EXIT.ok;
}
