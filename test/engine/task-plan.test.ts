import { describe, expect, it } from 'vitest';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted } from './scripted-run.ts';

const call = (name: string, args: Turn): Turn => ({ tool_calls: [{ name, args }] });

describe('an agent with a plan', () => {
  const turns: Turn[] = [
    call('create_task_plan', { tasks: [{ description: 'Read' }, { description: 'Write', depends_on: ['task-1'] }] }),
    call('update_task_status', { task_id: 'task-2', status: 'completed' }),
    call('update_task_status', { task_id: 'task-1', status: 'completed' }),
    call('get_ready_tasks', {}),
    { text: 'Done.' },
  ];

  it('changes it by its tools, as far as the order of its tasks allows', async () => {
    const events = await runScripted({ scripts: { a: turns }, settings: { taskPlanning: true } });
    expect(ofType(events, 'plan.changed').map(({ data }) => data.tasks.map(({ status }) => status))).toEqual([
      ['pending', 'pending'],
      ['done', 'pending'],
    ]);
    expect(ofType(events, 'tool.finished').map(({ data }) => [data.isError, data.output])).toEqual([
      [false, expect.stringContaining('"depends_on":["task-1"]')],
      [true, 'task-2 has to wait for task-1. The plan was not changed.'],
      [false, expect.stringContaining('"status":"completed"')],
      [false, '{"tasks":[{"id":"task-2","description":"Write","status":"pending","depends_on":["task-1"]}]}'],
    ]);
  });

  it('may plan no more than so many tasks', async () => {
    const events = await runScripted({
      scripts: { a: turns },
      settings: { taskPlanning: true, maxTasksPerPlan: 1 },
    });
    expect(ofType(events, 'plan.changed')).toEqual([]);
    expect(ofType(events, 'tool.finished')[0]?.data).toMatchObject({
      isError: true,
      output: expect.stringMatching(/\b1\b/),
    });
  });

  it('has none where the config does not ask for it', async () => {
    const events = await runScripted({ scripts: { a: turns } });
    expect(ofType(events, 'plan.changed')).toEqual([]);
  });
});
