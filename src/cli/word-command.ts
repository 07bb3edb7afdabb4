import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';

/** One word after a command that has several, such as `run` of `massgen eval`. Its file is loaded only when it is called. */
export interface Word {
  /** What to write after the word for the commonest use. */
  example?: string;
  /** One line of help. */
  summary: string;
  load(): Promise<(argv: readonly string[], context: CommandContext) => Promise<ExitCode>>;
}

/** Runs the word that comes first in `argv`; without one, or for help, tells which there are. `note` ends that text. */
export async function runWord(
  command: string,
  words: Readonly<Record<string, Word>>,
  [word = '', ...rest]: readonly string[],
  context: CommandContext,
  note = '',
): Promise<ExitCode> {
  const found = Object.hasOwn(words, word) ? words[word] : undefined;
  if (found) return (await found.load())(rest, context);
  const usage = usageOf(command, words, note);
  if (word === '--help' || word === '-h') {
    context.streams.stdout.write(usage);
    return EXIT.ok;
  }
  if (word !== '') throw new MassgenError('usage', `massgen ${command} ${word}: there is no such word.\n${usage}`);
  context.streams.stderr.write(usage);
  return EXIT.config;
}

function usageOf(command: string, words: Readonly<Record<string, Word>>, note: string): string {
  const shown = Object.entries(words).map(([name, { example, summary }]) => ({
    call: `massgen ${command} ${name}${example === undefined ? '' : ` ${example}`}`,
    summary,
  }));
  const width = Math.max(...shown.map(({ call }) => call.length));
  const lines = shown.map(({ call, summary }) => `  ${call.padEnd(width)}   ${summary}\n`);
  const end = note === '' ? '' : `${note}\n`;
  return `Usage: massgen ${command} <${Object.keys(words).join('|')}> …\n\n${lines.join('')}\n${end}Each has a --help of its own.\n`;
}
