import { seededRandom } from '../../events/random.ts';
import { arithmeticCase } from './arithmetic.ts';
import type { Case, Generate } from './case.ts';
import { codeCase } from './code-stubs.ts';
import { countdownCase } from './countdown.ts';
import { gridPathCase } from './grid-path.ts';
import { knightsCase } from './knights-and-knaves.ts';

export const GENERATORS = {
  arithmetic: arithmeticCase,
  countdown: countdownCase,
  'knights-and-knaves': knightsCase,
  'grid-paths': gridPathCase,
  'code-stubs': codeCase,
} as const;
export type GeneratorName = keyof typeof GENERATORS;

/** The same seed gives the same cases; case `n` does not depend on how many are made. */
export function generateCases(name: GeneratorName, count: number, seed: number | string, level = 1): Case[] {
  const random = seededRandom(seed).fork(name).fork(`level ${level}`);
  const generate: Generate = GENERATORS[name];
  return Array.from({ length: count }, (_, index) => ({
    id: `${name}-${index + 1}`,
    kind: name,
    ...generate(random.fork(String(index)), level),
  }));
}
