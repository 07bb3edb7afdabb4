import type { ActionStage, PlannedAction } from '../events/planned-action.ts';

/** The list of what agents would do, and what was done of it. There is one only in a run that plans before it acts. */
export interface Actions {
  /** Whoever asks works on a part for an agent, and does none of it. */
  readonly isPart: boolean;
  /** How far an action of this agent is; null for one that is not part of what won, or of what it may propose. */
  stageOf(key: string): ActionStage | null;
  /** Notes what the agent would do. Rejects when the log cannot be written. */
  propose(action: PlannedAction): Promise<void>;
  /** On disk before the effect begins, so that it never begins twice. Rejects when the log cannot be written. */
  begin(key: string): Promise<void>;
  end(key: string, isError: boolean): Promise<void>;
}
