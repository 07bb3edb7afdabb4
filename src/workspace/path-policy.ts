import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isErrno } from './folder-handle.ts';

/** `delete` also stands for the source of a move. */
export type FileUse = 'read' | 'write' | 'delete';

/** A place that an agent may use. The deepest grant that holds a path decides; without one, nothing is allowed. */
export interface Grant {
  /** Absolute and real. */
  root: string;
  /** The root is a single file; nothing beside it is granted. */
  isFile: boolean;
  /** `none` hides a part of another grant. */
  mode: 'none' | 'read' | 'write';
  /** What it is, for messages: `your workspace`. */
  name: string;
  /** Absolute paths at or below the root that stay read-only. */
  protectedPaths: readonly string[];
  /** Whether names that tools and people keep their state under (`.git`, `.env` …) stay read-only. */
  guardsNames: boolean;
}

/** A path that may be used: the folder that access begins at, and the names from there on. None of them is a link. */
export interface Located {
  /** Absolute and real. */
  path: string;
  /** A real folder that the grant covers or, for a granted file, the folder that holds it. */
  folder: string;
  names: string[];
  exists: boolean;
  grant: Grant;
}

export type Location = { ok: Located } | { refused: string };

/** MassGen's names that are never written in places that belong to the user. */
const GUARDED_NAMES = new Set(
  (
    '.git .env .massgen massgen_logs node_modules .DS_Store __pycache__ .venv venv ' +
    '.pytest_cache .mypy_cache .ruff_cache .tox .cache .ssh .gnupg'
  )
    .split(' ')
    .map(fold),
);

/** True for `.git`, `.env` and the like, in any spelling that a file system may take for it. */
export function isGuardedName(name: string): boolean {
  return GUARDED_NAMES.has(fold(name));
}

const MAX_PATH_LENGTH = 4_096;

/**
 * Finds out where a path really leads and whether it may be used so. `base` is what relative paths start from. Links
 * are followed as far as they exist; a link that leads nowhere is refused, since writing would follow it. The answer
 * is true for the moment only: use it through `inFolder`, which follows no link any more. Never throws.
 */
export async function locate(input: string, use: FileUse, base: string, grants: readonly Grant[]): Promise<Location> {
  const flaw = flawOf(input);
  if (flaw !== null) return { refused: flaw };
  const wanted = isAbsolute(input) ? resolve(input) : resolve(base, input);
  const found = await realPathOf(wanted);
  if ('refused' in found) return found;
  const { path, exists } = found;
  const grant = grantFor(path, grants);
  if (!grant || grant.mode === 'none') return { refused: `This path is outside of what you may use: ${shown(input)}.` };
  const denial = use === 'read' ? null : denialOf(path, use, grant);
  if (denial !== null) return { refused: denial };
  const folder = grant.isFile ? dirname(grant.root) : grant.root;
  return { ok: { path, folder, names: namesBetween(folder, path), exists, grant } };
}

function flawOf(input: string): string | null {
  if (input === '') return 'The path is empty.';
  if (input.length > MAX_PATH_LENGTH) return 'The path is too long.';
  if (/\p{Cc}/u.test(input)) return 'The path has control characters.';
  if (!input.isWellFormed()) return 'The path is no valid text.';
  if (input.startsWith('~')) return 'Write the path without "~".';
  return null;
}

/** The real path of what exists, with the names that do not exist yet. */
async function realPathOf(wanted: string): Promise<{ path: string; exists: boolean } | { refused: string }> {
  const missing: string[] = [];
  for (let here = wanted; ; here = dirname(here)) {
    try {
      const real = await realpath(here);
      return { path: join(real, ...missing), exists: missing.length === 0 };
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) return { refused: 'This path cannot be looked up.' };
      if (await isThere(here)) return { refused: 'This path is a link that leads nowhere.' };
      missing.unshift(basename(here));
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

function grantFor(path: string, grants: readonly Grant[]): Grant | undefined {
  const holding = grants.filter((grant) => (grant.isFile ? path === grant.root : isWithin(grant.root, path)));
  return holding.toSorted((a, b) => b.root.length - a.root.length)[0];
}

function denialOf(path: string, use: FileUse, grant: Grant): string | null {
  if (grant.mode === 'read') return `You may only read in ${grant.name}.`;
  if (path === grant.root && (use === 'delete' || !grant.isFile)) return `${grant.name} itself stays as it is.`;
  const folded = fold(path);
  const isProtected = grant.protectedPaths.some((kept) => isWithin(fold(kept), folded));
  if (isProtected) return 'This path is protected: you may only read it.';
  const holdsProtected = grant.protectedPaths.some((kept) => isWithin(folded, fold(kept)));
  if (use === 'delete' && holdsProtected) return 'A protected path lies below it, so it cannot be deleted.';
  const guarded = grant.guardsNames ? namesBetween(grant.root, path).find(isGuardedName) : '';
  return guarded ? `You may only read what is in "${guarded}".` : null;
}

/** True if `path` is `root` or lies below it. Both absolute; compares bytes. */
export function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

function namesBetween(root: string, path: string): string[] {
  return relative(root, path).split(sep).filter(Boolean);
}

/** One spelling for all that some file system may take for the same name. Only used to deny, so it may go too far. */
function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toUpperCase()
    .toLowerCase()
    .split('/')
    .map((part) => part.replace(/[. ]+$/, '') || part)
    .join('/');
}

function shown(input: string): string {
  return input.length > 200 ? `${input.slice(0, 200)}…`.toWellFormed() : input;
}
