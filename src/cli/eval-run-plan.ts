import type { TeamSpec } from '../config/team.ts';
import { estimateCost } from '../evaluation/estimate-cost.ts';
import { sampleSize } from '../evaluation/statistics/sample-size.ts';
import { visibleDifference } from '../evaluation/statistics/visible-difference.ts';
import type { Suite } from '../evaluation/suite/suite.ts';
import { usdText } from '../events/usage.ts';
import { count } from '../headless/figures.ts';
import type { Clock } from '../platform/clock.ts';

/** As in `massgen eval size`. */
const DISCORDANCE = 0.1;
const WANTED_POINTS = 3;

/** What `--dry-run` says, sentence by sentence: how much it is, what it may cost, and what it will be able to show. Never rejects. */
export async function planWords(
  suite: Suite,
  teams: readonly TeamSpec[],
  judge: TeamSpec | null,
  clock: Clock,
): Promise<string[]> {
  const { trials, requests, usd } = await estimateCost(suite, teams, judge, clock);
  const cost =
    usd === null
      ? 'an unknown amount, since a price is unknown'
      : `about ${usd > 0 && usd < 0.01 ? usdText(usd) : `$${usd.toFixed(2)}`}`;
  const size = [
    count(suite.teams.length, 'team'),
    count(suite.cases.length, 'case'),
    count(suite.seeds.length, 'seed'),
  ];
  const amount = `${size.join(', ')}: ${count(trials, 'trial')}, at most ${requests} model calls without tools, ${cost} (right to a factor of about three).`;
  return suite.teams.length < 2 ? [amount] : [amount, sizeWords(suite)];
}

/** What a budget in USD cannot see; null where all prices are known or there is none. Never rejects. */
export async function unseenCost(
  suite: Suite,
  teams: readonly TeamSpec[],
  judge: TeamSpec | null,
  clock: Clock,
): Promise<string | null> {
  if (suite.budgetUsd === null || (await estimateCost(suite, teams, judge, clock)).usd !== null) return null;
  return 'The price of a model is unknown, so the budget in USD does not see what it costs; --budget-tokens limits that too.';
}

/** Seeds of one case hang together, so they count as one question. */
function sizeWords({ cases }: Suite): string {
  const visible = visibleDifference(cases.length, DISCORDANCE);
  const needed = sampleSize({ difference: WANTED_POINTS / 100, discordance: DISCORDANCE });
  const seen =
    visible === null
      ? 'are too few to tell two teams apart'
      : `show differences of ${visible} points and more between two teams`;
  const more = cases.length >= needed ? '' : `; ${WANTED_POINTS} points take ${needed} cases`;
  const assumed = `if the two disagree on ${DISCORDANCE * 100} % of them`;
  return `Cases: ${cases.length}, which ${seen}, ${assumed}${more} (massgen eval size).`;
}
