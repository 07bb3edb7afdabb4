import { mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launchTeam, resumeTeam, type TeamLaunch } from '../../src/engine/launch-team.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { scriptedAgent } from './scripted-agent.ts';

/** Open files of this process below a folder. */
async function openBelow(folder: string): Promise<string[]> {
  const links = await readdir('/proc/self/fd');
  const paths = await Promise.all(links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(folder));
}

function launchIn(cwd: string): TeamLaunch {
  const team = { name: 'team', agents: [scriptedAgent('solo', [])], settings: DEFAULT_SETTINGS, unsupported: [] };
  return { team, seed: 1, speed: Infinity, runsDir: join(cwd, 'runs'), variables: {}, version: '0', cwd };
}

describe.runIf(process.platform === 'linux')('a run that does not come to begin', () => {
  it('leaves its log closed', async () => {
    const cwd = await temporaryFolder();
    const path = join(cwd, 'notes.txt');
    await writeFile(path, 'to be read');
    const launched = launchTeam(
      {
        ...launchIn(cwd),
        mentioned: [{ path, agents: null, maxMediaBytes: 1000 }],
        onFolder: () => rm(path),
      },
      'What?',
    );
    await expect(launched).rejects.toThrow('notes.txt');
    expect(await openBelow(cwd)).toEqual([]);
  });

  it('leaves the log closed that it was to go on with', async () => {
    const [cwd, home] = [await temporaryFolder(), await temporaryFolder()];
    const { handle } = await launchTeam(launchIn(cwd), 'What?');
    await handle.ended;
    await mkdir(join(home, '.massgen'), { recursive: true });
    await writeFile(join(home, '.massgen', 'permissions.yaml'), 'allow: {');
    const resumed = resumeTeam({ ...launchIn(cwd), home }, handle.dir, { cwd, speed: Infinity });
    await expect(resumed).rejects.toThrow('permissions.yaml');
    expect(await openBelow(cwd)).toEqual([]);
  });
});
