import { Command } from 'commander';
import { sampleSize } from '../evaluation/statistics/sample-size.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';
import { positiveNumber } from './positive-number.ts';
import { readFlags } from './read-flags.ts';

interface SizeFlags {
  points: number;
  discordance: number;
  power: number;
}

/** `massgen eval size`: how many trials a comparison needs. */
export function printSampleSize(argv: readonly string[], { streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen eval size')
    .description('How many questions two teams must both answer to tell a difference between them from chance (5 %).')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('--points <number>', 'the difference in accuracy, in points', positiveNumber, 3)
    .option('--discordance <percent>', 'questions that only one of the two gets right, in percent', positiveNumber, 10)
    .option('--power <percent>', 'how surely it should be seen if it is there, in percent', positiveNumber, 80);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return Promise.resolve(ended);
  const { points, discordance, power } = program.opts<SizeFlags>();
  if (points > discordance || discordance > 100 || power >= 100) {
    throw new MassgenError(
      'usage',
      'The difference cannot be above the discordance, nor that above 100 %, and the power must be below 100 %.',
    );
  }
  const size = sampleSize({ difference: points / 100, discordance: discordance / 100, power: power / 100 });
  streams.stdout.write(`${size} questions\n`);
  return Promise.resolve(EXIT.ok);
}
