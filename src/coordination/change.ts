import type { RunEvent } from '../events/event.ts';
import type { AgentState, OpenTurn, RunState } from './state.ts';

/** The state with every agent changed. */
export function withAgents(state: RunState, change: (agent: AgentState) => AgentState): RunState {
  return {
    ...state,
    agents: Object.fromEntries(Object.entries(state.agents).map(([alias, agent]) => [alias, change(agent)])),
  };
}

/** Changes the agent that the event is about and notes that it was active. */
export function changeAgent(state: RunState, event: RunEvent, change: (agent: AgentState) => AgentState): RunState {
  const agent = event.agent === undefined ? undefined : state.agents[event.agent];
  if (!agent) return state;
  const changed = { ...change(agent), lastActivityAt: event.at };
  return { ...state, agents: { ...state.agents, [agent.info.alias]: changed } };
}

/** Changes the open turn of the agent that the event is about, if it has one. */
export function changeTurn(state: RunState, event: RunEvent, change: (turn: OpenTurn) => OpenTurn): RunState {
  return changeAgent(state, event, (agent) => (agent.turn ? { ...agent, turn: change(agent.turn) } : agent));
}
