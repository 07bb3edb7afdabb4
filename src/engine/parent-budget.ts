import { limitText } from '../coordination/budget.ts';
import type { RunState } from '../coordination/state.ts';
import { elapsedMs } from '../coordination/views.ts';
import type { Alias, BudgetResource } from '../events/event.ts';
import { lowestLimit, NO_LIMITS, type CoordinationSettings, type Limits } from '../events/settings.ts';
import { MassgenError } from '../platform/errors.ts';
import { childrenOf, noteChild, stateOf } from './nested-runs.ts';

/** The folder of the run whose agent started this process; set where that run, or that agent, has limits. */
const PARENT_VARIABLE = 'MASSGEN_PARENT_RUN';
/** The same folder, always: what a run uses that is started in it is counted in that run. */
const COUNTED_VARIABLE = 'MASSGEN_COUNTED_IN';
/** The agent whose tool started this process; it pays for the run. */
export const AGENT_VARIABLE = 'MASSGEN_PARENT_AGENT';

/** Deeper runs are refused anyway. */
const MAX_LEVELS = 4;

interface Used {
  usd: number;
  tokens: number;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The settings of a run with what the run that started it, and the agent whose tool that was, have left as limits: their
 * own use, and that of all runs that were started in the same way, are taken off. Rejects with a MassgenError when nothing
 * is left, or the other run cannot be read.
 */
export async function withinParent(
  settings: CoordinationSettings,
  variables: Variables,
  now: number,
): Promise<CoordinationSettings> {
  const parent = variables[PARENT_VARIABLE] ?? '';
  if (parent === '') return settings;
  const state = await stateOf(parent);
  if (!state) {
    const message = `The run that started this one (${PARENT_VARIABLE}=${parent}) cannot be read, so what it has left is not known. Answer without starting a run.`;
    throw new MassgenError('parent-unknown', message);
  }
  const at = Math.max(now, state.updatedAt);
  const ofRun = leftOf(state.settings.limits, await usedIn(parent, state, null), elapsedMs(state, at), 'the run');
  const agent = state.agents[variables[AGENT_VARIABLE] ?? ''];
  const worked = agent ? agent.workedMs + (agent.turn ? at - agent.turn.startedAt : 0) : 0;
  const ofAgent = agent?.info.limits
    ? leftOf(agent.info.limits, await usedIn(parent, state, agent.info.alias), worked, 'the agent')
    : NO_LIMITS;
  const own = settings.limits;
  return {
    ...settings,
    limits: {
      ...own,
      usd: lowestLimit(own.usd, ofRun.usd, ofAgent.usd),
      tokens: lowestLimit(own.tokens, ofRun.tokens, ofAgent.tokens),
      seconds: lowestLimit(own.seconds, ofRun.seconds, ofAgent.seconds),
    },
  };
}

/** Lets the run whose agent started this process know of the one that begins. Never rejects. */
export async function tellParent(variables: Variables, run: { id: string; dir: string }): Promise<void> {
  const parent = variables[COUNTED_VARIABLE] ?? variables[PARENT_VARIABLE] ?? '';
  if (parent !== '') await noteChild(parent, { ...run, agent: variables[AGENT_VARIABLE] ?? null });
}

/** What processes that an agent of the run starts have to know; `limits` are those of the run and of its agents. */
export function parentVariables(limits: readonly Limits[], runDir: string, alias: Alias): Record<string, string> {
  return {
    [COUNTED_VARIABLE]: runDir,
    [AGENT_VARIABLE]: alias,
    ...(limits.some(isLimited) && { [PARENT_VARIABLE]: runDir }),
  };
}

function isLimited({ usd, tokens, seconds }: Limits): boolean {
  return usd !== null || tokens !== null || seconds !== null;
}

function leftOf(limits: Limits, used: Used, usedMs: number, whose: string): Pick<Limits, 'usd' | 'tokens' | 'seconds'> {
  const left = (resource: BudgetResource, limit: number | null, spent: number): number | null => {
    if (limit === null) return null;
    if (spent < limit) return limit - spent;
    const budget = limitText({ resource, limit, used: spent });
    const message = `The budget of ${budget} of ${whose} that started this one is used up. Answer without starting a run.`;
    throw new MassgenError('budget-used', message);
  };
  return {
    usd: left('usd', limits.usd, used.usd),
    tokens: left('tokens', limits.tokens, used.tokens),
    seconds: left('seconds', limits.seconds, usedMs / 1000),
  };
}

/**
 * What the run, or one agent of it, and all that was started inside of it have used so far, also what the run has not
 * counted yet. Runs that cannot be read count as nothing.
 */
async function usedIn(dir: string, state: RunState, alias: Alias | null, levels = MAX_LEVELS): Promise<Used> {
  const { usage, cost } = (alias === null ? null : state.agents[alias]) ?? state;
  const used = { usd: cost.usd, tokens: usage.input + usage.output };
  for (const child of levels > 0 ? await childrenOf(dir) : []) {
    const childState = alias === null || child.agent === alias ? await stateOf(child.dir) : null;
    if (!childState) continue;
    const all = await usedIn(child.dir, childState, null, levels - 1);
    const counted = state.nested.find((each) => each.dir === child.dir);
    used.usd += all.usd - (counted?.cost.usd ?? 0);
    used.tokens += all.tokens - (counted ? counted.usage.input + counted.usage.output : 0);
  }
  return used;
}
