import type { PlannedTask } from '../../events/event.ts';

/** A step of an agent's own plan, by its place in it. A status that is not known counts as not begun. */
export function plannedTask(title: string, status: string, index: number): PlannedTask {
  return { id: `step${index + 1}`, title, status: STATES.get(status) ?? 'pending', dependsOn: [] };
}

/** No plain object: what a model writes may be the name of something that every object has. */
const STATES: ReadonlyMap<string, PlannedTask['status']> = new Map([
  ['in_progress', 'active'],
  ['completed', 'done'],
]);
