import type { EventDraft } from '../events/event.ts';
import type { Command } from '../events/run-handle.ts';
import type { RunState } from './state.ts';

/**
 * What is to be done about the winner's changes of the user's files before the run ends; `wait` while that is done, or
 * while the user looks at them. Null where nothing is, or is left, to be done.
 */
export function nextChange(state: RunState): { do: 'change-files'; step: 'propose' | 'apply' } | 'wait' | null {
  const { settings, changes, changeStep, hasProposed, final } = state;
  if (settings.applyChanges === null || !final) return null;
  if (changeStep !== null) return 'wait';
  if (!hasProposed) return { do: 'change-files', step: 'propose' };
  if (changes?.state === 'proposed') return 'wait';
  return changes?.state === 'decided' && changes.accepted.length > 0 ? { do: 'change-files', step: 'apply' } : null;
}

/** The user's word on the proposed changes, the first one only. What was not proposed is passed over. */
export function reviewEvents(
  { changes }: RunState,
  { paths, comment, hunks = {}, by = 'user' }: Extract<Command, { type: 'review' }>,
): EventDraft[] {
  if (changes?.state !== 'proposed') return [];
  const accepted = changes.files.map((file) => file.path).filter((path) => paths.includes(path));
  const data = { label: changes.label, paths: accepted, by, comment };
  const some = Object.fromEntries(Object.entries(hunks).filter(([path]) => accepted.includes(path)));
  return [{ type: 'changes.decided', data: { ...data, ...(Object.keys(some).length > 0 && { hunks: some }) } }];
}

/** Whether the team may still work in what the user wants changed. */
export function canSendBack({ changes, isClosed, isDeadlineReached, spent, end, isCancelled }: RunState): boolean {
  return changes?.state === 'proposed' && !isClosed && !isDeadlineReached && !spent && !end && !isCancelled;
}

/** None of the changes is taken, and a new attempt begins with what the user says; nothing without words or time for it. */
export function sendBackEvents(state: RunState, comment: string): EventDraft[] {
  const instructions = comment.trim();
  if (!state.changes || !canSendBack(state) || instructions === '') return [];
  const feedback = {
    reason: 'The user has looked at the files that this answer would change, and wants them different.',
    instructions,
    previous: state.final?.text ?? '',
  };
  return [
    { type: 'changes.decided', data: { label: state.changes.label, paths: [], by: 'user', comment: instructions } },
    { type: 'attempt.started', data: { attempt: state.attempt + 1, feedback } },
  ];
}
