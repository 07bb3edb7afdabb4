import { listConfigs, type ConfigFile } from '../config/discover.ts';
import { missingKeys } from '../config/missing-keys.ts';
import { createProbe } from '../config/probe-models.ts';
import { findRunnableTeams } from '../config/runnable-teams.ts';
import type { TeamSpec } from '../config/team.ts';
import { createRealClock } from '../platform/clock.ts';
import { MassgenError } from '../platform/errors.ts';
import type { TeamChoice, TeamSummary } from '../tui/teams.ts';
import { describeAgents, describeSettings, estimateTeam } from './describe-team.ts';
import { fromFile, type Surroundings } from './choose-team.ts';
import type { CliOptions } from './options.ts';

type Choose = (chosen: { team: TeamSpec; seed: number | null }) => TeamSummary;

/**
 * What the picker offers: the config files there are, the teams that the keys and local servers make possible, and
 * last the demo. Empty when there is only the demo, which then needs no choosing.
 */
export async function listTeams(
  options: CliOptions,
  surroundings: Surroundings,
  choose: Choose,
): Promise<TeamChoice[]> {
  const { cwd, home, env } = surroundings;
  const clock = createRealClock();
  const [files, runnable] = await Promise.all([
    listConfigs({ cwd, home }),
    findRunnableTeams({ env, probe: createProbe(clock) }),
  ]);
  const fromFiles = await Promise.all(files.map((file) => choiceOfFile(file, options, surroundings, choose)));
  const found = runnable.map(({ team, reason, kind }): TeamChoice => ({
    name: team.name,
    description: reason,
    agents: describeAgents(team),
    trouble: null,
    origin: kind === 'demo' ? 'built in' : 'ready',
    settings: describeSettings(team),
    estimate: () => estimateTeam(team, clock),
    select: async () => choose({ team, seed: null }),
  }));
  const choices = [...fromFiles.filter((choice) => choice !== null), ...found];
  return choices.length > 1 || options.select ? choices : [];
}

/** Null for YAML files that are no team at all: a picker of other programs' files helps nobody. */
async function choiceOfFile(
  { path, origin }: ConfigFile,
  options: CliOptions,
  surroundings: Surroundings,
  choose: Choose,
): Promise<TeamChoice | null> {
  const { loadConfig } = await import('../config/load.ts');
  const loaded = await loadConfig(path, { env: surroundings.env, cwd: surroundings.cwd });
  const root = loaded.value;
  if (typeof root !== 'object' || root === null || Array.isArray(root) || !('agents' in root || 'agent' in root))
    return null;
  const quiet = { ...surroundings, warn: () => undefined };
  try {
    const { team, seed } = await fromFile(path, options, quiet);
    return {
      name: loaded.name,
      description: path,
      agents: describeAgents(team),
      trouble: null,
      origin: ORIGINS[origin],
      settings: describeSettings(team),
      estimate: () => estimateTeam(team, createRealClock()),
      select: async () => choose({ team, seed }),
    };
  } catch (error) {
    if (!(error instanceof MassgenError)) throw error;
    const agents = [...(loaded.config?.agents ?? []), ...(loaded.config?.agent ? [loaded.config.agent] : [])];
    return {
      name: loaded.name,
      description: path,
      agents: agents.map(({ id, backend }) => ({ id, model: backend.model ?? backend.type ?? '', isModel: true })),
      trouble: error.message,
      origin: ORIGINS[origin],
      missing: loaded.config ? missingKeys(loaded.config, surroundings.env) : [],
      select: () => Promise.reject(error),
    };
  }
}

const ORIGINS: Record<ConfigFile['origin'], string> = { user: 'yours', project: '.massgen', folder: 'this folder' };
