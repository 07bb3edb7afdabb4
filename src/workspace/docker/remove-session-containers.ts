import { realpath } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';
import { isWithin } from '../path-policy.ts';
import type { DockerSurroundings } from './find-docker.ts';

/**
 * Removes the containers that stay for a session, whose folder for them this is. Where no engine answers, the next run
 * with containers removes them, since the folder is gone by then. Never rejects.
 */
export async function removeSessionContainers(
  folder: string,
  surroundings: DockerSurroundings,
  clock: Clock,
): Promise<void> {
  const root = await realpath(folder).catch(() => null);
  if (root === null) return;
  const [{ findEngine }, { removeKept }] = await Promise.all([import('./engine.ts'), import('./session-container.ts')]);
  const found = await findEngine(surroundings, clock);
  if (typeof found === 'string') return;
  await removeKept(found.engine, (kept) => isWithin(root, kept));
}
