import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, MassgenError } from '../platform/errors.ts';
import { isWithin, type Grant } from './path-policy.ts';

/** A place of the user's that agents may see, as a config names it. */
export interface ContextPath {
  /** Absolute, or relative to `from` of `resolveContextPaths`. */
  path: string;
  /** `write`: the presenter may write there, nobody else, and only while it presents. */
  permission: 'read' | 'write';
  /** Relative to the path, or absolute; they stay read-only. */
  protectedPaths: readonly string[];
}

/** A context path that was found on the disk. */
export interface ResolvedContext {
  root: string;
  isFile: boolean;
  permission: 'read' | 'write';
  protectedPaths: string[];
}

/**
 * Finds the places. Of two entries for one place the later one counts. Rejects with a MassgenError when a place does
 * not exist; says through `onProblem` which protected paths lie outside of their place and protect nothing.
 */
export async function resolveContextPaths(
  paths: readonly ContextPath[],
  from: string,
  onProblem: (message: string) => void,
): Promise<ResolvedContext[]> {
  const found = new Map<string, ResolvedContext>();
  for (const context of paths) {
    const wanted = resolve(from, context.path);
    const root = await realpath(wanted).catch((cause: unknown) => {
      throw new MassgenError(
        'missing-context-path',
        `The context path ${wanted} does not exist or cannot be read. Create it, or take it out of context_paths.`,
        { exitCode: EXIT.config, cause },
      );
    });
    const protectedPaths: string[] = [];
    for (const each of context.protectedPaths) {
      const path = resolve(root, each);
      const real = await realpath(path).catch(() => path);
      if (!isWithin(root, path))
        onProblem(`The protected path ${each} does not lie in ${root}, so it protects nothing.`);
      else protectedPaths.push(...new Set([path, ...(isWithin(root, real) ? [real] : [])]));
    }
    const isFile = (await stat(root)).isFile();
    found.set(root, { root, isFile, permission: context.permission, protectedPaths });
  }
  return [...found.values()];
}

/** What a place allows, now. */
export function contextGrant(context: ResolvedContext, mayWrite: boolean): Grant {
  return {
    root: context.root,
    isFile: context.isFile,
    mode: context.permission === 'write' && mayWrite ? 'write' : 'read',
    name: context.isFile ? 'this file' : context.root,
    protectedPaths: context.protectedPaths,
    guardsNames: true,
  };
}
