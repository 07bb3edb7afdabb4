import { dirname } from 'node:path';
import type { TeamSpec } from '../config/team.ts';
import type { PersonaSettings } from '../events/settings.ts';
import { oneLine } from '../headless/plain-text.ts';
import { MassgenError } from '../platform/errors.ts';
import { configPath, fromFile, type Choice, type Surroundings } from './choose-team.ts';
import type { CliOptions } from './options.ts';

type TeamChoice = Extract<Choice, { type: 'team' }>;

/** Something that may be picked for a run. */
export interface Arm {
  /** What evidence calls it, such as `team:trio`. */
  name: string;
  choice: TeamChoice;
}

const SORTS = ['team', 'model', 'size', 'personas'] as const;
type Sort = (typeof SORTS)[number];

const STRATEGIES = ['complementary', 'diverse', 'specialized', 'adversarial'] satisfies PersonaSettings['strategy'][];

/**
 * What `--arms` names, each with the team that it would be. They are all of one sort, since what is known of a model says
 * nothing of a team. `base` has them in its config, whose folder their paths start from. Rejects with a MassgenError that
 * names the arm; none of them may be one that cannot run.
 */
export async function armsOf(
  list: string,
  options: CliOptions,
  surroundings: Surroundings,
  base: TeamChoice | null = null,
): Promise<Arm[]> {
  const path = base?.toLearn?.path;
  const flag = path === undefined ? '--arms' : `${oneLine(path)}, learning.arms`;
  const words = list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(parseWord);
  const [first] = words;
  if (!first || words.length < 2) {
    throw new MassgenError(
      'usage',
      `${flag} ${oneLine(list)}: name at least two to choose from, with a comma between.`,
    );
  }
  const other = words.find(({ sort }) => sort !== first.sort);
  if (other) {
    const both = `${oneLine(first.word)} is a ${NAMES[first.sort]} and ${oneLine(other.word)} a ${NAMES[other.sort]}`;
    throw new MassgenError('usage', `${flag}: ${both}, which cannot be compared. Name arms of one sort.`);
  }
  const isVariant = first.sort === 'size' || first.sort === 'personas';
  const whole = isVariant ? (base ?? (await baseTeam(first, options, surroundings))) : null;
  if (!whole && path === undefined && options.config !== undefined)
    throw new MassgenError('usage', `--config and --arms ${oneLine(list)} cannot be used together: both name teams.`);
  const arms: Arm[] = [];
  for (const { sort, word, value } of words) {
    try {
      const places = path === undefined ? surroundings : { ...surroundings, cwd: dirname(path) };
      const choice = whole ? variantOf(whole, sort, value) : await teamOf(sort, value, options, surroundings, places);
      arms.push({ name: `${sort}:${sort === 'team' ? choice.team.name : value}`, choice });
    } catch (error) {
      if (!(error instanceof MassgenError)) throw error;
      const { code, exitCode } = error;
      throw new MassgenError(code, `${flag}, ${oneLine(word)}: ${error.message}`, { exitCode, cause: error });
    }
  }
  const twice = arms.find(({ name }, index) => arms.findIndex((each) => each.name === name) !== index);
  if (!twice) return arms;
  throw new MassgenError(
    'usage',
    `${flag}: two of them are ${oneLine(twice.name)}, so what is learnt could not tell them apart. Leave one out, or rename its file.`,
  );
}

const NAMES: Record<Sort, string> = { team: 'team', model: 'model', size: 'size', personas: 'way to points of view' };

function parseWord(word: string): { word: string; sort: Sort; value: string } {
  const sort = SORTS.find((each) => word.startsWith(`${each}:`));
  return { word, sort: sort ?? 'team', value: sort ? word.slice(sort.length + 1).trim() : word };
}

/** The team that sizes and points of view are of. */
async function baseTeam(
  { word }: { word: string },
  options: CliOptions,
  surroundings: Surroundings,
): Promise<TeamChoice> {
  const path = await configPath(options, surroundings);
  if (path !== null) return fromFile(path, options, surroundings);
  throw new MassgenError('usage', `--arms, ${oneLine(word)}: name the team that it is of with --config.`);
}

async function teamOf(
  sort: Sort,
  value: string,
  options: CliOptions,
  surroundings: Surroundings,
  places: Pick<Surroundings, 'cwd' | 'home' | 'env'>,
): Promise<TeamChoice> {
  if (sort === 'team') {
    const { findConfig } = await import('../config/discover.ts');
    return fromFile(await findConfig(value, places), options, surroundings);
  }
  if (value === '') throw new MassgenError('usage', 'Write the name of a model after "model:".');
  const { quickTeam } = await import('../config/quick-team.ts');
  const { backend, systemMessage, baseUrl } = options;
  const team = quickTeam({ model: value, backend, systemMessage, baseUrl, env: surroundings.env });
  return { type: 'team', team, seed: null, theme: null, sessionId: null };
}

function variantOf(base: TeamChoice, sort: Sort, value: string): TeamChoice {
  return { ...base, team: sort === 'size' ? withSize(base.team, value) : withPersonas(base.team, value) };
}

/** The first agents of the config, in its order. */
function withSize(team: TeamSpec, value: string): TeamSpec {
  const size = Number(value);
  const most = team.agents.length;
  if (!/^[1-9]\d*$/.test(value) || size > most)
    throw new MassgenError('usage', `The size must be a whole number from 1 to ${most}, the agents of ${team.name}.`);
  const agents = team.agents.slice(0, size);
  const ids = new Set(agents.map(({ id }) => id));
  for (const { id, subtask } of agents) {
    const missing = subtask?.dependsOn.find((each) => !ids.has(each));
    if (missing !== undefined)
      throw new MassgenError('usage', `${id} of ${team.name} waits for the part of ${missing}, which is left out.`);
  }
  return { ...team, agents };
}

function withPersonas(team: TeamSpec, value: string): TeamSpec {
  if (team.agents.length < 2)
    throw new MassgenError('usage', `${team.name} has one agent, and points of view are for several.`);
  if (value === 'none') return { ...team, settings: { ...team.settings, personas: null } };
  const strategy = STRATEGIES.find((each) => each === value);
  if (!strategy)
    throw new MassgenError(
      'usage',
      `There is no such way to points of view; choose from none, ${STRATEGIES.join(', ')}.`,
    );
  const usual = { diversity: 'perspective' as const, guidelines: '' };
  return { ...team, settings: { ...team.settings, personas: { ...usual, ...team.settings.personas, strategy } } };
}
