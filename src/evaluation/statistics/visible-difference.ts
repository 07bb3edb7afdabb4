import { sampleSize } from './sample-size.ts';

/**
 * The smallest difference, in whole tenths of a point, that a paired comparison on so many questions shows four times out
 * of five (5 % alpha); null when not even one as large as the discordance is seen.
 */
export function visibleDifference(questions: number, discordance: number): number | null {
  const steps = Math.floor(discordance * 1_000);
  for (let step = 1; step <= steps; step += 1) {
    if (sampleSize({ difference: step / 1_000, discordance }) <= questions) return step / 10;
  }
  return null;
}
