import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { writeReference } from '../../src/config/reference.ts';
import { parameterShape } from '../../src/config/schema/parameters.ts';

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));

/** The program without the schema: what uses a key has to name it. */
async function sourceText(): Promise<string> {
  const files = await readdir(SOURCE, { recursive: true });
  const wanted = files.filter((file) => file.endsWith('.ts') && !file.startsWith(join('config', 'schema')));
  return (await Promise.all(wanted.map((file) => readFile(join(SOURCE, file), 'utf8')))).join('\n');
}

test('every key that the reference calls working is used by the program', async () => {
  const rows = writeReference().matchAll(/^\| `([^`]+)` \|.*\| yes \|$/gm);
  const names = new Set(
    [...rows].map(
      ([, path = '']) =>
        path
          .split('.')
          .at(-1)
          ?.replaceAll(/\[\]$|^<.*>$/g, '') ?? '',
    ),
  );
  const words = new Set((await sourceText()).match(/\w+/g));
  // Parameters of models are sent on under their own names.
  const isSentOn = (name: string): boolean => Object.hasOwn(parameterShape, name);
  expect(names.size).toBeGreaterThan(150);
  expect([...names].filter((name) => name !== '' && !isSentOn(name) && !words.has(name))).toEqual([]);
});
