import { basename } from 'node:path';
import { usesOf, type Spending } from '../coordination/budget.ts';
import { electionOf } from '../coordination/early-stop.ts';
import type { AgentState, AgentStatus, Phase, RunState } from '../coordination/state.ts';
import { agentsOf, countingBallots, elapsedMs, latestAnswer, phaseOf, statusOf } from '../coordination/views.ts';
import type { BudgetResource, RunOutcome } from '../events/event.ts';
import { NO_LIMITS, type Limits } from '../events/settings.ts';
import { countedPreferences } from '../voting/preference.ts';
import { preview } from './plain-text.ts';
import { authorId, winnerId } from './winner-id.ts';

/** The content of `status.json`. Times are seconds since 1970. See `docs/automation.md`. */
export interface RunStatus {
  meta: {
    last_updated: number;
    /** The session's, or the run's where it belongs to none. */
    session_id: string;
    run_id: string;
    /** 1, and one more for every restart. */
    attempt: number;
    log_dir: string;
    question: string;
    start_time: number;
    elapsed_seconds: number;
    /** True once nothing more will change. */
    finished: boolean;
    outcome: RunOutcome | null;
    outcome_reason: string | null;
  };
  coordination: {
    phase: 'initial_answer' | 'enforcement' | 'presentation';
    /** The one that did something last, of those at work; null while nobody is. */
    active_agent: string | null;
    active_agents: string[];
    completion_percentage: number;
    is_final_presentation: boolean;
  };
  agents: Record<string, AgentReport>;
  results: {
    /** Counting ballots by their first choice. */
    votes: Record<string, number>;
    winner: string | null;
    final_answer_preview: string | null;
    /** Why the final answer is not what was asked for. */
    notice: string | null;
  };
  usage: UsageReport;
  /** The same by what the model calls were for: `draft`, `judge`, `present` and so on. */
  usage_by_phase: Record<string, UsageReport>;
  /** The same by turn, in the order of the work. What was called beside turns is in `usage_by_phase` only. */
  usage_by_turn: (UsageReport & { agent: string; turn: string; kind: string; attempt: number; requests: number })[];
  /** The run's limits; empty where there are none. */
  budgets: BudgetReport[];
  /** What agents wait for somebody to say. */
  waiting: {
    approvals: {
      id: string;
      agent: string;
      /** Who works for that agent and asks; absent is the agent. */
      subagent?: string;
      tool: string;
      action: string;
      target: string;
      risk: string;
      since: number;
    }[];
    questions: { id: string; agent: string; subagent?: string; to: string[]; text: string; since: number }[];
  };
  /** What the winner's work would change in the user's folder; null while nothing is proposed. */
  changes: { label: string; state: string; files: number; accepted: number } | null;
}

interface UsageReport {
  input_tokens: number;
  /** Share of the input that came from the provider's cache. */
  cached_input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  /** False when a price was unknown, so `cost_usd` is a lower bound. */
  cost_is_complete: boolean;
}

interface BudgetReport {
  resource: BudgetResource;
  used: number;
  limit: number;
}

export interface AgentReport {
  status: AgentStatus;
  answer_count: number;
  latest_answer_label: string | null;
  vote_cast: { voted_for_agent: string; voted_for_label: string; reason_preview: string } | null;
  times_restarted: number;
  last_activity: number;
  error: { type: string; message: string; timestamp: number } | null;
  model: string;
  usage: UsageReport;
  budgets: BudgetReport[];
  /** Those who work, or have worked, on parts for it. Their usage is part of its own. */
  subagents: {
    name: string;
    status: string;
    task: string;
    model: string;
    last_text: string;
    reason: string | null;
    usage: UsageReport;
    log_dir: string;
  }[];
  /** Its plan, with the tasks that each one waits for; empty where it made none. */
  plan: { id: string; title: string; status: string; depends_on: string[] }[];
}

const PHASES: Record<Phase, RunStatus['coordination']['phase']> = {
  drafting: 'initial_answer',
  judging: 'enforcement',
  presenting: 'presentation',
  finished: 'presentation',
};

/** What is true of the run now. Pure; `now` in milliseconds counts only while the run goes on. */
export function toStatus(state: RunState, { logDir, now }: { logDir: string; now: number }): RunStatus {
  const at = state.end ? state.updatedAt : Math.max(now, state.updatedAt);
  const phase = phaseOf(state);
  const working = agentsOf(state).filter((agent) => agent.turn !== null);
  const latest = working.toSorted((a, b) => b.lastActivityAt - a.lastActivityAt)[0];
  return {
    meta: {
      last_updated: at / 1000,
      session_id: state.session ?? basename(logDir),
      run_id: state.run,
      attempt: state.attempt,
      log_dir: logDir,
      question: state.question,
      start_time: state.startedAt / 1000,
      elapsed_seconds: elapsedMs(state, at) / 1000,
      finished: state.end !== null,
      outcome: state.end?.outcome ?? null,
      outcome_reason: state.end?.reason ?? null,
    },
    coordination: {
      phase: PHASES[phase],
      active_agent: latest?.info.id ?? null,
      active_agents: working.map((agent) => agent.info.id),
      completion_percentage: completionOf(state, phase),
      is_final_presentation: phase === 'presenting',
    },
    agents: Object.fromEntries(agentsOf(state).map((agent) => [agent.info.id, toReport(state, agent, at)])),
    results: {
      votes: tally(state),
      winner: winnerId(state),
      final_answer_preview: state.final ? preview(state.final.text, 200) : null,
      notice: state.final?.notice ?? null,
    },
    usage: usageOf(state),
    usage_by_phase: Object.fromEntries(
      Object.entries(state.phases).map(([phase, spending]) => [phase, usageOf(spending)]),
    ),
    usage_by_turn: state.turnSpending.map(({ alias, turn, kind, attempt, requests, ...spending }) => ({
      agent: state.agents[alias]?.info.id ?? alias,
      turn,
      kind,
      attempt,
      requests,
      ...usageOf(spending),
    })),
    budgets: budgetsOf(state.settings.limits, state, elapsedMs(state, at)),
    waiting: waitingIn(state),
    changes: state.changes && {
      label: state.changes.label,
      state: state.changes.state,
      files: state.changes.files.length,
      accepted: state.changes.accepted.length,
    },
  };
}

