import type { Alias, BudgetResource, BudgetUse, EventDraft, EventOf } from '../events/event.ts';
import { NO_LIMITS, type Limits } from '../events/settings.ts';
import type { Cost, Usage } from '../events/usage.ts';
import { changeAgent } from './change.ts';
import type { AgentState, RunState } from './state.ts';
import { agentsOf } from './views.ts';

/** Shares of a budget, in percent, at which the user is warned. */
export const WARNINGS = [95, 80, 50] as const;

/** What is counted against limits by folding the log; time is watched by a clock instead. */
export interface Spending {
  usage: Usage;
  cost: Cost;
  toolCalls: number;
}

/**
 * What is to be recorded next about budgets, or null. Pure. The run's budget comes first; one event at a time, so that
 * a jump over several marks tells the highest only.
 */
export function budgetEvent(state: RunState): EventDraft | null {
  const { limits } = state.settings;
  const ofRun = nextMark(state, null, limits, state);
  if (ofRun) return ofRun;
  for (const agent of agentsOf(state)) {
    if (!agent.info.limits) continue;
    const own = nextMark(state, agent.info.alias, agent.info.limits, agent);
    if (own) return own;
  }
  return unpricedEvent(state);
}

function nextMark(state: RunState, alias: Alias | null, limits: Limits, spending: Spending): EventDraft | null {
  for (const { resource, used, limit } of usesOf(limits, spending)) {
    const mark = state.budgetMarks[markKey(alias, resource)] ?? 0;
    if (mark >= 100) continue;
    const draft = budgetMark(alias, { resource, used, limit }, mark);
    if (draft) return draft;
  }
  return null;
}

/** How far each limit is used, except for time. */
export function usesOf(limits: Limits, { usage, cost, toolCalls }: Spending): BudgetUse[] {
  const uses: { resource: BudgetResource; used: number; limit: number | null }[] = [
    { resource: 'usd', used: cost.usd, limit: limits.usd },
    { resource: 'tokens', used: usage.input + usage.output, limit: limits.tokens },
    { resource: 'tool_calls', used: toolCalls, limit: limits.toolCalls },
  ];
  return uses.flatMap(({ resource, used, limit }) => (limit === null ? [] : [{ resource, used, limit }]));
}

/** The event for a use that has passed more than `mark` percent; null when it has passed no further mark. */
function budgetMark(alias: Alias | null, use: BudgetUse, mark: number): EventDraft | null {
  if (use.used >= use.limit) return markEvent(alias, use, 100);
  const percent = WARNINGS.find((share) => use.used * 100 >= use.limit * share);
  return percent === undefined || percent <= mark ? null : markEvent(alias, use, percent);
}

/** The event for a use that has come to this percentage; 100 is the end. */
export function markEvent(alias: Alias | null, use: BudgetUse, percent: (typeof WARNINGS)[number] | 100): EventDraft {
  const agent = alias === null ? {} : { agent: alias };
  if (percent === 100) return { type: 'budget.reached', ...agent, data: use };
  return { type: 'budget.warned', ...agent, data: { ...use, percent } };
}

function unpricedEvent(state: RunState): EventDraft | null {
  if (state.isUnpriced || state.cost.isComplete) return null;
  const agent = agentsOf(state).find(
    ({ cost, info }) => !cost.isComplete && (state.settings.limits.usd ?? info.limits?.usd ?? null) !== null,
  );
  if (!agent) return null;
  const { alias, model } = agent.info;
  const message = `Not all of what calls of ${model} cost is known, so the limit in USD may be passed.`;
  return { type: 'budget.unpriced', agent: alias, data: { model, message } };
}

function markKey(alias: Alias | null, resource: BudgetResource): string {
  return `${alias ?? 'run'}/${resource}`;
}

/** Folds a budget event. A used-up tool budget stops tools only; agents finish with what they have. */
export function applyBudget(state: RunState, event: EventOf<'budget.warned' | 'budget.reached'>): RunState {
  const { resource, used, limit } = event.data;
  const percent = event.type === 'budget.reached' ? 100 : event.data.percent;
  const key = markKey(event.agent ?? null, resource);
  const marked = { ...state, budgetMarks: { ...state.budgetMarks, [key]: percent } };
  if (percent < 100 || resource === 'tool_calls') return marked;
  const spent = { resource, used, limit };
  if (event.agent === undefined) return { ...marked, spent: marked.spent ?? spent };
  return changeAgent(marked, event, (agent) => ({ ...agent, spent: agent.spent ?? spent }));
}

/** Whose tool calls are used up, so that no further tool may be run for this agent; null when one may. */
export function usedToolBudget(state: RunState, agent: AgentState): 'run' | 'agent' | null {
  const own = (agent.info.limits ?? NO_LIMITS).toolCalls;
  const all = state.settings.limits.toolCalls;
  if (all !== null && state.toolCalls >= all) return 'run';
  return own !== null && agent.toolCalls >= own ? 'agent' : null;
}

/** A limit in words, e.g. `0.50 USD`. */
export function limitText({ resource, limit }: BudgetUse): string {
  switch (resource) {
    case 'usd':
      // Cents; a limit that is finer than that is told as it is.
      return `${Number(limit.toFixed(2)) === limit ? limit.toFixed(2) : Number(limit.toPrecision(6))} USD`;
    case 'tokens':
      return `${limit} tokens`;
    case 'seconds':
      return `${limit} seconds`;
    case 'tool_calls':
      return `${limit} tool calls`;
  }
}
