import { expect } from 'vitest';
import type { Launch } from '../../src/cli/launch.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import type { SessionThread } from '../../src/sessions/session-thread.ts';

/** The folder's team.yaml, to be launched in a session at full speed. No problem is expected. */
export async function launchRequest(cwd: string, thread: SessionThread): Promise<Launch> {
  return {
    team: resolveTeam(await loadConfig('team.yaml', { env: {}, cwd }), { env: {} }),
    seed: 1,
    speed: Infinity,
    cwd,
    variables: {},
    version: '0',
    onProblem: (problem) => expect.unreachable(problem),
    thread,
  };
}
