import { basename } from 'node:path';
import { Command } from 'commander';
import { loadEnv } from '../config/env.ts';
import type { TeamSpec } from '../config/team.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { createRunId } from '../platform/ids.ts';
import { runsFolder } from '../platform/paths.ts';
import { forkRun } from '../sessions/fork-run.ts';
import type { Session, SessionStore } from '../sessions/session-store.ts';
import { fromFile } from './choose-team.ts';
import type { CommandContext } from './command-context.ts';
import { sessionStoreOf } from './continue-session.ts';
import { findAnyRun } from './find-any-run.ts';
import { wholeNumber, type CliOptions } from './options.ts';
import { addOutputFlags, optionsOf } from './output-flags.ts';
import { readFlags } from './read-flags.ts';
import { addSteeringFlags } from './steering-flags.ts';
import { resumeRunIn } from './resume-run.ts';
import { findSession } from './find-session.ts';
import { warner } from './warner.ts';

/** `massgen fork <run|session>`: a branch that has the beginning of a run or of a session. */
export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { environment, streams, version } = context;
  const program = new Command('massgen fork')
    .description('Branch off a run (which then goes on at once) or a session. What it branches off is not changed.')
    .argument('<run|session>', 'its id, or the beginning of it')
    .option('--at <number>', 'of a run: the last event to take over; of a session: how many turns', wholeNumber)
    .option('-c, --config <file>', 'of a run: another team and other rules; its agents need the ids of the run');
  addSteeringFlags(addOutputFlags(program));
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const word = program.args[0] ?? '';
  const { at = null } = program.opts<{ at?: number }>();
  const store = sessionStoreOf(environment);
  const now = createRealClock().now();
  const id = `session-${createRunId(now)}`;
  const session = await findSession(store, word);
  if (session) return forkSession(store, session, at, { id, now }, context);

  const options = optionsOf(program, version);
  const dir = await findAnyRun(word, environment);
  const team = await otherTeam(options, context);
  const clock = createRealClock();
  const branch = await forkRun({
    dir,
    at,
    runsDir: runsFolder(environment.cwd),
    clock,
    team,
    cwd: environment.cwd,
    session: id,
  });
  const former = (await store.list()).find((each) => each.runs.some((turn) => turn.dir === dir)) ?? null;
  const before = former
    ? former.runs.slice(
        0,
        former.runs.findIndex((turn) => turn.dir === dir),
      )
    : [];
  const parent = former && { session: former.id, turns: before.length };
  await store.create({ id, name: null, createdAt: now, cwd: environment.cwd, parent });
  for (const turn of [...before, { run: basename(branch.dir), dir: branch.dir, startedAt: now }]) {
    await store.addRun(id, turn);
  }
  streams.stderr.write(`Branched off ${basename(dir)} after event ${branch.at}: ${basename(branch.dir)}\n`);
  return resumeRunIn(branch.dir, options, context, false);
}

async function forkSession(
  store: SessionStore,
  session: Session,
  at: number | null,
  { id, now }: { id: string; now: number },
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  const turns = at ?? session.runs.length;
  if (turns > session.runs.length) {
    throw new MassgenError('fork-point', `The session ${session.id} has ${session.runs.length} turns, not ${turns}.`);
  }
  const parent = { session: session.id, turns };
  await store.create({ id, name: null, createdAt: now, cwd: environment.cwd, parent });
  for (const turn of session.runs.slice(0, turns)) await store.addRun(id, turn);
  streams.stdout.write(`${id}\n`);
  streams.stderr.write(`It has the first ${turns} turns. Go on with: massgen --session-id ${id} "your question"\n`);
  return EXIT.ok;
}

async function otherTeam(options: CliOptions, { environment, streams }: CommandContext): Promise<TeamSpec | null> {
  if (options.config === undefined) return null;
  const { cwd, home, variables } = environment;
  const { env } = await loadEnv({ cwd, home, env: variables });
  const { findConfig } = await import('../config/discover.ts');
  const warn = warner(streams);
  const path = await findConfig(options.config, { cwd, home, env });
  return (await fromFile(path, options, { cwd, home, env, warn })).team;
}
