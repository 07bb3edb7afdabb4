import type { ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';
import { runWord, type Word } from './word-command.ts';

const WORDS: Readonly<Record<string, Word>> = {
  run: {
    example: 'suite.yaml',
    summary: 'ask every team every question, and keep what comes of it',
    load: async () => (await import('./eval-run.ts')).runEvaluation,
  },
  report: {
    example: 'suite.yaml',
    summary: 'tell what the results mean',
    load: async () => (await import('./eval-report.ts')).reportEvaluation,
  },
  terminal: {
    example: 'latest',
    summary: 'measure a recorded screen, and have it judged',
    load: async () => (await import('./eval-terminal.ts')).judgeTerminal,
  },
  size: {
    summary: 'how many questions it takes to tell two teams apart',
    load: async () => (await import('./eval-size.ts')).printSampleSize,
  },
};

/** `massgen eval`: finds out whether a team helps on the user's own questions. */
export function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  return runWord('eval', WORDS, argv, context);
}
