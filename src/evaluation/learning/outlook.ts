import { seededRandom } from '../../events/random.ts';
import { betaSample } from '../statistics/beta-sample.ts';
import type { Belief } from './bandit.ts';

/** How a choice between arms would go. */
export interface Outlook extends Belief {
  /** Between these the mean reward lies in nine of ten cases, by what is known. */
  low: number;
  high: number;
  /** In what share of choices among these arms it would be taken. */
  chosen: number;
}

const DRAWS = 2_000;

/** For arms that are chosen between, in their order. The same for the same beliefs: the draws are not left to chance. Pure. */
export function outlookOf(arms: readonly Belief[]): Outlook[] {
  const random = seededRandom('outlook');
  const draws = arms.map(({ arm, alpha, beta }) => {
    const own = random.fork(arm);
    return Array.from({ length: DRAWS }, () => betaSample(alpha, beta, own));
  });
  const wins = arms.map(() => 0);
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const drawn = draws.map((each) => each[draw] ?? 0);
    const best = drawn.indexOf(Math.max(...drawn));
    wins[best] = (wins[best] ?? 0) + 1;
  }
  return arms.map((belief, index) => {
    const sorted = (draws[index] ?? []).toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * DRAWS)] ?? belief.mean;
    return { ...belief, low: at(0.05), high: at(0.95), chosen: (wins[index] ?? 0) / DRAWS };
  });
}
