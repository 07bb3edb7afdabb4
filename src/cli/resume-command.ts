import { Command } from 'commander';
import type { ExitCode } from '../platform/errors.ts';
import { findAnyRun } from './find-any-run.ts';
import type { CommandContext } from './command-context.ts';
import { addOutputFlags, optionsOf } from './output-flags.ts';
import { readFlags } from './read-flags.ts';
import { addSteeringFlags } from './steering-flags.ts';
import { resumeLatest, resumeRunIn } from './resume-run.ts';

/** `massgen resume [run]`: goes on with a run that was cut off or cancelled. */
export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen resume')
    .description('Go on with a run that was cut off by a crash or cancelled. What it has come to is kept.')
    .argument('[run]', "the run's id, its beginning, or its folder; without it the latest one that can go on")
    .option('--force', 'take the run over even if another process seems to be working on it', false);
  addSteeringFlags(addOutputFlags(program));
  const ended = readFlags(program, argv, context.streams);
  if (ended !== null) return ended;
  const options = optionsOf(program, context.version);
  const [word] = program.args;
  if (word === undefined) return resumeLatest(options, context);
  return resumeRunIn(await findAnyRun(word, context.environment), options, context, program.opts()['force'] === true);
}
