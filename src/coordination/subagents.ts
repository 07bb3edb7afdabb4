import type { Alias, EventOf } from '../events/event.ts';
import { addCost, addUsage, NO_COST, NO_USAGE } from '../events/usage.ts';
import { changeAgent } from './change.ts';
import { spend } from './spending.ts';
import type { AgentState, RunState, Subagent } from './state.ts';
import { agentsOf } from './views.ts';

type SubagentEvent = EventOf<'subagent.started' | 'subagent.worked' | 'subagent.finished'>;

/** Folds what those do who work for an agent. Their calls are the agent's: it pays for them, and its limits hold. */
export function applySubagent(state: RunState, event: SubagentEvent): RunState {
  switch (event.type) {
    case 'subagent.started':
      return changeAgent(state, event, (agent) => ({ ...agent, subagents: started(agent, event) }));
    case 'subagent.worked':
      return worked(state, event);
    case 'subagent.finished': {
      const { outcome, text, reason, files } = event.data;
      return changeOne(state, event, (each) => ({
        ...each,
        status: outcome,
        text: text === '' ? each.text : text,
        reason,
        files,
        tool: null,
        finishedAt: event.at,
        isUntold: each.isDetached,
      }));
    }
  }
}

function started({ subagents }: AgentState, { data, at }: EventOf<'subagent.started'>): Subagent[] {
  const { subagent: name, callId, task, kind, model, dir, isDetached } = data;
  const fresh: Subagent = {
    name,
    callId,
    task,
    ...(kind !== undefined && { kind }),
    model,
    dir,
    status: 'working',
    text: '',
    reason: '',
    files: null,
    tool: null,
    steps: 0,
    usage: NO_USAGE,
    cost: NO_COST,
    startedAt: at,
    finishedAt: null,
    isDetached,
    isUntold: false,
  };
  return [...subagents, fresh];
}

function worked(before: RunState, event: EventOf<'subagent.worked'>): RunState {
  const { text, tool, usage, costUsd, isAtLeast = false } = event.data;
  const state = changeOne(before, event, (each) => ({
    ...each,
    steps: each.steps + 1,
    text: text.trim() === '' ? each.text : text,
    tool,
    usage: addUsage(each.usage, usage),
    cost: addCost(each.cost, costUsd, !isAtLeast),
  }));
  const calls = tool === null ? 0 : 1;
  const paid = changeAgent({ ...state, toolCalls: state.toolCalls + calls }, event, (agent) => ({
    ...agent,
    toolCalls: agent.toolCalls + calls,
    usage: addUsage(agent.usage, usage),
    cost: addCost(agent.cost, costUsd, !isAtLeast),
  }));
  return spend(paid, 'subagent', usage, costUsd, !isAtLeast);
}

function changeOne(
  state: RunState,
  event: EventOf<'subagent.worked' | 'subagent.finished'>,
  change: (each: Subagent) => Subagent,
): RunState {
  return changeAgent(state, event, (agent) => ({
    ...agent,
    subagents: agent.subagents.map((each) => (each.name === event.data.subagent ? change(each) : each)),
  }));
}

/** Once a call has its result, a later one of the same id is another call. */
export function settleCall(agent: AgentState, callId: string): AgentState {
  if (!agent.subagents.some((each) => each.callId === callId)) return agent;
  const subagents = agent.subagents.map((each) => (each.callId === callId ? { ...each, callId: null } : each));
  return { ...agent, subagents };
}

/** Whoever went on is to hear what came of these at its next safe point. */
export function untoldParts(state: RunState, alias: Alias): Subagent[] {
  return state.agents[alias]?.subagents.filter(({ isUntold }) => isUntold) ?? [];
}

/** All that work, or have worked, for agents of the run. */
export function allSubagents(state: RunState): Subagent[] {
  return agentsOf(state).flatMap(({ subagents }) => subagents);
}
