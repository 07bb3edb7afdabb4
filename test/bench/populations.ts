import { CURVES, hitsOf } from '../evaluation/populations/curves.ts';
import { wilsonInterval } from '../../src/evaluation/statistics/wilson-interval.ts';
import type { Figure } from './measure.ts';

const RUNS = 1500;

/** What populations with a known error model come to in the real engine, beside what is known of them. */
export async function benchPopulations(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const curve of CURVES) {
    const hits = await hitsOf(curve, RUNS);
    const interval = wilsonInterval(hits, RUNS);
    const band = interval ? `${(interval.low * 100).toFixed(1)} to ${(interval.high * 100).toFixed(1)}` : '';
    figures.push({
      name: curve.name,
      value: (hits / RUNS) * 100,
      unit: '%',
      limit: null,
      note: `known ${curve.known.toFixed(1)}, 95 % ${band}`,
    });
  }
  return figures;
}
