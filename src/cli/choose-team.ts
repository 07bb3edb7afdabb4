import { resolve } from 'node:path';
import type { LoadedEnv } from '../config/env.ts';
import type { LearningConfig } from '../config/schema/config.ts';
import type { TeamSpec } from '../config/team.ts';
import { MassgenError } from '../platform/errors.ts';
import type { RunLearning } from './learn-run.ts';
import type { CliOptions } from './options.ts';

/** Where the command was started, as far as choosing a team goes. */
export interface Surroundings {
  cwd: string;
  home: string;
  env: LoadedEnv['env'];
  /** Prints a line that is no result. */
  warn: (line: string) => void;
}

/** What the command line comes down to: one team, or several to choose from in the app. */
export type Choice =
  | {
      type: 'team';
      team: TeamSpec;
      seed: number | null;
      theme: string | null;
      sessionId: string | null;
      /** The config wants no app: plain lines, or the answer only. */
      display?: 'simple' | 'silent';
      /** Where learning picked the team. */
      learning?: RunLearning;
      /** What its config says of picking one, with the path of the config. */
      toLearn?: LearningConfig & { path: string };
    }
  | { type: 'pick' };

/**
 * Finds the team to run: what the flags name, else the user's default config, else what the user picks. Throws a
 * MassgenError (exit code 1) that says what is wrong with it and what to do.
 */
export async function chooseTeam(options: CliOptions, surroundings: Surroundings): Promise<Choice> {
  const { env, cwd } = surroundings;
  const named = [
    options.config && '--config',
    options.demo && '--demo',
    options.model === undefined ? options.backend && '--backend' : '--model',
    options.local && '--local',
    options.select && '--select',
  ].filter(Boolean);
  if (named.length > 1)
    throw new MassgenError('usage', `${named.join(' and ')} cannot be used together: each of them names a team.`);
  if (options.demo) return { type: 'team', team: await demo(options.seed), seed: null, theme: null, sessionId: null };
  const { local } = options;
  if (local !== undefined || options.model !== undefined || options.backend !== undefined) {
    const { quickTeam } = await import('../config/quick-team.ts');
    const { systemMessage, baseUrl } = options;
    const [model, backend] = local === undefined ? [options.model, options.backend] : [resolve(cwd, local), 'local'];
    return {
      type: 'team',
      team: quickTeam({ model, backend, systemMessage, baseUrl, env }),
      seed: null,
      theme: null,
      sessionId: null,
    };
  }
  if (options.select) return { type: 'pick' };
  const path = await configPath(options, surroundings);
  return path === null ? { type: 'pick' } : fromFile(path, options, surroundings);
}

/** `seed` varies the agents' slips too; without it they tell the story of the default seed. */
export async function demo(seed?: number): Promise<TeamSpec> {
  const { demoTeam } = await import('../config/demo-team.ts');
  return demoTeam(seed === undefined ? {} : { seed });
}

/** The file that the flags name, else the user's default config; null where there is none. */
export async function configPath(options: CliOptions, { cwd, home, env }: Surroundings): Promise<string | null> {
  const { findConfig, findDefaultConfig } = await import('../config/discover.ts');
  return options.config === undefined
    ? findDefaultConfig({ cwd, home })
    : findConfig(options.config, { cwd, home, env });
}

/** The team as the flags want it, wherever it comes from. `--apply` counts only where agents have copies of the files. */
export function withFlags(team: TeamSpec, { apply, orchestratorTimeout: seconds }: CliOptions): TeamSpec {
  const { settings } = team;
  return {
    ...team,
    settings: {
      ...settings,
      ...(seconds !== undefined && { timeoutMs: seconds * 1000 }),
      ...(apply !== undefined && settings.applyChanges !== null && { applyChanges: apply }),
    },
  };
}

/** Reads a config file and makes a team of it; its warnings go to stderr. */
export async function fromFile(
  path: string,
  options: CliOptions,
  { cwd, env, warn }: Surroundings,
): Promise<Extract<Choice, { type: 'team' }>> {
  const [{ loadConfig }, { resolveTeam, readPreferences }, { formatProblem }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/resolve.ts'),
    import('../config/problem.ts'),
  ]);
  const loaded = await loadConfig(path, { env, cwd });
  const warnings = loaded.problems.filter((problem) => problem.severity === 'warning');
  const team = withFlags(resolveTeam(loaded, { env }), options);
  if (options.strictValidation && warnings.length > 0) {
    throw new MassgenError('strict-validation', [`${path} has warnings:`, ...warnings.map(formatProblem)].join('\n'));
  }
  if (!options.skipValidation) for (const warning of warnings) warn(formatProblem(warning));
  if (team.unsupported.length > 0) {
    const { insteadOf } = await import('../config/read-features.ts');
    warn(`${path}: not supported yet, so it has no effect: ${team.unsupported.join(', ')}`);
    // Several agents may have the same key; what is to be done instead is said once.
    const names = new Set(team.unsupported.map((key) => key.slice(key.lastIndexOf('.') + 1)));
    for (const name of names) {
      const instead = insteadOf(name);
      if (instead !== null) warn(`${path}: ${name}: ${instead}.`);
    }
  }
  const { seed, theme, sessionId, learning, displayType: display } = readPreferences(loaded);
  return {
    type: 'team',
    team,
    seed,
    theme,
    sessionId,
    ...((display === 'simple' || display === 'silent') && { display }),
    ...(learning && { toLearn: { ...learning, path } }),
  };
}
