import type { ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';
import { runWord, type Word } from './word-command.ts';

const WORDS: Readonly<Record<string, Word>> = {
  status: {
    summary: 'what is known of teams, models and sizes, and from what',
    load: async () => (await import('./learn-status.ts')).printStatus,
  },
  choose: {
    example: 'team:a team:b',
    summary: 'name the one to use next; what is good is chosen often, what is unknown is tried',
    load: async () => (await import('./learn-choose.ts')).chooseArm,
  },
  collect: {
    example: '[run…]',
    summary: 'take over grades, thumbs and votes of runs',
    load: async () => (await import('./learn-collect.ts')).collectEvidence,
  },
  export: {
    example: '[run…]',
    summary: 'the conversations of runs with their rewards, as JSON lines for training',
    load: async () => (await import('./learn-export.ts')).exportTrajectories,
  },
};

const NOTE =
  'Nothing is learnt by itself: "massgen eval run --learn" takes over what graders say, "collect" what people and votes say; "massgen --learn KIND --arms LIST" picks by it and learns from the run.';

/** `massgen learn`: what evaluations, people and votes say of teams and models, and what to choose by it. */
export function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  return runWord('learn', WORDS, argv, context, NOTE);
}
