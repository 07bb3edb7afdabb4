import { basename } from 'node:path';
import { Command } from 'commander';
import { oneLine } from '../headless/plain-text.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { deleteSession as removeWithRuns } from '../sessions/delete-session.ts';
import type { Session, SessionStore } from '../sessions/session-store.ts';
import { requireIdle, sessionFolders } from '../sessions/session-folders.ts';
import { askYesNo } from './ask-yes-no.ts';
import { findSession } from './find-session.ts';
import type { CommandContext } from './command-context.ts';
import { sessionStoreOf } from './continue-session.ts';
import { listSessions } from './list-sessions.ts';
import { readFlags } from './read-flags.ts';

/** `massgen sessions`: lists, renames and deletes sessions. */
export async function run(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { streams, environment } = context;
  const program = new Command('massgen sessions')
    .description('List sessions; "rename <id> <name>" and "delete <id>" change one. The beginning of an id is enough.')
    .usage('[options] | rename <id> <name> | delete <id>')
    .argument('[action]')
    .argument('[id]')
    .argument('[name]')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .option('--all', 'those of every folder, not only of this one', false)
    .option('--json', 'as JSON', false)
    .option('--yes', 'delete without asking', false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const [action, id, name] = program.args;
  const { all, json, yes } = program.opts<{ all: boolean; json: boolean; yes: boolean }>();
  const store = sessionStoreOf(environment);
  if (action === undefined || action === 'list') return listSessions({ all, json }, context);
  if (action === 'rename' && id !== undefined && name !== undefined) {
    const session = await requireSession(store, id);
    await store.rename(session.id, name);
    streams.stderr.write(`${session.id} is called ${oneLine(name)} now.\n`);
    return EXIT.ok;
  }
  if (action === 'delete' && id !== undefined && name === undefined) {
    return deleteSession(store, await requireSession(store, id), yes, context);
  }
  throw new MassgenError('usage', `There is no such action. ${program.helpInformation().split('\n')[0] ?? ''}`);
}

async function requireSession(store: SessionStore, word: string): Promise<Session> {
  const session = await findSession(store, word);
  if (session) return session;
  throw new MassgenError('no-session', `There is no session ${word}. "massgen sessions --all" lists those there are.`);
}

async function deleteSession(
  store: SessionStore,
  session: Session,
  isSure: boolean,
  { streams, environment }: CommandContext,
): Promise<ExitCode> {
  await requireIdle(session);
  const folders = await sessionFolders(store, session);
  const what = `the session ${session.id} and the logs of ${folders.length} runs`;
  if (!isSure && !(await askYesNo(`Delete ${what} for good?`, streams))) {
    streams.stderr.write('Nothing was deleted.\n');
    return EXIT.config;
  }
  await removeWithRuns(store, { id: session.id, folders }, environment, createRealClock());
  streams.stderr.write(
    `Deleted ${what}${folders.length > 0 ? `: ${folders.map((dir) => basename(dir)).join(', ')}` : ''}.\n`,
  );
  return EXIT.ok;
}
