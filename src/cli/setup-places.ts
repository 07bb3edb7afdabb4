import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { keyPlacesIn } from '../config/env.ts';
import { massgenHome } from '../platform/paths.ts';
import type { SetupPlace } from '../tui/setup.ts';

/** Where keys can be saved, the usual place first: the files that keys are read from. */
export function keyPlaces(environment: { cwd: string; home: string; variables: Record<string, string> }): SetupPlace[] {
  const { cwd, variables } = environment;
  const shown = keyPlacesIn(variables).at(-1) ?? '';
  return [
    { label: 'for every folder', shown, path: join(massgenHome(environment), '.env'), isTaken: false },
    {
      label: 'for this folder (keep it out of version control)',
      shown: './.env',
      path: join(cwd, '.env'),
      isTaken: false,
    },
  ];
}

/** Where a team can be saved so that `massgen` finds it by itself, and a name of its own for others. */
export async function teamPlaces({ cwd, home }: { cwd: string; home: string }): Promise<SetupPlace[]> {
  const user = join(home, '.config', 'massgen');
  const own = await freeName(join(user, 'agents'));
  const places = [
    { label: 'for this folder', shown: './.massgen/config.yaml', path: join(cwd, '.massgen', 'config.yaml') },
    { label: 'for every folder', shown: '~/.config/massgen/config.yaml', path: join(user, 'config.yaml') },
    { label: 'as one of your teams', shown: `~/.config/massgen/agents/${basename(own)}`, path: own },
  ];
  return Promise.all(places.map(async (place) => ({ ...place, isTaken: await isThere(place.path) })));
}

/** `my-team.yaml`, or the first `my-team-2.yaml` that is free. */
async function freeName(folder: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? 'my-team.yaml' : `my-team-${number}.yaml`);
    if (!(await isThere(path))) return path;
  }
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
