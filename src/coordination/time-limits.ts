import type { EventOf, TurnKind, TurnLimitStage } from '../events/event.ts';
import type { CoordinationSettings } from '../events/settings.ts';
import { changeTurn } from './change.ts';
import type { OpenTurn, RunState } from './state.ts';

/** When a limit comes into effect, and how far. */
export interface LimitStep {
  stage: TurnLimitStage;
  /** After the beginning of the turn, or of the run. */
  afterMs: number;
}

/**
 * What happens to a turn that takes too long: it is told, then it is left with the workflow tools, then it is stopped.
 * Nothing where its kind has no limit.
 */
export function roundSteps({ roundLimits }: CoordinationSettings, kind: TurnKind): LimitStep[] {
  const { firstMs, laterMs, graceMs } = roundLimits;
  const limitMs = kind === 'draft' || kind === 'solo' ? firstMs : laterMs;
  if (limitMs === null) return [];
  return [
    { stage: 'noticed', afterMs: limitMs },
    { stage: 'closed', afterMs: limitMs + graceMs },
    { stage: 'stopped', afterMs: limitMs + 2 * graceMs },
  ];
}

/** A tenth of a short run is enough to finish in. */
const SHARE_OF_RUN = 10;

/** The same for the time limit of the run, whose end itself is `deadline.reached`. */
export function runSteps({ timeoutMs, roundLimits }: CoordinationSettings): LimitStep[] {
  if (timeoutMs === null) return [];
  const graceMs = Math.min(roundLimits.graceMs, timeoutMs / SHARE_OF_RUN);
  return [
    { stage: 'noticed', afterMs: timeoutMs - 2 * graceMs },
    { stage: 'closed', afterMs: timeoutMs - graceMs },
  ];
}

const ORDER: Record<TurnLimitStage, number> = { noticed: 1, closed: 2, stopped: 3 };

/** How far the turn is limited by its own time and the run's; null while there is time. */
export function limitOf(state: RunState, turn: OpenTurn): TurnLimitStage | null {
  return later(turn.limit, state.deadlineStage);
}

function later<S extends TurnLimitStage>(a: S | null, b: S | null): S | null {
  return (a ? ORDER[a] : 0) >= (b ? ORDER[b] : 0) ? a : b;
}

/** Folds a limit; one that came before, or is about a turn that is over, changes nothing. */
export function applyTimeLimit(state: RunState, event: EventOf<'turn.limited' | 'deadline.neared'>): RunState {
  const { data } = event;
  if (!('turn' in data)) return { ...state, deadlineStage: later(state.deadlineStage, data.stage) };
  return changeTurn(state, event, (turn) =>
    turn.turn === data.turn ? { ...turn, limit: later(turn.limit, data.stage) } : turn,
  );
}
