import type {
  CoordinationSettings,
  FinalAnswerMode,
  Limits,
  RoundLimits,
  SubagentSettings,
  UpdateMode,
} from '../events/settings.ts';
import { DEFAULT_SETTINGS, NO_LIMITS } from '../events/settings.ts';
import { applyModeOf } from './read-project-needs.ts';
import { preparationOf } from './preparation.ts';
import type { Config, LimitsConfig } from './schema/config.ts';

/** Settings from the command line; they win over the file. */
export type SettingsOverrides = Partial<CoordinationSettings>;

/** MassGen's later words for the ways to a final answer. */
const STRATEGIES: Readonly<Record<'winner_reuse' | 'winner_present' | 'synthesize', FinalAnswerMode>> = {
  winner_reuse: 'reuse',
  winner_present: 'present',
  synthesize: 'synthesize',
};

/** The rules of a run out of a checked file. */
export function toSettings(config: Config, overrides: SettingsOverrides = {}): CoordinationSettings {
  const o = config.orchestrator;
  const common = {
    timeoutMs: timeoutMsOf(config),
    roundLimits: roundLimitsOf(config.timeout_settings),
    ...preparationOf(config),
    limits: toLimits(config.limits),
  };
  if (o === undefined) return { ...DEFAULT_SETTINGS, ...common, ...overrides };
  const strategy = o.final_answer_strategy;
  return {
    ...DEFAULT_SETTINGS,
    votingRule: o.voting_rule,
    tieBreak: o.tie_break,
    countSelfVotes: o.count_self_votes,
    updates: o.updates ?? updatesOf(o),
    maxUpdatesPerTurn: o.max_midstream_injections_per_round ?? null,
    maxAnswersPerAgent: o.max_new_answers_per_agent,
    maxProtocolRetries: o.max_protocol_retries,
    maxToolRounds: o.max_tool_rounds,
    finalAnswer: o.final_answer ?? (strategy === undefined ? DEFAULT_SETTINGS.finalAnswer : STRATEGIES[strategy]),
    novelty: o.answer_novelty_requirement,
    sensitivity: o.voting_sensitivity,
    maxAnswersTotal: o.max_new_answers_global ?? null,
    maxRestarts: o.coordination?.max_orchestration_restarts ?? 0,
    restartMode: o.coordination?.restart_mode ?? DEFAULT_SETTINGS.restartMode,
    quorum: o.quorum ?? null,
    peerAnswerChars: o.peer_answer_chars === undefined ? DEFAULT_SETTINGS.peerAnswerChars : o.peer_answer_chars,
    peerSummaries: o.peer_answer_summaries ?? DEFAULT_SETTINGS.peerSummaries,
    earlyStop: o.early_stop ?? DEFAULT_SETTINGS.earlyStop,
    earlyStopProbability: o.early_stop_probability ?? DEFAULT_SETTINGS.earlyStopProbability,
    firstAnswerWins: o.skip_coordination_rounds ?? false,
    evaluatedInstead: o.debug_final_answer?.trim() || null,
    planning: planningOf(o.coordination),
    taskPlanning: o.coordination?.enable_agent_task_planning ?? false,
    maxTasksPerPlan: o.coordination?.max_tasks_per_plan ?? DEFAULT_SETTINGS.maxTasksPerPlan,
    ...broadcastOf(o.coordination ?? {}),
    applyChanges: applyModeOf(config),
    subagents: subagentsOf(o.coordination ?? {}),
    ...common,
    ...overrides,
  };
}

/** MassGen's later names for how new answers reach agents that are judging. */
function updatesOf(o: NonNullable<Config['orchestrator']>): UpdateMode {
  if (o.disable_injection === true) return 'restart';
  return o.defer_peer_updates_until_restart === true ? 'finish-then-judge' : DEFAULT_SETTINGS.updates;
}

type Coordination = NonNullable<NonNullable<Config['orchestrator']>['coordination']>;

function planningOf(c: Coordination | undefined): CoordinationSettings['planning'] {
  return c?.enable_planning_mode === true ? { instruction: c.planning_mode_instruction?.trim() ?? '' } : null;
}

/** Whom agents may ask, and how. */
function broadcastOf(c: Coordination): Partial<CoordinationSettings> {
  const seconds = c.broadcast_timeout;
  return {
    broadcast: c.broadcast === undefined || c.broadcast === false ? 'off' : c.broadcast,
    ...(seconds !== undefined && {
      broadcastTimeoutMs: seconds === null ? null : Math.max(1, Math.round(seconds * 1000)),
    }),
    broadcastWait: c.broadcast_wait_by_default ?? DEFAULT_SETTINGS.broadcastWait,
    maxBroadcastsPerAgent: c.max_broadcasts_per_agent ?? DEFAULT_SETTINGS.maxBroadcastsPerAgent,
    broadcastSensitivity: c.broadcast_sensitivity ?? DEFAULT_SETTINGS.broadcastSensitivity,
    responseDepth: c.response_depth ?? DEFAULT_SETTINGS.responseDepth,
  };
}

/** Who may work on parts for an agent. */
function subagentsOf(c: Coordination): SubagentSettings | null {
  if (c.enable_subagents !== true) return null;
  return {
    timeoutMs: Math.max(1, Math.round((c.subagent_default_timeout ?? 300) * 1000)),
    maxAtOnce: c.subagent_max_concurrent ?? 3,
    maxPerAgent: c.max_subagents_per_agent ?? 10,
    maxPerRun: c.max_subagents_per_run ?? 30,
    roundLimits: roundLimitsOf(c.subagent_round_timeouts),
    ...kindsOf(c.subagent_types),
  };
}

/** Names alone, as in MassGen, say what there is to say. */
function kindsOf(types: Coordination['subagent_types']): Pick<SubagentSettings, 'kinds'> {
  if (types === undefined) return {};
  const named = Array.isArray(types) ? types.map((name): [string, string] => [name, '']) : Object.entries(types);
  return named.length > 0 ? { kinds: Object.fromEntries(named) } : {};
}

/** Limits out of a file; what it leaves out is not limited. */
export function toLimits(limits: LimitsConfig | undefined): Limits {
  if (limits === undefined) return NO_LIMITS;
  return {
    usd: limits.usd ?? null,
    tokens: limits.tokens ?? null,
    seconds: limits.seconds ?? null,
    toolCalls: limits.tool_calls ?? null,
  };
}

type RoundTimeouts = NonNullable<Coordination['subagent_round_timeouts']>;

function roundLimitsOf(t: RoundTimeouts | undefined): RoundLimits {
  const ms = (seconds: number | null | undefined, otherwise: number | null): number | null =>
    seconds === undefined ? otherwise : seconds === null ? null : Math.max(1, Math.round(seconds * 1000));
  const { firstMs, laterMs, graceMs } = DEFAULT_SETTINGS.roundLimits;
  return {
    firstMs: ms(t?.initial_round_timeout_seconds, firstMs),
    laterMs: ms(t?.subsequent_round_timeout_seconds, laterMs),
    graceMs: ms(t?.round_timeout_grace_seconds, graceMs) ?? graceMs,
  };
}

function timeoutMsOf(config: Config): number | null {
  const live = config.timeout_settings?.orchestrator_timeout_seconds;
  const seconds = live === undefined ? config.orchestrator?.timeout?.orchestrator_timeout_seconds : live;
  if (seconds === undefined) return DEFAULT_SETTINGS.timeoutMs;
  return seconds === null ? null : Math.max(1, Math.round(seconds * 1000));
}
