import type { EventOf } from '../events/event.ts';
import type { RunState } from './state.ts';

type ChangeEvent = EventOf<
  'changes.begun' | 'changes.proposed' | 'changes.decided' | 'changes.applied' | 'changes.undone'
>;

/** What becomes of the winner's changes of the user's files. */
export function applyChanges(state: RunState, event: ChangeEvent): RunState {
  switch (event.type) {
    case 'changes.proposed':
      return {
        ...state,
        changeStep: null,
        hasProposed: true,
        changes: event.data.files.length === 0 ? null : { ...event.data, state: 'proposed', accepted: [] },
      };
    case 'changes.begun':
      return { ...state, changeStep: event.data.step };
    case 'changes.decided': {
      const { paths: accepted, hunks = {}, by, comment } = event.data;
      const said = by === 'policy' || comment.trim() === '' ? {} : { comment };
      return { ...state, changes: state.changes && { ...state.changes, state: 'decided', accepted, hunks, ...said } };
    }
    case 'changes.applied':
      return {
        ...state,
        changeStep: null,
        changes: state.changes && {
          ...state.changes,
          state: 'applied',
          accepted: [...new Set([...state.changes.accepted, ...event.data.paths])],
          conflicts: event.data.conflicts ?? [],
        },
      };
    case 'changes.undone':
      return { ...state, changes: state.changes && { ...state.changes, state: 'undone' } };
  }
}
