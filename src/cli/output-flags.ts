import type { Command } from 'commander';
import { addDisplayFlags } from './display-flags.ts';
import { parseArguments, speed, type CliOptions } from './options.ts';
import { MassgenError } from '../platform/errors.ts';

/** Adds the flags that say how a run is shown, for commands that show one. */
export function addOutputFlags(program: Command): Command {
  program.helpOption('-h, --help').allowExcessArguments(false).showSuggestionAfterError();
  return addDisplayFlags(program, 'events as JSON lines').option('--speed <factor>', 'pace: a factor, or "max"', speed);
}

/** The options of the main command with what was given for this one; no team and no question. */
export function optionsOf(program: Command, version: string): CliOptions {
  const base = parseArguments([], version);
  if (base.type === 'text') throw new MassgenError('usage', base.text);
  return { ...base.options, ...program.opts<Partial<CliOptions>>() };
}
