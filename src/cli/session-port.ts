import { foldEvents } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import { agentsOf } from '../coordination/views.ts';
import type { RunEvent } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { MassgenError } from '../platform/errors.ts';
import { createRunId } from '../platform/ids.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { exchangeOf } from '../sessions/history.ts';
import { createReplay } from '../sessions/replay.ts';
import { unfinishedTexts } from '../sessions/run-deeds.ts';
import { requireIdle, sessionFolders } from '../sessions/session-folders.ts';
import { lastUsedAt, type Session, type SessionRun, type SessionStore } from '../sessions/session-store.ts';
import { openThread, type SessionThread } from '../sessions/session-thread.ts';
import type { LeftText, SessionChoice, SessionPort, TurnChoice } from '../tui/sessions.ts';

/** Sessions that are read for a list. */
const MOST_SESSIONS = 60;

/** The session that the app works in, which the user may change. */
export interface CurrentSession {
  /** Null until there was a question. */
  thread: SessionThread | null;
}

/** The user's sessions, for the app. */
export function createSessionPort(options: {
  store: SessionStore;
  environment: Pick<Environment, 'cwd' | 'home' | 'variables'>;
  clock: Clock;
  current: CurrentSession;
}): SessionPort {
  const { store, environment, clock, current } = options;
  const { cwd } = environment;
  const choiceOf = async (session: Session): Promise<SessionChoice> => ({
    id: session.id,
    name: session.name,
    when: stamp(lastUsedAt(session)),
    cwd: session.cwd,
    isHere: session.cwd === cwd,
    isCurrent: session.id === current.thread?.id,
    parent: session.parent?.session ?? null,
    turns: (await Promise.all(session.runs.map(readTurn))).filter((turn) => turn !== null),
  });
  const goOn = (id: string): void => {
    current.thread = openThread({ store, id, cwd, now: clock.now() });
  };
  return {
    list: async () => {
      const sessions = await store.list();
      const ordered = [...sessions.filter((one) => one.cwd === cwd), ...sessions.filter((one) => one.cwd !== cwd)];
      const choices: SessionChoice[] = [];
      // One after the other: logs may be large, and all of them at once would be.
      for (const session of ordered.slice(0, MOST_SESSIONS)) choices.push(await choiceOf(session));
      return choices;
    },
    current: async () => {
      const id = current.thread?.id;
      const session = id === undefined ? null : await store.load(id).catch(() => null);
      return session && choiceOf(session);
    },
    openTurn: async (dir, onPart) => createReplay({ events: await readAll(dir, onPart), dir, clock, speed: Infinity }),
    goOn,
    begin: () => goOn(`session-${createRunId(clock.now())}`),
    fork: async (id) => {
      const session = await requireSession(store, id);
      const now = clock.now();
      const branch = `session-${createRunId(now)}`;
      const parent = { session: id, turns: session.runs.length };
      await store.create({ id: branch, name: null, createdAt: now, cwd, parent });
      for (const run of session.runs) await store.addRun(branch, run);
      goOn(branch);
      return branch;
    },
    rename: (id, name) => store.rename(id, name),
    countLogs: async (id) => {
      const session = await store.load(id).catch(() => null);
      return session ? (await sessionFolders(store, session)).length : 0;
    },
    remove: async (id) => {
      const session = await requireSession(store, id);
      await requireIdle(session);
      const { deleteSession } = await import('../sessions/delete-session.ts');
      await deleteSession(store, { id, folders: await sessionFolders(store, session) }, environment, clock);
    },
  };
}

async function requireSession(store: SessionStore, id: string): Promise<Session> {
  const session = await store.load(id);
  if (session) return session;
  throw new MassgenError('no-session', `The session ${id} is not there any more.`);
}

async function readTurn({ dir }: SessionRun): Promise<TurnChoice | null> {
  const events = await readAll(dir).catch(() => []);
  const state = foldEvents(events);
  if (!state) return null;
  const { question, final, end, startedAt } = state;
  const cost = agentsOf(state).some(({ info }) => info.isModel) ? state.cost : null;
  const outcome = end?.outcome ?? 'unfinished';
  const left = final ? [] : leftTexts(events, state);
  return { dir, when: stamp(startedAt), question, answer: final?.text ?? null, left, outcome, cost };
}

function leftTexts(events: readonly RunEvent[], state: RunState): LeftText[] {
  const { left = [] } = exchangeOf(state);
  return [
    ...left.map(({ by, text, votedFor, isWinner }) => {
      const vote = votedFor === null ? '' : `, votes for ${votedFor}`;
      return { title: `${by}${isWinner ? ', the winner' : ''}${vote}`, text, isUnfinished: false };
    }),
    ...unfinishedTexts(events, state).map(({ id, kind, text }) => ({
      title: `${id}, ${kind}`,
      text,
      isUnfinished: true,
    })),
  ];
}

function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
