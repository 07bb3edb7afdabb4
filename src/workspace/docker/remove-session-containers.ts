import { realpath } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';
import { isWithin } from '../path-policy.ts';
import { findDocker, type DockerSurroundings } from './find-docker.ts';

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
  const place = await findDocker(surroundings);
  if (typeof place === 'string') return;
  const [{ askEngine, openEngine }, { removeKept }] = await Promise.all([
    import('./engine.ts'),
    import('./session-container.ts'),
  ]);
  const engine = await openEngine(place);
  if (typeof (await askEngine(engine, place, clock)) === 'string') return;
  await removeKept(engine, (kept) => isWithin(root, kept));
}