function usageOf({ usage, cost }: Pick<RunState, 'usage' | 'cost'>): UsageReport {
  return {
    input_tokens: usage.input,
    cached_input_tokens: usage.cachedInput,
    output_tokens: usage.output,
    cost_usd: cost.usd,
    cost_is_complete: cost.isComplete,
  };
}

function budgetsOf(limits: Limits, spending: Spending, workedMs: number): BudgetReport[] {
  const counted = usesOf(limits, spending);
  if (limits.seconds === null) return counted;
  return [...counted, { resource: 'seconds', used: workedMs / 1000, limit: limits.seconds }];
}

const PREVIEW_CHARS = 500;

function waitingIn(state: RunState): RunStatus['waiting'] {
  const idOf = (alias: string): string => state.agents[alias]?.info.id ?? alias;
  return {
    approvals: state.approvals.map(({ request: id, alias, subagent, tool, action, target, risk, at }) => ({
      id,
      agent: idOf(alias),
      ...(subagent !== undefined && { subagent }),
      tool,
      action,
      target: preview(target, PREVIEW_CHARS),
      risk,
      since: at / 1000,
    })),
    questions: state.questions.map(({ question: id, alias, subagent, waitsFor, text, at }) => ({
      id,
      agent: idOf(alias),
      ...(subagent !== undefined && { subagent }),
      to: waitsFor.map(idOf),
      text: preview(text, PREVIEW_CHARS),
      since: at / 1000,
    })),
  };
}

function toReport(state: RunState, agent: AgentState, at: number): AgentReport {
  const { ballot, trouble } = agent;
  const isCounting = ballot !== null && ballot.voidedBy === null;
  return {
    status: statusOf(state, agent.info.alias),
    answer_count: agent.answers.length,
    latest_answer_label: latestAnswer(agent)?.label ?? null,
    vote_cast: isCounting
      ? {
          voted_for_agent: authorId(state, ballot.choice) ?? ballot.choice,
          voted_for_label: ballot.choice,
          reason_preview: preview(ballot.reason, 100),
        }
      : null,
    times_restarted: Math.max(0, agent.turns - 1),
    last_activity: agent.lastActivityAt / 1000,
    error: trouble ? { type: trouble.kind, message: trouble.message, timestamp: agent.lastActivityAt / 1000 } : null,
    model: agent.info.model,
    usage: usageOf(agent),
    budgets: budgetsOf(
      agent.info.limits ?? NO_LIMITS,
      agent,
      agent.workedMs + (agent.turn ? Math.max(0, at - agent.turn.startedAt) : 0),
    ),
    subagents: agent.subagents.map(({ name, status, task, model, text, reason, usage, cost, dir }) => ({
      name,
      status,
      task: preview(task, PREVIEW_CHARS),
      model,
      last_text: preview(text, PREVIEW_CHARS),
      reason: reason === '' ? null : reason,
      usage: usageOf({ usage, cost }),
      log_dir: dir,
    })),
    plan: agent.plan.map(({ id, title, status, dependsOn }) => ({
      id,
      title: preview(title, PREVIEW_CHARS),
      status,
      depends_on: dependsOn,
    })),
  };
}

/** First choices, as they count: without self-votes where the team does not count them. */
function tally(state: RunState): Record<string, number> {
  const votes = new Map<string, number>();
  const election = electionOf(state);
  for (const { first } of countedPreferences(election)) {
    const label = election.candidates[first]?.label ?? '';
    votes.set(label, (votes.get(label) ?? 0) + 1);
  }
  return Object.fromEntries(votes);
}

/**
 * Every agent owes an answer and a ballot; an agent that is out owes nothing. 100 only when the run has ended; a new
 * answer voids ballots, so the figure can fall.
 */
function completionOf(state: RunState, phase: Phase): number {
  if (phase === 'finished') return 100;
  if (phase === 'presenting') return 99;
  const voters = new Set(countingBallots(state).map((ballot) => ballot.voter));
  let done = 0;
  for (const agent of agentsOf(state)) {
    if (agent.standing !== 'active') done += 2;
    else done += (agent.answers.length > 0 ? 1 : 0) + (voters.has(agent.info.alias) ? 1 : 0);
  }
  return Math.min(99, Math.floor((100 * done) / (2 * Math.max(1, state.order.length))));
}
