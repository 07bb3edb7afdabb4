import { evaluate } from '../../tools/calculator.ts';
import type { Check } from '../cases/case.ts';
import { finalLine } from '../cases/final-line.ts';

/** Right or not, and why, in a sentence for people. */
export interface Grade {
  isRight: boolean;
  reason: string;
}

export type ExactCheck = Exclude<Check, { type: 'json-schema' | 'unit-tests' | 'judge' }>;

/** Judges an answer by itself, without a model and without running anything. Pure; never throws. */
export function gradeExactly(check: ExactCheck, answer: string): Grade {
  switch (check.type) {
    case 'exact':
      return gradeText(check.expected, finalLine(answer));
    case 'numeric':
      return gradeNumber(check, finalLine(answer));
    case 'regex': {
      const isRight = new RegExp(check.pattern, check.flags).test(answer);
      return { isRight, reason: isRight ? 'The pattern was found.' : `/${check.pattern}/ was not found.` };
    }
    case 'assignment':
      return gradeAssignment(check.expected, finalLine(answer));
    case 'countdown':
      return gradeCountdown(check, finalLine(answer));
  }
}

function gradeText(expected: readonly string[], given: string): Grade {
  const isRight = expected.some((each) => plain(each) === plain(given));
  return {
    isRight,
    reason: isRight ? 'As expected.' : `"${given}" is not ${expected.map((each) => `"${each}"`).join(' or ')}.`,
  };
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'“”‘’.,;:!?()]+|[\s"'“”‘’.,;:!?()]+$/g, '');
}

function gradeNumber({ expected, tolerance }: { expected: number; tolerance: number }, given: string): Grade {
  const written = /-?(?:(?:\d[\d,\u00a0\u202f ]*\d|\d)(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?/i.exec(
    given.replaceAll('−', '-'),
  );
  if (!written) return { isRight: false, reason: `No number stands in "${given}".` };
  const value = Number(written[0].replace(/[,\u00a0\u202f ]/g, ''));
  const isRight = Math.abs(value - expected) <= tolerance;
  return { isRight, reason: isRight ? 'As expected.' : `${value} is not ${expected}.` };
}

function gradeAssignment(expected: Record<string, string>, given: string): Grade {
  const wrong = Object.entries(expected).filter(([name, value]) => {
    const said = new RegExp(`\\b${escaped(name)}\\b\\W*(?:is\\s+)?(?:an?\\s+)?(\\w+)`, 'i').exec(given);
    return said?.[1]?.toLowerCase() !== value.toLowerCase();
  });
  return {
    isRight: wrong.length === 0,
    reason: wrong.length === 0 ? 'As expected.' : `Wrong or missing: ${wrong.map(([name]) => name).join(', ')}.`,
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function gradeCountdown({ numbers, target }: { numbers: readonly number[]; target: number }, given: string): Grade {
  const expression = given.replace(/=[^=]*$/, '').replace(/\.$/, '');
  const result = evaluate(expression);
  if (!result.ok) return { isRight: false, reason: `"${given}" is no expression: ${result.message}.` };
  const left = [...numbers];
  for (const number of result.numbersUsed) {
    const at = left.indexOf(number);
    if (at < 0) return { isRight: false, reason: `${number} is not there, or is used too often.` };
    left.splice(at, 1);
  }
  const isRight = result.value.den === 1n && result.value.num === BigInt(target);
  return { isRight, reason: isRight ? `It makes ${target}.` : `It does not make ${target}.` };
}
