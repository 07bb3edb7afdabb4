import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../events/json.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { makeFolder } from '../platform/make-folder.ts';
import { safeFileName } from '../platform/paths.ts';

/** A conversation with teams: its runs in the order in which they were begun, wherever their folders are. */
export interface Session {
  id: string;
  /** Given by the user; null without one. */
  name: string | null;
  createdAt: number;
  /** The folder that it was begun in. */
  cwd: string;
  /** The session that it branched off, and how many turns it took over; null for one of its own. */
  parent: { session: string; turns: number } | null;
  runs: SessionRun[];
}

export interface SessionRun {
  run: string;
  /** The run's folder, absolute. */
  dir: string;
  startedAt: number;
}

/**
 * The user's sessions, one folder each: `session.json` and a file per run. No file is ever written by two processes for
 * different reasons, so nothing is lost when several work at once, and no lock is needed.
 */
export interface SessionStore {
  /** Adds a session. Rejects with a MassgenError when it cannot be written. */
  create(session: Omit<Session, 'runs'>): Promise<void>;
  /** Null when there is no such session. */
  load(id: string): Promise<Session | null>;
  /** All sessions, the one with the latest run first. Never rejects; what cannot be read is left out. */
  list(): Promise<Session[]>;
  addRun(id: string, run: SessionRun): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  /** Forgets a session. The folders of its runs stay. */
  remove(id: string): Promise<void>;
}

export function isSessionId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(text);
}

/** The sessions below the user's own folder, e.g. `~/.massgen`. */
export function createSessionStore(massgenHome: string): SessionStore {
  const root = join(massgenHome, 'sessions');
  const folderOf = (id: string): string => {
    if (isSessionId(id)) return join(root, id);
    throw new MassgenError(
      'session-id',
      'A session id has 1 to 80 letters, digits, dots, hyphens and underscores, and begins with a letter or digit.',
    );
  };
  const write = async (path: string, value: JsonObject): Promise<void> => {
    try {
      await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
    } catch (cause) {
      const message = `The session could not be written to ${path}. Check the disk and the folder's permissions.`;
      throw new MassgenError('session-unwritable', message, { exitCode: EXIT.execution, cause });
    }
  };
  const load = async (id: string): Promise<Session | null> => {
    const folder = folderOf(id);
    const head = parseHead(id, await readJson(join(folder, 'session.json')));
    if (!head) return null;
    const names = await readdir(join(folder, 'runs')).catch((): string[] => []);
    const files = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => readJson(join(folder, 'runs', name))),
    );
    const runs = files.flatMap(parseRun).toSorted((a, b) => a.startedAt - b.startedAt || (a.run < b.run ? -1 : 1));
    return { ...head, runs };
  };
  const save = ({ id, name, createdAt, cwd, parent }: Omit<Session, 'runs'>): Promise<void> =>
    write(join(folderOf(id), 'session.json'), { v: 1, name, createdAt, cwd, parent });

  return {
    load,
    create: async (session) => {
      const folder = folderOf(session.id);
      await makeFolder(join(folder, 'runs')).catch(() => undefined);
      await save(session);
    },
    list: async () => {
      const names = await readdir(root).catch((): string[] => []);
      const found = await Promise.all(names.filter(isSessionId).map((id) => load(id).catch(() => null)));
      return found
        .filter((session) => session !== null)
        .toSorted((a, b) => lastUsedAt(b) - lastUsedAt(a) || (a.id < b.id ? 1 : -1));
    },
    addRun: (id, { run, dir, startedAt }) =>
      write(join(folderOf(id), 'runs', `${safeFileName(run)}.json`), { v: 1, run, dir, startedAt }),
    rename: async (id, name) => {
      const session = await load(id);
      if (session) await save({ ...session, name });
    },
    remove: (id) => rm(folderOf(id), { recursive: true, force: true }),
  };
}

export function lastUsedAt(session: Session): number {
  return session.runs.at(-1)?.startedAt ?? session.createdAt;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

function parseHead(id: string, value: unknown): Omit<Session, 'runs'> | null {
  if (!isJsonObject(value) || value['v'] !== 1) return null;
  const { name, createdAt, cwd, parent } = value;
  if (typeof createdAt !== 'number' || typeof cwd !== 'string') return null;
  return {
    id,
    name: typeof name === 'string' ? name : null,
    createdAt,
    cwd,
    parent: parseParent(parent),
  };
}

function parseParent(value: unknown): Session['parent'] {
  if (!isJsonObject(value)) return null;
  const { session, turns } = value;
  return typeof session === 'string' && typeof turns === 'number' ? { session, turns } : null;
}

function parseRun(value: unknown): SessionRun[] {
  if (!isJsonObject(value)) return [];
  const { run, dir, startedAt } = value;
  if (typeof run !== 'string' || typeof dir !== 'string' || typeof startedAt !== 'number') return [];
  return [{ run, dir, startedAt }];
}
