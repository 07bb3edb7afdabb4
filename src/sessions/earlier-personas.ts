import { foldEvents } from '../coordination/apply.ts';
import { agentsOf } from '../coordination/views.ts';
import type { EarlierPersonas } from '../engine/start-run.ts';
import { readAll } from '../runlog/read-run-log.ts';
import type { Session } from './session-store.ts';

/** Runs that are looked at: one that was cut off early has no points of view, and the one before it may have. */
const MAX_RUNS = 3;

/** The points of view that the agents of a session last had. Null where there are none. Never rejects. */
export async function earlierPersonas(session: Session): Promise<EarlierPersonas | null> {
  for (const { dir } of session.runs.slice(-MAX_RUNS).toReversed()) {
    const state = await readAll(dir).then(foldEvents, () => null);
    const prepared = state?.prepared.personas;
    const { personas: settings } = state?.settings ?? {};
    if (!state || !prepared || !settings) continue;
    const texts = agentsOf(state).flatMap(({ info }): [string, string][] => {
      const text = prepared[info.alias]?.text;
      return text === undefined ? [] : [[info.id, text]];
    });
    if (texts.length > 0) return { settings, texts: Object.fromEntries(texts) };
  }
  return null;
}
