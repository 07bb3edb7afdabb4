import { hostname } from 'node:os';
import { isProcessAlive } from '../../platform/process-alive.ts';
import type { Engine } from './engine.ts';
import { idleMs } from './session-keep.ts';

/** How the containers of a run are told from all others. */
export function containerLabels(run: string, agent: string): Record<string, string> {
  return { 'massgen.run': run, 'massgen.agent': agent, 'massgen.host': hostname(), 'massgen.pid': String(process.pid) };
}

/**
 * The ids of containers of this machine that nobody needs: those of runs whose program has ended without removing them,
 * and those of sessions that are gone, or in which they have not been used for too long. `now` is in milliseconds since
 * 1970. Rejects when the engine does not say.
 */
export async function findLeftContainers(engine: Engine, now: number): Promise<string[]> {
  const all = await engine.listContainers({ all: true, filters: { label: [`massgen.host=${hostname()}`] } });
  const isLeft = await Promise.all(all.map(({ Labels: labels }) => isUseless(labels, now)));
  return all.filter((_, index) => isLeft[index]).map(({ Id: id }) => id);
}

async function isUseless(labels: Readonly<Record<string, string>>, now: number): Promise<boolean> {
  const kept = labels['massgen.kept'];
  if (kept === undefined) return isOver(labels['massgen.pid']);
  const idle = await idleMs(kept, now);
  return idle !== null && idle >= Number(labels['massgen.idle-ms']);
}

function isOver(pid: string | undefined): boolean {
  return pid !== undefined && /^\d+$/.test(pid) && Number(pid) !== process.pid && !isProcessAlive(Number(pid));
}

/** Never rejects. */
export async function removeLeftContainers(engine: Engine, now: number): Promise<void> {
  const ids = await findLeftContainers(engine, now).catch(() => []);
  await Promise.all(
    ids.map((id) =>
      engine
        .getContainer(id)
        .remove({ force: true, v: true })
        .catch(() => undefined),
    ),
  );
}
