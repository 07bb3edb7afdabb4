import { Option, type Command } from 'commander';
import { parseArguments, speed, type CliOptions } from './options.ts';
import { MassgenError } from '../platform/errors.ts';

/** Adds the flags that say how a run is shown, for commands that show one. */
export function addOutputFlags(program: Command): Command {
  return program
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .option('--no-display', 'plain lines instead of the app')
    .option('--automation', 'LOG_DIR, STATUS, WINNER … lines for programs', false)
    .option('--json', 'events as JSON lines', false)
    .option('--speed <factor>', 'pace: a factor, or "max"', speed)
    .addOption(new Option('--theme <name>', 'colours of the app').choices(['auto', 'dark', 'light']))
    .option('--ascii', "no characters beyond ASCII in the app's frame", false)
    .option('--reduced-motion', 'no animation', false)
    .option('--debug', 'print where an unexpected error came from', false);
}

/** The options of the main command with what was given for this one; no team and no question. */
export function optionsOf(program: Command, version: string): CliOptions {
  const base = parseArguments([], version);
  if (base.type === 'text') throw new MassgenError('usage', base.text);
  return { ...base.options, ...program.opts<Partial<CliOptions>>() };
}
