import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';

type Part = (argv: readonly string[], context: CommandContext) => Promise<ExitCode>;

const PARTS: Record<string, () => Promise<Part>> = {
  status: async () => (await import('./learn-status.ts')).printStatus,
  choose: async () => (await import('./learn-choose.ts')).chooseArm,
  collect: async () => (await import('./learn-collect.ts')).collectEvidence,
  export: async () => (await import('./learn-export.ts')).exportTrajectories,
};

const USAGE = `Usage: massgen learn <status|choose|collect|export> …

  massgen learn status                       what is known of teams, models and sizes, and from what
  massgen learn choose team:a team:b         name the one to use next; what is good is chosen often, what is unknown is tried
  massgen learn collect [run…]               take over thumbs and votes of runs
  massgen learn export [run…]                the conversations of runs with their rewards, as JSON lines for training

Nothing is learnt by itself: "massgen eval run --learn" takes over what graders say, "collect" what people and votes say.
Each has a --help of its own.
`;

/** `massgen learn`: what evaluations, people and votes say of teams and models, and what to choose by it. */
export async function run([word, ...rest]: readonly string[], context: CommandContext): Promise<ExitCode> {
  if (word === undefined || word === '--help' || word === '-h') {
    context.streams.stdout.write(USAGE);
    return word === undefined ? EXIT.config : EXIT.ok;
  }
  const load = Object.hasOwn(PARTS, word) ? PARTS[word] : undefined;
  if (!load) throw new MassgenError('usage', `massgen learn ${word}: there is no such word. ${USAGE}`);
  return (await load())(rest, context);
}
