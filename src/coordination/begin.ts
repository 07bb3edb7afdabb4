import type { Alias, EventOf } from '../events/event.ts';
import { DEFAULT_SETTINGS } from '../events/settings.ts';
import { NO_COST, NO_USAGE } from '../events/usage.ts';
import { withAgents } from './change.ts';
import { withoutCircles } from './preparation.ts';
import type { AgentState, AnswerVersion, RunState } from './state.ts';

/** The state of a run that has just begun. */
export function beginRun(event: EventOf<'run.started'>): RunState {
  const { agents, question, team, settings, seed, history = [], session = null } = event.data;
  return {
    run: event.run,
    question,
    session,
    history,
    team,
    // A log of an older version lacks what was added since.
    settings: { ...DEFAULT_SETTINGS, ...settings },
    seed,
    startedAt: event.at,
    updatedAt: event.at,
    seq: event.seq,
    order: agents.map((agent) => agent.alias),
    agents: Object.fromEntries(
      agents.map((info): [Alias, AgentState] => [
        info.alias,
        {
          info,
          standing: 'active',
          trouble: null,
          turn: null,
          left: null,
          turns: 0,
          past: [],
          answers: [],
          seen: [],
          ballot: null,
          requests: 0,
          usage: NO_USAGE,
          cost: NO_COST,
          toolCalls: 0,
          workedMs: 0,
          spent: null,
          switches: 0,
          streamedChars: 0,
          plan: [],
          subagents: [],
          lastActivityAt: event.at,
        },
      ]),
    ),
    rests: [],
    ballots: [],
    winner: null,
    final: null,
    hasPresenter: false,
    attempt: 1,
    feedback: null,
    evaluation: null,
    hasEvaluator: false,
    isDeadlineReached: false,
    deadlineStage: null,
    isCancelled: false,
    end: null,
    preparing: [],
    prepared: preparedIn(event),
    usage: NO_USAGE,
    cost: NO_COST,
    nested: [],
    phases: {},
    turnSpending: [],
    toolCalls: 0,
    budgetMarks: {},
    spent: null,
    isUnpriced: false,
    isClosed: false,
    userBallot: null,
    vetoes: {},
    override: null,
    notes: [],
    handing: [],
    approvals: [],
    questions: [],
    asked: [],
    actions: [],
    hasToldLeft: false,
    changes: null,
    hasProposed: false,
    changeStep: null,
    rating: null,
    grades: [],
  };
}

/** Parts of the work that the config gives, and points of view that the session keeps. */
function preparedIn({ data }: EventOf<'run.started'>): RunState['prepared'] {
  const kept = data.personas ? { personas: data.personas } : {};
  if (data.settings.subtasks !== 'given') return kept;
  const texts = Object.fromEntries(data.agents.flatMap(({ alias, subtask }) => (subtask ? [[alias, subtask]] : [])));
  const order = data.agents.map(({ alias }) => alias);
  return { ...kept, subtasks: withoutCircles(texts, order) };
}

/** Answers that are not kept, and ballots, become history; who had abstained is asked again, who had failed is not. */
export function beginAttempt(state: RunState, { data }: EventOf<'attempt.started'>): RunState {
  const isKept = ({ label }: AnswerVersion): boolean => data.kept?.includes(label) === true;
  const anew = withAgents(state, (agent) => ({
    ...agent,
    past: [...agent.past, ...agent.answers.filter((answer) => !isKept(answer))],
    answers: agent.answers.filter(isKept),
    // Whoever drafts nothing new goes on with its conversation.
    seen: agent.answers.some(isKept) ? agent.seen : [],
    ballot: null,
    left: null,
    ...(agent.standing === 'abstained' && agent.spent === null ? { standing: 'active' as const, trouble: null } : {}),
  }));
  return {
    ...anew,
    attempt: data.attempt,
    feedback: data.feedback,
    evaluation: null,
    hasEvaluator: false,
    hasPresenter: false,
    winner: null,
    final: null,
    changes: null,
    hasProposed: false,
    rating: null,
    grades: state.grades.filter(({ label }) => label !== null),
    userBallot: null,
    override: null,
  };
}
