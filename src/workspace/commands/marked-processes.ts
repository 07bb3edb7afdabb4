import { readdir, readFile } from 'node:fs/promises';

/** The variable by which the processes of a command are told, wherever they went. */
export const MARK = 'MASSGEN_COMMAND';
/** What is killed may have started another one just before. */
const MAX_ROUNDS = 5;

/**
 * Kills all processes of this machine that bear the mark in the environment that they were started with, also those in a
 * session of their own. One that was started with another environment is not found; nor is any where the system has no
 * `/proc`. Never rejects.
 */
export async function killMarked(mark: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = await findMarked(`${MARK}=${mark}`);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

async function findMarked(entry: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.split('\0').includes(entry) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
