import type { RunHandle } from '../../events/run-handle.ts';
import { agentsOf } from '../../coordination/views.ts';
import type { RunState } from '../../coordination/state.ts';
import type { Tone } from '../store/blocks.ts';
import { plural } from '../view/format.ts';

/** What is said of a run that was stopped: what is kept of it, and how it goes on. Null for any other end. Pure. */
export function endNotice(state: RunState, handle: Pick<RunHandle, 'id' | 'dir'>): { tone: Tone; text: string } | null {
  if (state.end?.outcome !== 'cancelled') return null;
  const answers = agentsOf(state).reduce((sum, agent) => sum + agent.answers.length, 0);
  const kept = answers === 0 ? 'no answer yet' : `${plural(answers, 'answer')} kept`;
  return { tone: 'warn', text: `cancelled, ${kept}; massgen resume ${handle.id} goes on; ${handle.dir}` };
}
