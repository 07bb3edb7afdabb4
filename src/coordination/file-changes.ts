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
