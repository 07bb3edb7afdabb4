import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Environment } from '../platform/environment.ts';
import { massgenHome } from '../platform/paths.ts';
import { listThemes, userThemesFolder } from '../tui/theme/load-theme.ts';

/** The theme that the user has chosen in the app; null where there is none, or none of that name any more. Never rejects. */
export async function rememberedTheme(environment: Environment): Promise<string | null> {
  const name = (await readFile(fileOf(environment), 'utf8').catch(() => '')).trim();
  return listThemes(userThemesFolder(environment.variables)).includes(name) ? name : null;
}

/** Remembers a theme for the next start; `auto` forgets it. A comfort: what cannot be written is not remembered. */
export async function rememberTheme(environment: Environment, name: string): Promise<void> {
  const file = fileOf(environment);
  try {
    if (name === 'auto') return await rm(file, { force: true });
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomic(file, `${name}\n`);
  } catch {
    // The next start takes the theme that suits the terminal.
  }
}

function fileOf(environment: Environment): string {
  return join(massgenHome(environment), 'theme');
}
