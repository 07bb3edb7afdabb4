import type { Generate } from './case.ts';
import { FINAL_LINE } from './final-line.ts';

/** A chain of sums and products, and its remainder: long enough that a model has to calculate instead of remember. */
export const arithmeticCase: Generate = (random, level) => {
  let [expression, value] = startWith(random.int(90) + 10);
  for (let step = 0; step <= level; step += 1) {
    const operand = random.int(90) + 10;
    if (random.int(2) === 0) [expression, value] = [`${expression} + ${operand}`, value + BigInt(operand)];
    else [expression, value] = [`(${expression}) * ${operand}`, value * BigInt(operand)];
  }
  const modulus = random.int(89) + 11;
  return {
    question: `What is the remainder of ${expression} divided by ${modulus}? ${FINAL_LINE}`,
    check: { type: 'numeric', expected: Number(value % BigInt(modulus)), tolerance: 0 },
  };
};

function startWith(number: number): [string, bigint] {
  return [String(number), BigInt(number)];
}
