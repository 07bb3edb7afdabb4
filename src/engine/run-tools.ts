import type { RunState } from '../coordination/state.ts';
import { agentOf } from '../coordination/views.ts';
import type { Alias, EventDraft, PlannedTask } from '../events/event.ts';
import { askOthersTool } from '../tools/ask-others.ts';
import { readAnswerTool } from '../tools/read-answer.ts';
import { taskPlanTools } from '../tools/task-plan.ts';
import type { Tool } from '../tools/tool.ts';

/** The tools that a run itself offers to an agent, as its settings say. */
export function runTools(
  alias: Alias,
  state: () => RunState,
  record: (...events: EventDraft[]) => Promise<void>,
): Tool[] {
  const { taskPlanning, maxTasksPerPlan: maxTasks } = state().settings;
  const change = async (tasks: PlannedTask[]): Promise<void> => {
    const { turn } = agentOf(state(), alias);
    if (turn) await record({ type: 'plan.changed', agent: alias, data: { turn: turn.turn, tasks } });
  };
  const plan = taskPlanning ? taskPlanTools({ tasks: () => agentOf(state(), alias).plan, change, maxTasks }) : [];
  return [...[askOthersTool({ self: alias, state }), readAnswerTool(state)].flatMap((tool) => tool ?? []), ...plan];
}
