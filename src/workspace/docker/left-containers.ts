import { hostname } from 'node:os';
import { isProcessAlive } from '../../platform/process-alive.ts';
import type { Engine } from './engine.ts';

/** How the containers of a run are told from all others. */
export function containerLabels(run: string, agent: string): Record<string, string> {
  return { 'massgen.run': run, 'massgen.agent': agent, 'massgen.host': hostname(), 'massgen.pid': String(process.pid) };
}

/** The ids of containers whose program has ended without removing them. Rejects when the engine does not say. */
export async function findLeftContainers(engine: Engine): Promise<string[]> {
  const all = await engine.listContainers({ all: true, filters: { label: ['massgen.run'] } });
  return all
    .filter(({ Labels: labels }) => labels['massgen.host'] === hostname() && isOver(labels['massgen.pid']))
    .map(({ Id: id }) => id);
}

function isOver(pid: string | undefined): boolean {
  return pid !== undefined && /^\d+$/.test(pid) && Number(pid) !== process.pid && !isProcessAlive(Number(pid));
}

/** Never rejects. */
export async function removeLeftContainers(engine: Engine): Promise<void> {
  const ids = await findLeftContainers(engine).catch(() => []);
  await Promise.all(
    ids.map((id) =>
      engine
        .getContainer(id)
        .remove({ force: true, v: true })
        .catch(() => undefined),
    ),
  );
}
