import type { Command } from 'commander';
import type { ExitCode } from '../platform/errors.ts';
import { parseFlags } from './parse-flags.ts';
import type { Streams } from './streams.ts';

/**
 * Has a subcommand's own arguments read. Null when the command goes on; where help was asked for, or an argument cannot be
 * read, that is written and the exit code returned.
 */
export function readFlags(
  program: Command,
  argv: readonly string[],
  { stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>,
): ExitCode | null {
  const parsed = parseFlags(program, argv);
  if (parsed.type === 'ok') return null;
  (parsed.exitCode === 0 ? stdout : stderr).write(parsed.text);
  return parsed.exitCode;
}
