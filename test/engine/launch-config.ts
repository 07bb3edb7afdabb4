import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfigText } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import { launchTeam, type TeamLaunch } from '../../src/engine/launch-team.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';

export interface LaunchedConfig {
  events: RunEvent[];
  /** Where the run was started, with the files in it. */
  folder: string;
  read: (name: string) => Promise<string>;
}

export interface LaunchConfigOptions extends Partial<
  Pick<TeamLaunch, 'isAttended' | 'unattended' | 'home' | 'variables'>
> {
  files?: Record<string, string>;
  onStart?: (handle: RunHandle) => void;
}

/** Runs the team of a config as the command does, in a folder of its own. Resolves when the run has ended. */
export async function launchConfig(text: string, options: LaunchConfigOptions = {}): Promise<LaunchedConfig> {
  const { files = {}, onStart, variables = {}, ...more } = options;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'massgen-config-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  await mkdir(join(folder, 'runs'));
  const env = { PATH: process.env['PATH'] ?? '', ...variables };
  const loaded = loadConfigText(text, { path: join(folder, 'team.yaml'), shownAs: 'team.yaml', env });
  const { origin: _, ...team } = resolveTeam(loaded, { env });
  const { handle } = await launchTeam(
    {
      team,
      seed: 1,
      speed: Infinity,
      runsDir: join(folder, 'runs'),
      runId: 'run-1',
      variables: env,
      version: '0.0.0',
      cwd: folder,
      ...more,
    },
    'What?',
  );
  const events: RunEvent[] = [];
  handle.subscribe((event) => events.push(event));
  onStart?.(handle);
  await handle.ended;
  return { events, folder, read: (name) => readFile(join(folder, name), 'utf8') };
}
