import type { ProposedChanges, RunState } from '../coordination/state.ts';
import type { EventData, EventDraft } from '../events/event.ts';

/** The copies that the agents of a run work in, as far as the run itself deals with them. */
export interface ChangesPort {
  /** Compares what the answer's author has left with the user's folder. Never rejects: what is wrong is a problem. */
  propose(state: RunState): Promise<EventData['changes.proposed']>;
  /** Writes accepted changes. Never rejects: what cannot be written is a conflict. */
  apply(changes: ProposedChanges): Promise<EventData['changes.applied']>;
  /** Removes the copies of a run that nobody goes on with. Never rejects. */
  close(isOver: boolean): Promise<void>;
}

const NOBODY = 'Nobody was there to look at them. Look at the patch, and write them with: massgen apply';

/** What is to be recorded for one step. Where nobody decides, what the settings say does. */
export async function changeFiles(
  port: ChangesPort | undefined,
  step: 'propose' | 'apply',
  state: () => RunState,
  isAttended: boolean,
): Promise<EventDraft[]> {
  const now = state();
  if (step === 'apply') {
    const { changes } = now;
    if (!changes || !port) return [{ type: 'changes.applied', data: nothingApplied(now) }];
    return [{ type: 'changes.applied', data: await port.apply(changes) }];
  }
  const data = (await port?.propose(now)) ?? { label: labelOf(now), base: '', files: [], patch: '' };
  const proposed: EventDraft = { type: 'changes.proposed', data };
  return [proposed, ...decidedByPolicy(data, now, isAttended)];
}

/** Empty where the user is to decide. */
export function decidedByPolicy(
  { label, files }: Pick<ProposedChanges, 'label' | 'files'>,
  { settings }: RunState,
  isAttended: boolean,
): EventDraft[] {
  const mode = settings.applyChanges;
  if (files.length === 0 || (mode === 'ask' && isAttended)) return [];
  const paths = mode === 'auto' ? files.map(({ path }) => path) : [];
  const comment = mode === 'ask' ? NOBODY : '';
  return [{ type: 'changes.decided', data: { label, paths, by: 'policy', comment } }];
}

function nothingApplied(state: RunState): EventData['changes.applied'] {
  const conflicts = (state.changes?.accepted ?? []).map((path) => ({
    path,
    reason: 'the team of this run has no copies any more; massgen apply writes it',
  }));
  return { label: labelOf(state), paths: [], backup: '', conflicts };
}

function labelOf(state: RunState): string {
  return state.winner?.label ?? '';
}
