import { basename, join } from 'node:path';
import { foldEvents } from '../coordination/apply.ts';
import { agentsOf } from '../coordination/views.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { Clock } from '../platform/clock.ts';
import { runsFolder } from '../platform/paths.ts';
import { readAll } from '../runlog/read-run-log.ts';
import { listRunFolders } from '../sessions/find-run.ts';
import { createReplay } from '../sessions/replay.ts';
import type { RunChoice } from '../tui/ports.ts';

const MOST_RUNS = 50;

/** The last runs of this folder, newest first; one that cannot be read is left out. Never rejects. */
export async function listPastRuns(cwd: string): Promise<RunChoice[]> {
  const folders = (await listRunFolders(cwd)).slice(0, MOST_RUNS);
  const choices: RunChoice[] = [];
  for (const dir of folders) {
    const state = await readAll(dir).then(foldEvents, () => null);
    if (!state) continue;
    const when = new Date(state.startedAt).toISOString().slice(0, 16).replace('T', ' ');
    const { question, end } = state;
    const cost = agentsOf(state).some((agent) => agent.info.isModel) ? state.cost : null;
    choices.push({ id: basename(dir), when, question, outcome: end?.outcome ?? 'unfinished', cost });
  }
  return choices;
}

/** A run of this folder from its log, all of it at once. Rejects with a MassgenError where the log cannot be read. */
export async function openPastRun(
  cwd: string,
  id: string,
  clock: Clock,
  onPart?: (share: number) => void,
): Promise<RunHandle> {
  const dir = join(runsFolder(cwd), id);
  return createReplay({ events: await readAll(dir, onPart), dir, clock, speed: Infinity });
}
