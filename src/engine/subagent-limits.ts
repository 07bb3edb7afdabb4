import type { RunState } from '../coordination/state.ts';
import { agentOf } from '../coordination/views.ts';
import type { Alias } from '../events/event.ts';
import { DEFAULT_SETTINGS, NO_LIMITS, type CoordinationSettings, type Limits } from '../events/settings.ts';

/**
 * What a part of the agent's work may use: what the run and the agent have left, each by its own limits. Null when there
 * is nothing left. Time is watched by the agent's own turn.
 */
export function leftForPart(state: RunState, alias: Alias): Limits | null {
  const agent = agentOf(state, alias);
  const own = agent.info.limits ?? NO_LIMITS;
  const all = state.settings.limits;
  const tokens = ({ usage }: Pick<RunState, 'usage'>): number => usage.input + usage.output;
  const left: Limits = {
    usd: lower(rest(all.usd, state.cost.usd), rest(own.usd, agent.cost.usd)),
    tokens: lower(rest(all.tokens, tokens(state)), rest(own.tokens, tokens(agent))),
    seconds: null,
    toolCalls: lower(rest(all.toolCalls, state.toolCalls), rest(own.toolCalls, agent.toolCalls)),
  };
  const isUsedUp = [left.usd, left.tokens].some((each) => each !== null && each <= 0);
  return isUsedUp ? null : left;
}

/** The rules of a run for a part: nobody in it starts further ones. */
export function settingsOfPart(settings: CoordinationSettings, limits: Limits): CoordinationSettings {
  const { subagents } = settings;
  return {
    ...DEFAULT_SETTINGS,
    maxToolRounds: settings.maxToolRounds,
    maxProtocolRetries: settings.maxProtocolRetries,
    finalAnswer: 'reuse',
    // Whoever works on a part proposes nothing: its agent does, and the winner alone acts.
    planning: settings.planning && { instruction: '', isPart: true },
    limits,
    ...(subagents && { timeoutMs: subagents.timeoutMs, roundLimits: subagents.roundLimits }),
    subagents: null,
  };
}

function rest(limit: number | null, used: number): number | null {
  return limit === null ? null : Math.max(0, limit - used);
}

function lower(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
