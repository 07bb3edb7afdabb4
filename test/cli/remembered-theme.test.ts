import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Environment } from '../../src/platform/environment.ts';
import { rememberedTheme, rememberTheme } from '../../src/cli/remembered-theme.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

const environmentIn = (home: string): Environment => ({ cwd: home, home, variables: {} }) as unknown as Environment;

it('a theme that was taken is there at the next start, until it is forgotten', async () => {
  const environment = environmentIn(await temporaryFolder());
  expect(await rememberedTheme(environment)).toBe(null);
  await rememberTheme(environment, 'light');
  expect(await rememberedTheme(environment)).toBe('light');
  await rememberTheme(environment, 'auto');
  expect(await rememberedTheme(environment)).toBe(null);
});

it('what is no theme any more counts for nothing', async () => {
  const home = await temporaryFolder();
  await mkdir(join(home, '.massgen'));
  await writeFile(join(home, '.massgen', 'theme'), '../../etc/passwd');
  expect(await rememberedTheme(environmentIn(home))).toBe(null);
});
