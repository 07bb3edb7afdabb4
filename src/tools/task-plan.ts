import {
  addTask,
  blockedTasks,
  createPlan,
  deleteTask,
  editTask,
  readyTasks,
  setStatus,
  type NewTask,
  type PlanChange,
} from '../coordination/task-plan.ts';
import type { PlannedTask } from '../events/event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import type { Tool, ToolResult } from './tool.ts';

export interface TaskPlanOptions {
  /** The agent's plan as it is now. */
  tasks: () => readonly PlannedTask[];
  /** Records the plan as it is from now on. Rejects when the log cannot be written. */
  change: (tasks: PlannedTask[]) => Promise<void>;
  maxTasks: number;
}

/** MassGen's words for the states of a task, as models know them. */
const STATUSES = { pending: 'pending', in_progress: 'active', completed: 'done', blocked: 'blocked' } as const;
const WORDS = new Map<string, string>(Object.entries(STATUSES).map(([word, status]) => [status, word]));

const TEXT = (description: string): JsonObject => ({ type: 'string', description });
const IDS = (description: string): JsonObject => ({ type: 'array', items: { type: 'string' }, description });
const TASK: JsonObject = {
  id: TEXT('A short name; task-1, task-2 … if left out.'),
  description: TEXT('What is to be done.'),
  depends_on: IDS('Ids of the tasks that have to be done before.'),
};
const TASK_ID = TEXT('The id of the task.');

/** The tools with which an agent keeps a plan of its own: tasks that depend on each other, never in a circle. */
export function taskPlanTools({ tasks, change, maxTasks }: TaskPlanOptions): Tool[] {
  const changing = async (changed: PlanChange): Promise<ToolResult> => {
    if ('fault' in changed) return { output: `${changed.fault} The plan was not changed.`, isError: true };
    await change(changed.tasks);
    return told(changed.tasks);
  };
  return [
    tool(
      'create_task_plan',
      `Make a plan of at most ${maxTasks} tasks for your work; it replaces the one there is.`,
      {
        tasks: {
          type: 'array',
          items: { type: 'object', properties: TASK, required: ['description'], additionalProperties: false },
        },
      },
      ['tasks'],
      (args) => changing(createPlan(newTasks(args['tasks']), maxTasks)),
    ),
    tool('add_task', 'Add a task to your plan.', TASK, ['description'], (args) =>
      changing(addTask(tasks(), newTask(args), maxTasks)),
    ),
    tool(
      'update_task_status',
      'Say how far a task is. One that depends on others cannot be begun or completed before they are.',
      { task_id: TASK_ID, status: { type: 'string', enum: Object.keys(STATUSES) } },
      ['task_id', 'status'],
      (args) => changing(setStatus(tasks(), textOf(args['task_id']), statusOf(args['status']))),
    ),
    tool(
      'edit_task',
      'Change what a task is, or what it depends on.',
      { task_id: TASK_ID, description: TASK['description'] ?? null, depends_on: TASK['depends_on'] ?? null },
      ['task_id'],
      (args) => {
        const title = typeof args['description'] === 'string' ? args['description'] : undefined;
        const dependsOn = args['depends_on'] === undefined ? undefined : idsOf(args['depends_on']);
        return changing(editTask(tasks(), textOf(args['task_id']), { title, dependsOn }));
      },
    ),
    tool('delete_task', 'Take a task out of your plan.', { task_id: TASK_ID }, ['task_id'], (args) =>
      changing(deleteTask(tasks(), textOf(args['task_id']))),
    ),
    tool('get_task_plan', 'Your plan as it is.', {}, [], async () => told(tasks())),
    tool('get_ready_tasks', 'The tasks that can be begun now.', {}, [], async () => told(readyTasks(tasks()))),
    tool('get_blocked_tasks', 'The tasks that cannot be begun, and what they wait for.', {}, [], async () =>
      told(blockedTasks(tasks())),
    ),
  ];
}

function tool(
  name: string,
  description: string,
  properties: JsonObject,
  required: string[],
  execute: (args: JsonObject) => Promise<ToolResult>,
): Tool {
  return {
    spec: { name, description, parameters: { type: 'object', properties, required, additionalProperties: false } },
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false, pathArguments: [] },
    execute: (args) => execute(args),
  };
}

function told(tasks: readonly (PlannedTask & { waitsFor?: string[] })[]): ToolResult {
  const list = tasks.map(({ id, title, status, dependsOn, waitsFor }) => ({
    id,
    description: title,
    status: WORDS.get(status) ?? status,
    ...(dependsOn.length > 0 && { depends_on: dependsOn }),
    ...(waitsFor && { waits_for: waitsFor }),
  }));
  return { output: JSON.stringify({ tasks: list }), isError: false };
}

function newTasks(value: JsonValue | undefined): NewTask[] {
  return Array.isArray(value) ? value.filter(isJsonObject).map(newTask) : [];
}

function newTask(value: JsonObject): NewTask {
  const { id } = value;
  return {
    id: typeof id === 'string' && id !== '' ? id : undefined,
    title: textOf(value['description']),
    dependsOn: idsOf(value['depends_on']),
  };
}

function idsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function statusOf(value: JsonValue | undefined): PlannedTask['status'] {
  return Object.entries(STATUSES).find(([word]) => word === value)?.[1] ?? 'pending';
}
