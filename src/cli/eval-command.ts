import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';

type Part = (argv: readonly string[], context: CommandContext) => Promise<ExitCode>;

const PARTS: Record<string, () => Promise<Part>> = {
  run: async () => (await import('./eval-run.ts')).runEvaluation,
  report: async () => (await import('./eval-report.ts')).reportEvaluation,
  terminal: async () => (await import('./eval-terminal.ts')).judgeTerminal,
  size: async () => (await import('./eval-size.ts')).printSampleSize,
};

const USAGE = `Usage: massgen eval <run|report|terminal|size> …

  massgen eval run suite.yaml      ask every team every question, and keep what comes of it
  massgen eval report suite.yaml   tell what the results mean
  massgen eval terminal latest     measure a recorded screen, and have it judged
  massgen eval size                how many questions it takes to tell two teams apart

Each has a --help of its own.
`;

/** `massgen eval`: finds out whether a team helps on the user's own questions. */
export async function run([word, ...rest]: readonly string[], context: CommandContext): Promise<ExitCode> {
  if (word === undefined || word === '--help' || word === '-h') {
    context.streams.stdout.write(USAGE);
    return word === undefined ? EXIT.config : EXIT.ok;
  }
  const load = Object.hasOwn(PARTS, word) ? PARTS[word] : undefined;
  if (!load) throw new MassgenError('usage', `massgen eval ${word}: there is no such word. ${USAGE}`);
  return (await load())(rest, context);
}
