import { choose } from '../evaluation/learning/bandit.ts';
import { seededRandom } from '../events/random.ts';
import { createRealClock } from '../platform/clock.ts';
import { randomSeed } from '../platform/entropy.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { Environment } from '../platform/environment.ts';
import { MassgenError } from '../platform/errors.ts';
import type { Choice, Surroundings } from './choose-team.ts';
import { evidenceFileOf, pickFileOf } from './evidence-file.ts';
import { armsOf } from './learn-arms.ts';
import { pickLine } from './learn-words.ts';
import type { CliOptions } from './options.ts';
import { RunLearning } from './learn-run.ts';

/**
 * `--learn KIND --arms …`: one of the arms, as `massgen learn choose` picks it, and says which and why. The seed of the
 * draw is that of the run, unless the config has its own. Rejects with a MassgenError that names the flag or the arm.
 */
export async function pickByLearning(
  options: CliOptions,
  surroundings: Surroundings,
  environment: Environment,
): Promise<Extract<Choice, { type: 'team' }>> {
  const { learn, arms: list } = options;
  const kind = learn?.trim() ?? '';
  if (list === undefined)
    throw new MassgenError('usage', '--learn: name what to choose from, such as --arms trio.yaml,alone.yaml.');
  if (kind === '')
    throw new MassgenError(
      'usage',
      '--arms: say of what kind the task is, such as --learn support; it is learnt by kind.',
    );
  const rival = [
    options.demo && '--demo',
    options.model && '--model',
    options.local && '--local',
    options.select && '--select',
    (options.init || options.setup) && '--init or --setup',
  ].find((flag) => flag);
  if (rival)
    throw new MassgenError('usage', `--learn and ${rival} cannot be used together: both say which team it is.`);
  const arms = await armsOf(list, options, surroundings);
  const evidence = evidenceFileOf(environment);
  const seed = options.seed ?? randomSeed();
  const names = arms.map(({ name }) => name);
  const choice = choose(names, kind, await evidence.read(), seededRandom(seed));
  const arm = arms.find(({ name }) => name === choice?.arm);
  if (!choice || !arm) throw new MassgenError('usage', '--arms: there is nothing to choose from.');
  const line = pickLine(choice, kind, seed);
  surroundings.warn(line);
  const learning = new RunLearning({
    picked: { kind, arm: arm.name, arms: names, seed },
    line,
    evidence,
    picks: pickFileOf(environment),
    clock: createRealClock(),
    warn: surroundings.warn,
  });
  return { ...arm.choice, seed: arm.choice.seed ?? seed, learning };
}

/** For a run that is gone on with: what learning has to do with it. Null where it did not pick the run's team. */
export async function learningOf(
  run: Pick<RunHandle, 'id' | 'dir'>,
  environment: Environment,
  warn: Surroundings['warn'],
): Promise<RunLearning | null> {
  const picks = pickFileOf(environment);
  const pick = (await picks.read()).findLast((each) => each.run === run.id);
  if (!pick) return null;
  const { kind, arm, arms, seed } = pick;
  const evidence = evidenceFileOf(environment);
  const picked = { kind, arm, arms, seed };
  const learning = new RunLearning({ picked, line: '', evidence, picks, clock: createRealClock(), warn });
  learning.resumed(run);
  return learning;
}
