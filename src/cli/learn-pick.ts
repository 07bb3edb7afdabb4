import { choose } from '../evaluation/learning/bandit.ts';
import { seededRandom } from '../events/random.ts';
import { createRealClock } from '../platform/clock.ts';
import { randomSeed } from '../platform/entropy.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { Environment } from '../platform/environment.ts';
import { MassgenError } from '../platform/errors.ts';
import { configPath, fromFile, type Choice, type Surroundings } from './choose-team.ts';
import { evidenceFileOf, pickFileOf } from './evidence-file.ts';
import { armsOf } from './learn-arms.ts';
import { pickLine } from './learn-words.ts';
import type { CliOptions } from './options.ts';
import { RunLearning } from './learn-run.ts';

type TeamChoice = Extract<Choice, { type: 'team' }>;

/**
 * `--learn KIND --arms …`, or what `named` has in its config instead: one of the arms, as `massgen learn choose` picks it,
 * and says which and why. Flags come first, each by itself. The seed of the draw is that of the flag, of `learning`, or of
 * the run, unless the config has its own. Rejects with a MassgenError that names the flag, the key or the arm.
 */
export async function pickByLearning(
  options: CliOptions,
  surroundings: Surroundings,
  environment: Environment,
  named: TeamChoice | null = null,
): Promise<TeamChoice> {
  const rival = [
    options.demo && '--demo',
    options.model && '--model',
    options.local && '--local',
    options.select && '--select',
    (options.init || options.setup) && '--init or --setup',
  ].find((flag) => flag);
  if (rival)
    throw new MassgenError('usage', `--learn and ${rival} cannot be used together: both say which team it is.`);
  const isWhole = options.learn !== undefined && options.arms !== undefined;
  const base = named ?? (isWhole ? null : await namedByConfig(options, surroundings));
  const kind = (options.learn ?? base?.toLearn?.kind ?? '').trim();
  const list = options.arms ?? base?.toLearn?.arms.join(',');
  if (list === undefined)
    throw new MassgenError('usage', '--learn: name what to choose from, such as --arms trio.yaml,alone.yaml.');
  if (kind === '')
    throw new MassgenError(
      'usage',
      '--arms: say of what kind the task is, such as --learn support; it is learnt by kind.',
    );
  const arms = await armsOf(list, options, surroundings, options.arms === undefined ? base : null);
  const evidence = evidenceFileOf(environment);
  const seed = options.seed ?? base?.toLearn?.seed ?? randomSeed();
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

/** The config that the flags or its place name, for what they leave out. Null where there is none. */
async function namedByConfig(options: CliOptions, surroundings: Surroundings): Promise<TeamChoice | null> {
  const path = await configPath(options, surroundings);
  return path === null ? null : fromFile(path, options, surroundings);
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
