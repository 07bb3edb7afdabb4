import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../events/json.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { RemoteFiles, RemoteThing } from '../providers/remote/remote-files.ts';

/** Something that a run has put at a provider and that must be taken away again. Holds no secret. */
export interface RemoteEntry extends RemoteThing {
  /** Backend type and address of the provider that has it; null is the vendor's own address. */
  type: string;
  baseUrl: string | null;
  /** Where its key was looked for. */
  keyVariables: string[];
}

/** An address without what may be secret in it: a name and password, and what follows a question mark. */
export function plainAddress(baseUrl: string | null): string | null {
  if (baseUrl === null || !URL.canParse(baseUrl)) return null;
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function remotePath(dir: string): string {
  return join(dir, 'remote.json');
}

/** What a run's folder says is still at providers; empty where there is no such file, or none that can be read. */
export async function readRemote(dir: string): Promise<RemoteEntry[]> {
  const text = await readFile(remotePath(dir), 'utf8').catch(() => null);
  if (text === null) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.flatMap((each) => parse(each) ?? []) : [];
  } catch {
    return [];
  }
}

function parse(value: unknown): RemoteEntry | null {
  if (!isJsonObject(value)) return null;
  const { kind, id, type, baseUrl, keyVariables: names } = value;
  const isKnown = kind === 'file' || kind === 'store';
  if (!isKnown || typeof id !== 'string' || typeof type !== 'string' || !Array.isArray(names)) return null;
  const keyVariables = names.filter((name) => typeof name === 'string');
  return { kind, id, type, baseUrl: typeof baseUrl === 'string' ? baseUrl : null, keyVariables };
}

/** Replaces the list; an empty one leaves no file. Rejects with the system's error. */
export async function writeRemote(dir: string, entries: readonly RemoteEntry[]): Promise<void> {
  if (entries.length === 0) await rm(remotePath(dir), { force: true });
  else await writeFileAtomic(remotePath(dir), `${JSON.stringify(entries, null, 2)}\n`, { fsync: true });
}

/** A connection to the provider that has an entry; null where it cannot be made, for want of a key. */
export type RemoteConnect = (entry: RemoteEntry) => Promise<RemoteFiles | null>;

/** Takes things away at their providers, stores before the files in them, and tells which are left. Never rejects. */
export async function removeRemote(
  entries: readonly RemoteEntry[],
  connect: RemoteConnect,
  signal: AbortSignal,
): Promise<RemoteEntry[]> {
  const left: RemoteEntry[] = [];
  const remove = async (each: RemoteEntry): Promise<void> => {
    const isRemoved = await connect(each)
      .then(async (files) => files !== null && (await files.remove(each, signal).then(() => true)))
      .catch(() => false);
    if (!isRemoved) left.push(each);
  };
  await Promise.all(entries.filter(({ kind }) => kind === 'store').map(remove));
  await Promise.all(entries.filter(({ kind }) => kind === 'file').map(remove));
  return left;
}

/** What is left, in a sentence for people; empty when nothing is. */
export function leftText(left: readonly RemoteEntry[]): string {
  if (left.length === 0) return '';
  const types = [...new Set(left.map(({ type }) => type))].join(', ');
  const things =
    left.length === 1 ? 'One file or store of this run is' : `${left.length} files and stores of this run are`;
  return `${things} still at ${types}, because the provider did not take the removal. massgen runs clean tries again.`;
}
