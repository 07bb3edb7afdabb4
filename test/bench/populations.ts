import { parseArgs } from 'node:util';
import { CURVES, FURTHER_CURVES, hitsOf, STOP_CURVES, stopsOf } from '../evaluation/populations/curves.ts';
import { meanOf, offOf, stormOf, STORMS } from '../evaluation/populations/storms.ts';
import { wilsonInterval } from '../../src/evaluation/statistics/wilson-interval.ts';
import type { Figure } from './measure.ts';
import { writePopulationReport } from './population-report.ts';

/**
 * What populations with a known error model come to in the real engine, beside what is known of them. `--runs` and `--from`
 * say how many runs there are for each figure, and with which seed they begin: a figure that lies outside of its interval by
 * chance lies inside with other seeds. `--report folder` writes what `massgen eval report` tells of some of them instead.
 */
export async function* benchPopulations(argv: readonly string[] = []): AsyncGenerator<Figure[]> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: 'string', default: '1500' },
      from: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      report: { type: 'string' },
    },
  });
  const [runs, from] = [Number(values.runs), Number(values.from)];
  if (values.report !== undefined) return writePopulationReport(values.report, Math.min(runs, 500));
  for (const curve of [...CURVES, ...FURTHER_CURVES].filter(({ name }) => name.includes(values.only))) {
    yield [shareOf(curve.name, curve.known, await hitsOf(curve, runs, from), runs)];
  }
  const few = Math.min(runs, 500);
  for (const curve of 'early stop'.includes(values.only) ? STOP_CURVES : []) {
    const { hits, ballots } = await stopsOf(curve, few);
    const until = curve.probability === null ? 'all have voted' : `${curve.probability * 100} % likely`;
    yield [
      shareOf(`early stop, 15 samples until ${until}: right`, curve.knownRight, hits, few),
      meanFigure(`early stop, 15 samples until ${until}: ballots`, curve.knownBallots, ballots),
    ];
  }
  for (const storm of STORMS.filter(({ name }) => `restarts: ${name}`.includes(values.only))) {
    const { answers, copies } = await stormOf(storm, few);
    const { known } = storm;
    yield [
      ...(known.answers === null ? [] : [meanFigure(`restarts: answers of ${storm.name}`, known.answers, answers)]),
      ...(known.copies === null
        ? []
        : [meanFigure(`restarts: answers in prompts of ${storm.name}`, known.copies, copies)]),
    ];
  }
}

function meanFigure(name: string, known: number, values: readonly number[]): Figure {
  const [mean, off] = [meanOf(values), offOf(values)];
  const isInside = Math.abs(mean - known) <= off;
  const band = `95 % ${(mean - off).toFixed(1)} to ${(mean + off).toFixed(1)}`;
  const note = `known ${known.toFixed(1)}, ${band}${isInside ? '' : ', outside'}`;
  return { name, value: mean, unit: '', limit: null, note };
}

function shareOf(name: string, known: number, hits: number, runs: number): Figure {
  const { low, high } = wilsonInterval(hits, runs) ?? { low: 0, high: 1 };
  const isInside = known >= low * 100 && known <= high * 100;
  const band = `95 % ${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)}`;
  const note = `known ${known.toFixed(1)}, ${band}${isInside ? '' : ', outside'}`;
  return { name, value: (hits / runs) * 100, unit: '%', limit: null, note };
}
