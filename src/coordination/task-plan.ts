import type { PlannedTask } from '../events/event.ts';

/** A plan that was changed, or a sentence that says why it was not. */
export type PlanChange = { tasks: PlannedTask[] } | { fault: string };

/** A task as an agent gives it; without an id it gets one by its place. */
export interface NewTask {
  id?: string | undefined;
  title: string;
  dependsOn: readonly string[];
}

const MAX_TITLE_CHARS = 500;

/** Puts a new plan in the place of the old one. */
export function createPlan(given: readonly NewTask[], max: number): PlanChange {
  if (given.length === 0) return { fault: 'The plan has no task.' };
  const taken = new Set(given.flatMap(({ id }) => id ?? []));
  // Tasks may depend on later ones, so all of them are there before anything is checked.
  const tasks = given.map((task): PlannedTask => {
    const id = task.id ?? freeId(taken);
    taken.add(id);
    return { id, title: task.title.trim(), status: 'pending', dependsOn: [...new Set(task.dependsOn)] };
  });
  return checked(tasks, max);
}

/** Adds a task at the end. */
export function addTask(tasks: readonly PlannedTask[], given: NewTask, max: number): PlanChange {
  const id = given.id ?? freeId(new Set(tasks.map((task) => task.id)));
  const task: PlannedTask = {
    id,
    title: given.title.trim(),
    status: 'pending',
    dependsOn: [...new Set(given.dependsOn)],
  };
  return checked([...tasks, task], max);
}

/** A task is not begun or done before all that it depends on is done. */
export function setStatus(tasks: readonly PlannedTask[], id: string, status: PlannedTask['status']): PlanChange {
  const task = tasks.find((each) => each.id === id);
  if (!task) return unknown(tasks, id);
  const missing = unfinishedOf(tasks, task);
  if ((status === 'active' || status === 'done') && missing.length > 0)
    return { fault: `${id} has to wait for ${missing.join(', ')}.` };
  return { tasks: tasks.map((each) => (each.id === id ? { ...each, status } : each)) };
}

export function editTask(
  tasks: readonly PlannedTask[],
  id: string,
  change: { title?: string | undefined; dependsOn?: readonly string[] | undefined },
): PlanChange {
  const task = tasks.find((each) => each.id === id);
  if (!task) return unknown(tasks, id);
  const edited = {
    ...task,
    title: change.title?.trim() ?? task.title,
    dependsOn: change.dependsOn ? [...new Set(change.dependsOn)] : task.dependsOn,
  };
  return checked(
    tasks.map((each) => (each.id === id ? edited : each)),
    tasks.length,
  );
}

/** A task that others depend on stays. */
export function deleteTask(tasks: readonly PlannedTask[], id: string): PlanChange {
  if (!tasks.some((each) => each.id === id)) return unknown(tasks, id);
  const waiting = tasks.filter(({ dependsOn }) => dependsOn.includes(id)).map((each) => each.id);
  if (waiting.length > 0) return { fault: `${waiting.join(', ')} depends on ${id}; change that first.` };
  return { tasks: tasks.filter((each) => each.id !== id) };
}

/** Tasks that can be begun now. */
export function readyTasks(tasks: readonly PlannedTask[]): PlannedTask[] {
  return tasks.filter((task) => task.status === 'pending' && unfinishedOf(tasks, task).length === 0);
}

/** Tasks that cannot be begun, with what each one waits for; empty for one that was marked as blocked. */
export function blockedTasks(tasks: readonly PlannedTask[]): (PlannedTask & { waitsFor: string[] })[] {
  return tasks.flatMap((task) => {
    const waitsFor = unfinishedOf(tasks, task);
    const isBlocked = task.status === 'blocked' || (task.status === 'pending' && waitsFor.length > 0);
    return isBlocked ? [{ ...task, waitsFor }] : [];
  });
}

function unfinishedOf(tasks: readonly PlannedTask[], { dependsOn }: PlannedTask): string[] {
  return dependsOn.filter((id) => tasks.some((task) => task.id === id && task.status !== 'done'));
}

function checked(tasks: PlannedTask[], max: number): PlanChange {
  if (tasks.length > max) return { fault: `A plan has at most ${max} tasks, and this one would have ${tasks.length}.` };
  const ids = tasks.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return { fault: `Two tasks are called ${twice}.` };
  for (const { id, title, dependsOn } of tasks) {
    if (!/^[\w.-]{1,40}$/.test(id))
      return { fault: 'An id has at most 40 letters, digits, dots, dashes and underscores.' };
    if (title === '' || title.length > MAX_TITLE_CHARS)
      return { fault: `The description of ${id} must have 1 to ${MAX_TITLE_CHARS} characters.` };
    const strange = dependsOn.find((each) => !ids.includes(each));
    if (strange !== undefined) return { fault: `${id} depends on ${strange}, which is no task of the plan.` };
  }
  const cycle = findCycle(tasks);
  return cycle ? { fault: `Tasks cannot wait for each other in a circle: ${cycle.join(' → ')}.` } : { tasks };
}

/** A circle of ids that ends where it begins; null where there is none. */
function findCycle(tasks: readonly PlannedTask[]): string[] | null {
  const open = new Map(tasks.map(({ id, dependsOn }) => [id, dependsOn]));
  // Whoever waits for nothing that is left cannot be in a circle.
  for (let found = true; found;) {
    found = false;
    for (const [id, dependsOn] of open) {
      if (dependsOn.some((each) => open.has(each))) continue;
      open.delete(id);
      found = true;
    }
  }
  const path: string[] = [];
  let [at] = open.keys();
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = open.get(at)?.find((each) => open.has(each));
  }
  return at === undefined ? null : [...path.slice(path.indexOf(at)), at];
}

function freeId(taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) if (!taken.has(`task-${number}`)) return `task-${number}`;
}

function unknown(tasks: readonly PlannedTask[], id: string): PlanChange {
  const known = tasks.length > 0 ? `there are ${tasks.map((each) => each.id).join(', ')}` : 'there is no plan yet';
  return { fault: `There is no task ${id}; ${known}.` };
}
