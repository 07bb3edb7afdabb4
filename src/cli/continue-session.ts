import { loadEnv } from '../config/env.ts';
import { foldEvents, isOver } from '../coordination/apply.ts';
import { readLaunchRecord } from '../engine/launch-record.ts';
import type { Environment } from '../platform/environment.ts';
import { MassgenError, type ExitCode } from '../platform/errors.ts';
import { massgenHome } from '../platform/paths.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { rebuildTeam } from '../sessions/rebuild-team.ts';
import { createSessionStore, type Session, type SessionStore } from '../sessions/session-store.ts';
import type { Choice } from './choose-team.ts';
import type { CommandContext } from './command-context.ts';
import type { CliOptions } from './options.ts';

export function sessionStoreOf(environment: Environment): SessionStore {
  return createSessionStore(massgenHome(environment));
}

/**
 * The session that `--continue` or `--session-id` names. Null when neither is given, or the named one is yet to be made.
 * `--continue` takes the latest one of this folder, else the latest of all. Throws a MassgenError when there is none.
 */
export async function continuedSession(options: CliOptions, environment: Environment): Promise<Session | null> {
  const store = sessionStoreOf(environment);
  if (options.sessionId !== undefined) return store.load(options.sessionId);
  if (!options.continue) return null;
  const sessions = await store.list();
  const found = sessions.find((session) => session.cwd === environment.cwd) ?? sessions[0];
  if (found) return found;
  throw new MassgenError('no-session', 'There is no session to go on with. Ask a question first.');
}

/** Goes on with the session's last run if it was cut off or cancelled. Null when it was not. */
export async function resumeLastOf(
  session: Session,
  options: CliOptions,
  context: CommandContext,
): Promise<ExitCode | null> {
  const last = session.runs.at(-1);
  if (!last) return null;
  const state = await readAll(last.dir).then(foldEvents, () => null);
  if (!state || isOver(state)) return null;
  const { resumeRunIn } = await import('./resume-run.ts');
  return resumeRunIn(last.dir, options, context, false);
}

/**
 * The team of the session's last run, made again. Null when the session has no run that can say how. Throws a
 * MassgenError when the team cannot be made any more.
 */
export async function teamOfSession(
  session: Session,
  environment: Environment,
): Promise<Extract<Choice, { type: 'team' }> | null> {
  for (const { dir } of session.runs.toReversed()) {
    const record = await readLaunchRecord(dir).catch(() => null);
    const state = record && (await readAll(dir).then(foldEvents, () => null));
    if (!state) continue;
    const { env } = await loadEnv({ cwd: record.cwd, home: environment.home, env: environment.variables });
    const infos = state.order.flatMap((alias) => state.agents[alias]?.info ?? []);
    const team = await rebuildTeam(record.origin, infos, { env, cwd: record.cwd });
    return { type: 'team', team, seed: null, theme: null, sessionId: null };
  }
  return null;
}

/** True when the command line says which team is to answer. */
export function namesTeam({ config, model, backend, local, demo, select, learn, arms }: CliOptions): boolean {
  return [config, model, backend, local, learn, arms].some((named) => named !== undefined) || demo || select;
}
