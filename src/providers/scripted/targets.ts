import type { FencedAnswer } from '../../coordination/fence.ts';
import type { Alias } from '../../events/event.ts';

/** What a script calls an answer: `first`, `last`, `self`, `other`, the n-th one shown, or an alias. */
export type Target = string | number;

/**
 * The agent that a script's word stands for; null when no such answer is shown. `other` is the first answer that is
 * not one's own. Any word that is no keyword passes as an alias, so a script can also vote for nobody.
 */
export function resolveTarget(target: Target, answers: readonly FencedAnswer[], self: Alias | null): Alias | null {
  if (typeof target === 'number') return answers[target - 1]?.alias ?? null;
  switch (target) {
    case 'first':
      return answers[0]?.alias ?? null;
    case 'last':
      return answers.at(-1)?.alias ?? null;
    case 'self':
      return self;
    case 'other':
      return answers.find((answer) => answer.alias !== self)?.alias ?? null;
    default:
      return target;
  }
}
