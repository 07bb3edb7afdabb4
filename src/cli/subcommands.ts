import type { Environment } from '../platform/environment.ts';
import type { ExitCode } from '../platform/errors.ts';
import type { Streams } from './streams.ts';

/** What a subcommand works with. */
export interface CommandContext {
  environment: Environment;
  streams: Streams;
  version: string;
}

/** One word after `massgen`. Its file is loaded only when it is called; `run` throws a MassgenError for what is not possible. */
export interface Subcommand {
  name: string;
  /** One line for `massgen --help`. */
  summary: string;
  load(): Promise<{ run(argv: readonly string[], context: CommandContext): Promise<ExitCode> }>;
}

/** In the order of `massgen --help`. A question that is just one of these words needs another word. */
export const SUBCOMMANDS: readonly Subcommand[] = [];

export function findSubcommand(word: string | undefined): Subcommand | undefined {
  return SUBCOMMANDS.find((command) => command.name === word);
}
