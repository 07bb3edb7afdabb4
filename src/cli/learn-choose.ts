import { Command } from 'commander';
import { choose } from '../evaluation/learning/bandit.ts';
import { seededRandom } from '../events/random.ts';
import { randomSeed } from '../platform/entropy.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';
import { evidenceFileOf } from './evidence-file.ts';
import { reasonsOf } from './learn-words.ts';
import { wholeNumber } from './options.ts';
import { readFlags } from './read-flags.ts';

/** `massgen learn choose`: one of the named arms on stdout, the reason on stderr. */
export async function chooseArm(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen learn choose')
    .description('Choose one of some teams (team:NAME), models (model:NAME) or sizes (size:N) by Thompson sampling.')
    .argument('<arms...>', 'what to choose from')
    .helpOption('-h, --help')
    .option('--kind <kind>', 'the kind of task', 'own')
    .option('--seed <number>', 'choose the same again', wholeNumber);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { kind, seed = randomSeed() } = program.opts<{ kind: string; seed?: number }>();
  const choice = choose(program.args, kind, await evidenceFileOf(environment).read(), seededRandom(seed));
  if (!choice) throw new MassgenError('usage', 'There is nothing to choose from.');
  streams.stderr.write(`${reasonsOf(choice).join('\n')}\n`);
  streams.stdout.write(`${choice.arm}\n`);
  return EXIT.ok;
}
