import type { Random } from '../../events/random.ts';
import { betaSample } from '../statistics/beta-sample.ts';
import type { Evidence } from './evidence.ts';

/** What is believed of one choice for one kind of task: a beta distribution over its mean reward. */
export interface Belief {
  arm: string;
  alpha: number;
  beta: number;
  /** Pieces of evidence of this kind. */
  count: number;
  /** Mean of the distribution. */
  mean: number;
}

/** What evidence of other kinds counts, so that a new kind of task does not begin from nothing. */
const OTHER_KINDS = 0.1;
/** At most so much is carried over from other kinds. */
const MAX_CARRIED = 4;

/** One belief per arm, in the order of `arms`; all begin equal. Pure. */
export function beliefs(arms: readonly string[], kind: string, evidence: readonly Evidence[]): Belief[] {
  return arms.map((arm) => {
    const mine = evidence.filter((each) => each.arm === arm);
    const own = mine.filter((each) => each.kind === kind);
    const others = mine.filter((each) => each.kind !== kind);
    const weight = others.length === 0 ? 0 : Math.min(OTHER_KINDS, MAX_CARRIED / others.length);
    const good = sum(own) + weight * sum(others);
    const all = own.length + weight * others.length;
    const [alpha, beta] = [1 + good, 1 + all - good];
    return { arm, alpha, beta, count: own.length, mean: alpha / (alpha + beta) };
  });
}

function sum(evidence: readonly Evidence[]): number {
  return evidence.reduce((total, { reward }) => total + reward, 0);
}

/** Why an arm was chosen. */
export interface Choice {
  arm: string;
  /** What was drawn for each arm; the highest is taken. */
  draws: { arm: string; draw: number }[];
  beliefs: Belief[];
}

/**
 * Thompson sampling: draws from what is believed of each arm and takes the best draw, so that what is good is chosen often
 * and what is unknown is tried. Null without arms.
 *
 * Source: W. R. Thompson, "On the likelihood that one unknown probability exceeds another in view of the evidence of two
 * samples", Biometrika 25 (1933), 285–294.
 */
export function choose(
  arms: readonly string[],
  kind: string,
  evidence: readonly Evidence[],
  random: Random,
): Choice | null {
  const believed = beliefs(arms, kind, evidence);
  const draws = believed.map(({ arm, alpha, beta }) => ({ arm, draw: betaSample(alpha, beta, random.fork(arm)) }));
  const best = draws.toSorted((a, b) => b.draw - a.draw)[0];
  return best ? { arm: best.arm, draws, beliefs: believed } : null;
}
