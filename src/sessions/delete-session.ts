import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { massgenHome, safeFileName } from '../platform/paths.ts';
import { removeSessionContainers } from '../workspace/docker/remove-session-containers.ts';
import type { SessionStore } from './session-store.ts';

/** Removes a session with these folders of its runs, and the containers that its agents have kept. */
export async function deleteSession(
  store: SessionStore,
  { id, folders }: { id: string; folders: readonly string[] },
  environment: Pick<Environment, 'cwd' | 'home' | 'variables'>,
  clock: Clock,
): Promise<void> {
  await removeSessionContainers(
    join(massgenHome(environment), 'sessions', safeFileName(id), 'containers'),
    environment,
    clock,
  );
  for (const dir of folders) await rm(dir, { recursive: true, force: true });
  await store.remove(id);
}
