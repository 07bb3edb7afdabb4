import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { MassgenError } from '../../platform/errors.ts';

/** What a recording needs, and where it comes from. */
const SOURCES: Readonly<Record<string, string>> = {
  vhs: '"go install github.com/charmbracelet/vhs@v0.11.0" (Go 1.25 or newer) or "brew install vhs"',
  ttyd: '"apt-get install ttyd" or "brew install ttyd"; where no package has it: https://github.com/tsl0922/ttyd/releases',
  ffmpeg: '"apt-get install ffmpeg" or "brew install ffmpeg"',
};

/** Rejects with a MassgenError that names each program which is not on the search path, and how to get it. */
export async function requirePrograms(path: string, platform: NodeJS.Platform): Promise<void> {
  if (platform === 'win32') {
    throw new MassgenError('no-vhs', 'Recording needs bash and the programs of VHS; on Windows, record inside of WSL.');
  }
  const missing: string[] = [];
  for (const name of Object.keys(SOURCES)) if (!(await isOnPath(name, path))) missing.push(name);
  if (missing.length === 0) return;
  const lines = missing.map((name) => `  ${name}: install it with ${SOURCES[name]}`);
  throw new MassgenError(
    'no-vhs',
    `Recording needs ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not on the PATH.\n${lines.join('\n')}`,
  );
}

async function isOnPath(name: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const isThere = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
