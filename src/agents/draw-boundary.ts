import type { RunState } from '../coordination/state.ts';
import { agentsOf, allAnswersOf } from '../coordination/views.ts';
import type { Exchange } from '../events/exchange.ts';
import type { Random } from '../events/random.ts';

/** A word for fences that none of the texts contains, so that none can close its own fence. */
export function drawBoundary(random: Random, texts: readonly string[]): string {
  for (;;) {
    const word = random
      .int(36 ** 5)
      .toString(36)
      .padStart(5, '0');
    if (!texts.some((text) => text.includes(word))) return word;
  }
}

/** A word for fences around whatever texts of this run may stand in a prompt. */
export function drawRunBoundary(random: Random, state: RunState): string {
  const { question, final, feedback, history, ballots, prepared, actions, settings } = state;
  const answers = agentsOf(state).flatMap(allAnswersOf);
  return drawBoundary(random, [
    question,
    settings.personas?.guidelines ?? '',
    final?.text ?? '',
    settings.evaluatedInstead ?? '',
    ...(feedback ? [feedback.previous, feedback.reason, feedback.instructions] : []),
    ...answers.flatMap(({ text, summary = '' }) => [text, summary]),
    ...textsOf(history),
    ...Object.values(prepared).flatMap((each) => Object.values(each).map(({ text }) => text)),
    ...ballots.map(({ reason }) => reason),
    ...actions.map(({ args }) => JSON.stringify(args)),
  ]);
}

/** All that was said in earlier questions of the session. */
export function textsOf(history: readonly Exchange[]): string[] {
  return history.flatMap(({ question, answer, asked = [], review = '', left = [] }) => [
    question,
    answer ?? '',
    review,
    ...left.map(({ text }) => text),
    ...asked.flatMap((each) => [each.text, each.answer]),
  ]);
}
