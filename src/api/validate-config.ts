import type { Problem } from '../config/problem.ts';
import type { ConfigObject } from './config-object.ts';
import { findSurroundings } from './surroundings.ts';
import { textOf } from './choose-team.ts';

/** What is wrong with a config. */
export interface ConfigReport {
  /** No errors, and with `strict` no warnings either. */
  isValid: boolean;
  /** In the order of the file. */
  errors: Problem[];
  warnings: Problem[];
}

/**
 * Checks a config file, or a config as data, without running it. Variables and keys are left out of account, so the
 * result is the same on every machine. Rejects only for an object that is no plain data.
 */
export async function validateConfig(
  config: string | ConfigObject,
  { strict = false, cwd }: { strict?: boolean | undefined; cwd?: string | undefined } = {},
): Promise<ConfigReport> {
  const { loadConfig, loadConfigText } = await import('../config/load.ts');
  const { problems } =
    typeof config === 'string'
      ? await loadConfig(config, { env: {}, cwd: (await findSurroundings({ cwd, env: {} })).cwd })
      : loadConfigText(textOf(config), { path: 'config.json', shownAs: 'config', env: {} });
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return { isValid: errors.length === 0 && !(strict && warnings.length > 0), errors, warnings };
}
