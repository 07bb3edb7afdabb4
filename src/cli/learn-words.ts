import type { Choice } from '../evaluation/learning/bandit.ts';
import { oneLine } from '../headless/plain-text.ts';

/** Why a choice came out as it did, a line for each arm. */
export function reasonsOf({ beliefs, draws }: Choice): string[] {
  return beliefs.map(({ arm, mean, count }) => {
    const draw = draws.find((each) => each.arm === arm)?.draw ?? 0;
    return `${oneLine(arm)}: ${(mean * 100).toFixed(1)} % from ${count}, drew ${draw.toFixed(3)}`;
  });
}

/** What was picked for a run and why, on one line. */
export function pickLine(choice: Choice, kind: string, seed: number): string {
  // All begin with one to one, whatever the evidence is of.
  const isByLot = choice.beliefs.every(({ alpha, beta }) => alpha === 1 && beta === 1);
  const arms = choice.beliefs.map(({ arm }) => oneLine(arm)).join(', ');
  const why = isByLot
    ? `nothing is known of ${arms} yet, so each was as likely as the others`
    : `what is expected of each, from how many results: ${reasonsOf(choice).join('; ')}`;
  const by = isByLot ? ' by lot' : '';
  const more = '"massgen learn status" tells more';
  return `Learning picked ${oneLine(choice.arm)} for "${oneLine(kind)}"${by}: ${why} (seed ${seed}; ${more}).`;
}
