import { Option, type Command } from 'commander';
import { positiveNumber } from './positive-number.ts';

/** Adds the flags with which programs step in, for commands that begin or go on with a run. */
export function addSteeringFlags(program: Command): Command {
  return program
    .option('--inbox-dir <dir>', 'take messages, votes and the like as JSON files from this folder')
    .option('--ask-files', 'what agents ask waits in requests/ of the run for responses/', false)
    .option('--ask-timeout <seconds>', 'how long it waits before it counts as declined; 300', positiveNumber)
    .addOption(
      new Option('--approve <policy>', 'what decides over calls where nobody can be asked').choices([
        'risk-based',
        'deny-all',
        'allow-all',
      ]),
    )
    .option('--commands', 'take messages, votes and answers as JSON lines from standard input', false);
}
