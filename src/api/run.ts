import { resolve } from 'node:path';
import type { TeamSpec } from '../config/team.ts';
import type { RunEvent } from '../events/event.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import { MassgenError } from '../platform/errors.ts';
import { runsFolder } from '../platform/paths.ts';
import { toExchange, type PastTurn } from './past-turn.ts';
import type { RunResult } from './result.ts';
import { startTeam, type RunStream, type TeamRun } from './start-team.ts';
import { findSurroundings, type Surroundings, type SurroundingsOptions } from './surroundings.ts';
import { chooseTeam, withoutOrigin, type TeamSource } from './team-source.ts';

/** Which team answers, how, and who is told. */
export interface RunOptions extends TeamSource, SurroundingsOptions {
  /** Aborting it cancels the run, as `cancel()` does. */
  signal?: AbortSignal | undefined;
  /** Called with every event, in order. Must not throw: the run is cancelled then, and `result` rejects with it. */
  onEvent?: ((event: RunEvent) => void) | undefined;
  /** Told, in a full sentence, what went wrong beside the run, e.g. that `status.json` could not be written. */
  onProblem?: ((message: string) => void) | undefined;
  /** Where the run's folder is made; `.massgen/runs` in `cwd` if left out. */
  runsDir?: string | undefined;
  /** Makes everything that is left to chance repeatable. */
  seed?: number | undefined;
  /** Rules of the run; they win over the config's. */
  settings?: Partial<CoordinationSettings> | undefined;
  /** Told to every agent after its own system message. */
  systemMessage?: string | undefined;
  /** Earlier turns of the conversation, oldest first. */
  history?: readonly PastTurn[] | undefined;
  /** Virtual seconds per real one for built-in agents; they do not wait at all if left out. Models keep their own pace. */
  speed?: number | undefined;
}

/**
 * Asks a team and resolves with what it came to. Prints nothing, and touches neither signals nor exit code nor working
 * folder; any number of runs may go on side by side. See `RunStream.result` for when it rejects.
 */
export function run(query: string, options: RunOptions = {}): Promise<RunResult> {
  return start(query, options).result;
}

/** As `run`, but returns at once with a way to follow and to cancel the run. Never throws. */
export function start(query: string, options: RunOptions = {}): RunStream {
  return startTeam(prepare(query, options), options);
}

async function prepare(query: string, options: RunOptions): Promise<TeamRun> {
  const question = typeof query === 'string' ? query.trim() : '';
  if (question === '') throw new MassgenError('no-question', 'There is no question: the query is empty.');
  if (options.speed !== undefined && !(options.speed > 0))
    throw new MassgenError('usage', 'speed must be a number above 0.');
  const surroundings = await findSurroundings(options);
  const chosen = await chooseTeam(options, options.settings ?? {}, surroundings);
  return teamRun({
    team: chosen.team,
    seed: options.seed ?? chosen.seed ?? undefined,
    question,
    history: options.history ?? [],
    systemMessage: options.systemMessage,
    speed: options.speed ?? Infinity,
    runsDir: options.runsDir === undefined ? runsFolder(surroundings.cwd) : resolve(surroundings.cwd, options.runsDir),
    surroundings,
  });
}

export interface TeamQuestion {
  team: TeamSpec;
  seed: number | undefined;
  question: string;
  history: readonly PastTurn[];
  systemMessage: string | undefined;
  speed: number;
  runsDir: string;
  surroundings: Surroundings;
}

/** Puts a team and a question together. Rejects with a MassgenError for a question that the built-in team cannot take. */
export async function teamRun(asked: TeamQuestion): Promise<TeamRun> {
  const { team, seed, question, history, systemMessage, speed, runsDir, surroundings } = asked;
  const isDemo = team.agents.every(({ backend }) => backend.protocol === 'demo');
  if (isDemo) {
    const { parsePuzzle, PUZZLE_HELP } = await import('../providers/demo/puzzle.ts');
    if (!parsePuzzle(question)) {
      const message = `The built-in team has no model and solves number puzzles only. ${PUZZLE_HELP}`;
      throw new MassgenError('no-puzzle', message);
    }
  }
  return {
    team: systemMessage === undefined ? team : withInstruction(team, systemMessage),
    question,
    ...(history.length > 0 && { past: { history: history.map(toExchange) } }),
    seed,
    speed,
    runsDir,
    cwd: surroundings.cwd,
    variables: surroundings.env,
  };
}

/** Its origin does not hold the instruction, so this team cannot be made again from it. */
function withInstruction(team: TeamSpec, instruction: string): TeamSpec {
  const agents = team.agents.map((agent) => ({
    ...agent,
    systemMessage: [agent.systemMessage, instruction].filter(Boolean).join('\n\n'),
  }));
  return withoutOrigin({ ...team, agents });
}
