import { phaseOf } from '../../coordination/views.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { asksOf } from './asks.ts';
import type { Model } from './model.ts';

const MOST_QUESTION = 60;

/** The title of the terminal's window: what somebody in another window wants to know. One line, safe to send. Pure. */
export function titleOf(model: Model): string {
  const state = model.run?.state;
  if (model.isStarting) return 'massgen: starting';
  if (!state) return 'massgen';
  const asks = asksOf(model).length;
  const waits = asks > 0 ? `! ${asks} for you, ` : '';
  const what = model.playback ? 'replay' : (state.end?.outcome ?? (state.isCancelled ? 'cancelling' : phaseOf(state)));
  // Long questions are cut before they are cleaned: this is asked for with every picture.
  const question = sanitizeLine(state.question.slice(0, MOST_QUESTION)).replaceAll(/[\ud800-\udfff\ufffd]/g, '');
  return `massgen: ${waits}${what} - ${question}${state.question.length > MOST_QUESTION ? '...' : ''}`;
}
