import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addTask,
  blockedTasks,
  createPlan,
  deleteTask,
  editTask,
  readyTasks,
  setStatus,
  type PlanChange,
} from '../../src/coordination/task-plan.ts';
import type { PlannedTask } from '../../src/events/event.ts';

function planOf(change: PlanChange): PlannedTask[] {
  if ('fault' in change) throw new Error(change.fault);
  return change.tasks;
}

const PLAN = planOf(
  createPlan(
    [
      { id: 'read', title: 'Read it', dependsOn: [] },
      { title: 'Write it', dependsOn: ['read'] },
      { title: 'Check it', dependsOn: ['task-1'] },
    ],
    10,
  ),
);

describe('a plan', () => {
  it('names tasks that have no name, and begins with nothing done', () => {
    expect(PLAN.map(({ id, status, dependsOn }) => [id, status, dependsOn])).toEqual([
      ['read', 'pending', []],
      ['task-1', 'pending', ['read']],
      ['task-2', 'pending', ['task-1']],
    ]);
  });

  it('tells what can be begun and what waits for what', () => {
    const begun = planOf(setStatus(PLAN, 'read', 'done'));
    expect([readyTasks(PLAN), readyTasks(begun)].map((tasks) => tasks.map(({ id }) => id))).toEqual([
      ['read'],
      ['task-1'],
    ]);
    expect(blockedTasks(begun).map(({ id, waitsFor }) => [id, waitsFor])).toEqual([['task-2', ['task-1']]]);
  });

  it.each<[string, () => PlanChange, string]>([
    ['a circle', () => editTask(PLAN, 'read', { dependsOn: ['task-2'] }), 'read → task-2 → task-1 → read'],
    ['a task that waits for itself', () => editTask(PLAN, 'read', { dependsOn: ['read'] }), 'read → read'],
    ['a task out of turn', () => setStatus(PLAN, 'task-1', 'done'), 'has to wait for read'],
    ['a dependency on nothing', () => addTask(PLAN, { title: 'x', dependsOn: ['no'] }, 10), 'no task of the plan'],
    ['a name twice', () => addTask(PLAN, { id: 'read', title: 'x', dependsOn: [] }, 10), 'Two tasks are called read'],
    ['too many tasks', () => addTask(PLAN, { title: 'x', dependsOn: [] }, 3), 'at most 3 tasks'],
    ['a task without words', () => addTask(PLAN, { title: ' ', dependsOn: [] }, 10), 'must have 1 to 500'],
    ['an empty plan', () => createPlan([], 10), 'no task'],
    ['a task that is not there', () => setStatus(PLAN, 'no', 'done'), 'there are read, task-1, task-2'],
    ['taking away what others need', () => deleteTask(PLAN, 'read'), 'task-1 depends on read'],
  ])('refuses %s', (_, change, fault) => {
    expect(change()).toEqual({ fault: expect.stringContaining(fault) as string });
  });

  it('always has something that can be begun until all is done, whatever the dependencies', () => {
    const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 12 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const given = Array.from({ length: 8 }, (_, index) => ({
          id: `t${index}`,
          title: 'x',
          dependsOn: pairs.flatMap(([from, to]) => (from === index ? [`t${to}`] : [])),
        }));
        const change = createPlan(given, 8);
        if ('fault' in change) return;
        let { tasks } = change;
        for (let left = 8; left > 0; left -= 1) {
          const [next] = readyTasks(tasks);
          expect(next).toBeDefined();
          tasks = planOf(setStatus(tasks, next?.id ?? '', 'done'));
        }
        expect(blockedTasks(tasks)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
