import type { Alias, AnswerLabel } from '../events/event.ts';
import type { AgentState, AgentStatus, AnswerVersion, Ballot, Phase, RunState } from './state.ts';

/** The agent of that alias. An unknown alias is a bug, since aliases come from the state itself. */
export function agentOf(state: RunState, alias: Alias): AgentState {
  const agent = state.agents[alias];
  if (!agent) throw new Error(`no agent is called ${alias}`);
  return agent;
}

/** All agents, in the order of the config. */
export function agentsOf(state: RunState): AgentState[] {
  return state.order.map((alias) => agentOf(state, alias));
}

export function latestAnswer(agent: AgentState): AnswerVersion | null {
  return agent.answers.at(-1) ?? null;
}

/** Those of earlier attempts too, oldest first. */
export function allAnswersOf(agent: AgentState): AnswerVersion[] {
  return [...agent.past, ...agent.answers];
}

/**
 * The latest answer of every agent that has one, in the order of the config, without those that the user vetoed.
 * Agents that are out keep theirs.
 */
export function currentAnswers(state: RunState): AnswerVersion[] {
  return agentsOf(state).flatMap((agent) => {
    const answer = latestAnswer(agent);
    return answer && !Object.hasOwn(state.vetoes, answer.label) ? answer : [];
  });
}

export function answerByLabel(state: RunState, label: AnswerLabel): AnswerVersion | null {
  return (
    agentsOf(state)
      .flatMap(allAnswersOf)
      .find((answer) => answer.label === label) ?? null
  );
}

/** The ballots that count now: at most one per voter, none that names or saw an answer which is no longer current. */
export function countingBallots(state: RunState): Ballot[] {
  const ofAgents = agentsOf(state).flatMap((agent) => (hasCountingBallot(agent) && agent.ballot ? agent.ballot : []));
  return state.userBallot?.voidedBy === null ? [...ofAgents, state.userBallot] : ofAgents;
}

/** True for an agent whose vote is in. */
export function hasCountingBallot(agent: AgentState): boolean {
  return agent.ballot?.voidedBy === null;
}

export function isActive(agent: AgentState): boolean {
  return agent.standing === 'active';
}

/** True while the agent may hand in one more answer. */
export function mayAnswer(state: RunState, agent: AgentState): boolean {
  const cap = state.settings.maxAnswersPerAgent;
  return (cap === null || agent.answers.length < cap) && !isPoolFull(state);
}

/** True once all agents together have handed in as many answers as they may. */
function isPoolFull(state: RunState): boolean {
  const cap = state.settings.maxAnswersTotal;
  return cap !== null && agentsOf(state).reduce((sum, agent) => sum + agent.answers.length, 0) >= cap;
}

/** True once every agent that is still in has answered, or may not any more. Judging begins then, since an earlier ballot could not count. */
export function isDraftingOver(state: RunState): boolean {
  const parts = state.prepared.subtasks ?? {};
  const hasParts = Object.keys(parts).length > 0;
  // Where the work is divided, an agent without a part has nothing to hand in.
  const owes = ({ info }: AgentState): boolean => !hasParts || parts[info.alias] !== undefined;
  return (
    isPoolFull(state) ||
    (state.preparing.length === 0 &&
      agentsOf(state).every((agent) => !isActive(agent) || agent.answers.length > 0 || !owes(agent)))
  );
}

/** What is evaluated as the final answer of this attempt. */
export function textToEvaluate({ attempt, settings, final }: RunState): string {
  return (attempt === 1 ? settings.evaluatedInstead : null) ?? final?.text ?? '';
}

/** True once no further round is to begin: a limit was reached, or somebody wants the answer now. */
export function isCutShort(state: RunState): boolean {
  return state.isDeadlineReached || state.spent !== null || state.isClosed;
}

export function phaseOf(state: RunState): Phase {
  if (state.end) return 'finished';
  if (state.winner) return 'presenting';
  return isDraftingOver(state) ? 'judging' : 'drafting';
}

/** What an agent is doing, in one word. */
export function statusOf(state: RunState, alias: Alias): AgentStatus {
  const agent = agentOf(state, alias);
  if (agent.standing !== 'active' && !agent.turn) return agent.standing;
  if (agent.turn) {
    if (agent.turn.retryAt !== null) return 'retrying';
    return Object.keys(agent.turn.tools).length > 0 ? 'tool' : 'streaming';
  }
  if (state.end) return 'completed';
  if (agent.ballot && agent.ballot.voidedBy === null) return 'voted';
  return agent.answers.length > 0 ? 'answered' : 'waiting';
}

/** How long the run had worked at a time of one of its events, or now, in milliseconds: rests do not count. */
export function elapsedMs(state: RunState, at: number): number {
  let ms = at - state.startedAt;
  for (const rest of state.rests) if (rest.until <= at) ms -= rest.ms;
  return ms;
}
