import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOM = fileURLToPath(new URL('../../src/config/', import.meta.url));

/** Packages that a module loads as soon as it is imported, by itself or through others. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm,
  )) {
    if (!from.startsWith('.')) packages.add(from);
    else for (const name of packagesOf(resolve(dirname(file), from), seen)) packages.add(name);
  }
  return packages;
}

describe('what is needed without a config file', () => {
  it.each([
    'quick-team.ts',
    'demo-team.ts',
    'runnable-teams.ts',
    'probe-models.ts',
    'env.ts',
    'discover.ts',
    'catalogue.ts',
  ])('%s loads neither zod nor yaml', (file) => {
    expect([...packagesOf(resolve(ROOM, file))].filter((name) => name === 'zod' || name === 'yaml')).toEqual([]);
  });

  it('is told apart from what needs them', () => {
    expect([...packagesOf(resolve(ROOM, 'load.ts'))]).toEqual(expect.arrayContaining(['zod', 'yaml']));
  });
});
