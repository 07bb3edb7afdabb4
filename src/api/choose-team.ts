import { resolve } from 'node:path';
import { findConfig, findDefaultConfig } from '../config/discover.ts';
import type { TeamSpec } from '../config/team.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import { MassgenError } from '../platform/errors.ts';
import { buildConfig } from './build-config.ts';
import type { ConfigObject } from './config-object.ts';
import type { Surroundings } from './surroundings.ts';
import type { TeamSource } from './team-source.ts';

export interface ChosenTeam {
  team: TeamSpec;
  /** What its config says; null when it says nothing. */
  seed: number | null;
}

/** Finds the team and makes it ready to run. Rejects with a MassgenError that says everything that is wrong. */
export async function chooseTeam(
  source: TeamSource,
  overrides: Partial<CoordinationSettings>,
  surroundings: Surroundings,
): Promise<ChosenTeam> {
  const named = namesOf(source);
  if (named.length > 1)
    throw new MassgenError('usage', `${named.join(' and ')} cannot be used together: each names a team.`);
  if (source.demo === true) return demoTeam(overrides);
  if (source.configObject !== undefined) return fromObject(source.configObject, overrides, surroundings);
  const { model, models, agents, backend, baseUrl } = source;
  const parts = { model, models, agents, backend, baseUrl };
  if (Object.values(parts).some((part) => part !== undefined))
    return fromObject(buildConfig(parts), overrides, surroundings);
  const path =
    source.config === undefined ? await findDefaultConfig(surroundings) : await findConfig(source.config, surroundings);
  if (path === null) {
    throw new MassgenError(
      'no-team',
      'No team was named, and there is no default config. Give config, configObject, model, models, agents or demo.',
    );
  }
  return fromFile(path, overrides, surroundings);
}

/** `agents` goes along with `model` or `models`, as their number, and `backend` and `baseUrl` with all three. */
function namesOf({ config, configObject, model, models, agents, demo, backend, baseUrl }: TeamSource): string[] {
  const hasAgents = model !== undefined || models !== undefined || agents !== undefined;
  return [
    config !== undefined && 'config',
    configObject !== undefined && 'configObject',
    model !== undefined && 'model',
    models !== undefined && 'models',
    agents !== undefined && model === undefined && models === undefined && 'agents',
    backend !== undefined && !hasAgents && 'backend',
    baseUrl !== undefined && !hasAgents && backend === undefined && 'baseUrl',
    demo === true && 'demo',
  ].filter((name) => name !== false);
}

async function demoTeam(overrides: Partial<CoordinationSettings>): Promise<ChosenTeam> {
  const [{ demoTeam: makeTeam }, { DEFAULT_DEMO_SEED }] = await Promise.all([
    import('../config/demo-team.ts'),
    import('../providers/demo/strategy.ts'),
  ]);
  const team = makeTeam();
  return { team: { ...team, settings: { ...team.settings, ...overrides } }, seed: DEFAULT_DEMO_SEED };
}

/** A config file that was found. Rejects with a MassgenError that lists everything in the way. */
export async function fromFile(
  path: string,
  overrides: Partial<CoordinationSettings>,
  { cwd, env }: Surroundings,
): Promise<ChosenTeam> {
  const { loadConfig, resolveTeam, readPreferences } = await loadConfigRoom();
  const loaded = await loadConfig(path, { env, cwd });
  return { team: resolveTeam(loaded, { env, overrides }), seed: readPreferences(loaded).seed };
}

/** A config that is no file: relative paths in it mean the working folder. */
export async function fromObject(
  config: ConfigObject,
  overrides: Partial<CoordinationSettings>,
  { cwd, env }: Surroundings,
): Promise<ChosenTeam> {
  const { loadConfigText, resolveTeam, readPreferences } = await loadConfigRoom();
  const loaded = loadConfigText(textOf(config), { path: resolve(cwd, 'team.json'), shownAs: 'config', env });
  const team = withoutOrigin(resolveTeam(loaded, { env, overrides }));
  return { team, seed: readPreferences(loaded).seed };
}

/** A team that cannot be made again from a file or a flag. */
export function withoutOrigin(team: TeamSpec): TeamSpec {
  const copy = { ...team };
  delete copy.origin;
  return copy;
}

/** Reading configs loads zod and YAML, so it waits for the first one. */
async function loadConfigRoom() {
  const [{ loadConfig, loadConfigText }, { resolveTeam, readPreferences }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/resolve.ts'),
  ]);
  return { loadConfig, loadConfigText, resolveTeam, readPreferences };
}

/** The object as JSON. Throws a MassgenError for what is no data, such as a cycle or a BigInt. */
export function textOf(config: ConfigObject): string {
  try {
    return JSON.stringify(config);
  } catch (error) {
    throw new MassgenError('invalid-config', 'The config object cannot be written as JSON; it must be plain data.', {
      cause: error,
    });
  }
}
