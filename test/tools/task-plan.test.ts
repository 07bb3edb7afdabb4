import { expect, test } from 'vitest';
import type { PlannedTask } from '../../src/events/event.ts';
import type { JsonObject } from '../../src/events/json.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { runToolCall } from '../../src/tools/pipeline.ts';
import { taskPlanTools } from '../../src/tools/task-plan.ts';
import { plainRules } from '../../src/tools/tool-rules.ts';

function plan(maxTasks = 3): { tasks: () => string[]; call: (name: string, args: JsonObject) => Promise<string> } {
  let tasks: PlannedTask[] = [];
  const tools = taskPlanTools({
    tasks: () => tasks,
    change: (changed) => {
      tasks = changed;
      return Promise.resolve();
    },
    maxTasks,
  });
  return {
    tasks: () => tasks.map(({ id, status }) => `${id} ${status}`),
    call: async (name, args) => {
      const tool = tools.find(({ spec }) => spec.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      const signal = new AbortController().signal;
      const { output, isError } = await runToolCall(tool, args, plainRules(createRealClock()), { signal });
      return isError ? output : '';
    },
  };
}

const tasks = (...ids: string[]): JsonObject => ({ tasks: ids.map((id) => ({ id, description: id })) });

test('a plan has no more tasks than it may have, at once or one by one', async () => {
  const { tasks: now, call } = plan(2);
  expect(await call('create_task_plan', tasks('a', 'b', 'c'))).toContain('The plan was not changed.');
  expect(await call('create_task_plan', tasks('a', 'b'))).toBe('');
  expect(await call('add_task', { description: 'c' })).toContain('The plan was not changed.');
  expect(now()).toEqual(['a pending', 'b pending']);
});

test('a new plan that cannot be leaves the old one as it was', async () => {
  const { tasks: now, call } = plan();
  await call('create_task_plan', tasks('a', 'b'));
  const circle = {
    tasks: [
      { id: 'x', description: 'x', depends_on: ['y'] },
      { id: 'y', description: 'y', depends_on: ['x'] },
    ],
  };
  expect(await call('create_task_plan', circle)).toContain('The plan was not changed.');
  expect(await call('create_task_plan', tasks('x', 'x'))).toContain('The plan was not changed.');
  expect(now()).toEqual(['a pending', 'b pending']);
});

test('a task is neither begun nor done before those that it depends on', async () => {
  const { tasks: now, call } = plan();
  await call('create_task_plan', {
    tasks: [
      { id: 'a', description: 'a' },
      { id: 'b', description: 'b', depends_on: ['a'] },
    ],
  });
  expect(await call('update_task_status', { task_id: 'b', status: 'in_progress' })).toContain('has to wait for a');
  expect(await call('update_task_status', { task_id: 'b', status: 'completed' })).toContain('has to wait for a');
  expect(now()).toEqual(['a pending', 'b pending']);
});
