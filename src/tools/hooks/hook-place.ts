import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeScript } from '../bridge-script.ts';
import type { HookPlace } from './hook-program.ts';

/** A place for hooks, and the way to take its scripts away. */
export function openHookPlace(surroundings: Omit<HookPlace, 'placeScript'>): HookPlace & { dispose(): Promise<void> } {
  let folder: Promise<string> | null = null;
  const placed = new Map<string, Promise<string>>();
  return {
    ...surroundings,
    placeScript: (script) => {
      const known = placed.get(script.source.href);
      if (known) return known;
      folder ??= mkdtemp(join(tmpdir(), 'massgen-hooks-')).then((made) => realpath(made));
      const place = folder.then((made) => placeScript(script, made));
      placed.set(script.source.href, place);
      return place;
    },
    dispose: async () => {
      const made = await folder?.catch(() => null);
      if (made) await rm(made, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** Of the user's variables, those that programs need to work at all; nothing else is for hooks to see. */
const PASSED = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_RUNTIME_DIR|SYSTEMROOT)$/;

/** The environment of hooks on the user's machine. */
export function hookVariables(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed = Object.entries(variables).flatMap(([name, value]): [string, string][] =>
    value !== undefined && PASSED.test(name) ? [[name, value]] : [],
  );
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(passed), TERM: 'dumb' };
}
