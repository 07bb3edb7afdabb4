import type { Generate } from './case.ts';
import { FINAL_LINE } from './final-line.ts';

/** Numbers and a target that can be made of them, since it was. */
export const countdownCase: Generate = (random, level) => {
  const numbers = Array.from({ length: 3 + level }, () => random.int(24) + 2);
  let values = numbers;
  while (values.length > 1) {
    const [a, b, ...rest] = random.shuffle(values) as [number, number, ...number[]];
    const results = [a + b, Math.abs(a - b), a * b].filter((value) => value > 0 && value < 10_000);
    values = [random.pick(results), ...rest];
  }
  const target = values[0] ?? 0;
  return {
    question: `Use the numbers ${numbers.join(', ')}, each at most once, with + - * / and parentheses, to make ${target}. ${FINAL_LINE} The answer is the expression alone.`,
    check: { type: 'countdown', numbers, target },
  };
};
