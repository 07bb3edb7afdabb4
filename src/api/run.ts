import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MassgenError } from '../platform/errors.ts';
import { createRealClock } from '../platform/clock.ts';
import { massgenHome, runsFolder } from '../platform/paths.ts';
import type { SessionThread } from '../sessions/session-thread.ts';
import { wrongOption } from './check-options.ts';
import { checkSettings } from './check-settings.ts';
import type { RunOptions } from './run-options.ts';
import type { RunResult } from './result.ts';
import type { RunStream } from './run-stream.ts';
import { startTeam, type TeamRun } from './start-team.ts';
import { findSurroundings, type Surroundings } from './surroundings.ts';
import { teamRun } from './team-run.ts';
import { chooseTeam } from './choose-team.ts';

/**
 * Asks a team and resolves with what it came to. Prints nothing, and touches neither signals nor exit code nor working
 * folder; any number of runs may go on side by side. See `RunStream.result` for when it rejects.
 */
export function run(query: string, options: RunOptions = {}): Promise<RunResult> {
  return start(query, options).result;
}

/** As `run`, but returns at once with a way to follow and to cancel the run. Never throws. */
export function start(query: string, options: RunOptions = {}): RunStream {
  const wrong = wrongOption(options);
  return wrong ? startTeam(Promise.reject(wrong), {}) : startTeam(prepare(query, options), options);
}

async function prepare(query: string, options: RunOptions): Promise<TeamRun> {
  const question = typeof query === 'string' ? query.trim() : '';
  if (question === '') throw new MassgenError('no-question', 'There is no question: the query is empty.');
  if (options.session !== undefined && options.history !== undefined)
    throw new MassgenError('usage', 'session and history cannot be used together: a session has its own history.');
  const surroundings = await findSurroundings(options);
  if (!(await isFolder(surroundings.cwd)))
    throw new MassgenError('no-folder', `cwd: there is no folder ${surroundings.cwd}.`);
  const chosen = await chooseTeam(options, checkSettings(options.settings ?? {}), surroundings);
  return teamRun({
    team: chosen.team,
    seed: options.seed ?? chosen.seed ?? undefined,
    question,
    history: options.history ?? [],
    thread: options.session === undefined ? undefined : await openSession(options.session, surroundings),
    systemMessage: options.systemMessage,
    speed: options.speed ?? Infinity,
    runsDir: options.runsDir === undefined ? runsFolder(surroundings.cwd) : resolve(surroundings.cwd, options.runsDir),
    surroundings,
  });
}

/** A folder that is not there would be made, with the run in it, where nobody looks. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true;
}

async function openSession(session: string | true, surroundings: Surroundings): Promise<SessionThread> {
  const [{ openThread }, { createSessionStore }] = await Promise.all([
    import('../sessions/session-thread.ts'),
    import('../sessions/session-store.ts'),
  ]);
  const { cwd, home, env } = surroundings;
  const store = createSessionStore(massgenHome({ cwd, home, variables: env }));
  return openThread({ store, id: session === true ? null : session, cwd, now: createRealClock().now() });
}
