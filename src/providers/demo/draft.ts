import { NEW_ANSWER } from '../../coordination/protocol.ts';
import type { Random } from '../../events/random.ts';
import { writeAnswer } from './claim.ts';
import { distanceOf, workingOf, writeExpr, type Expr } from './expression.ts';
import { CALCULATOR, type Knowledge } from './knowledge.ts';
import type { Puzzle } from './puzzle.ts';
import type { Search } from './search.ts';
import type { Speech } from './speech.ts';
import { search, type DemoOptions } from './strategy.ts';

/** The reply of an agent that works alone: it searches, checks what it found, and hands it in. */
export function draft(knowledge: Knowledge, options: DemoOptions, random: Random): Speech[] {
  const { puzzle, checked, canCalculate } = knowledge;
  const found = search(puzzle, options, options.strategy.draftBudget);
  const slip = random.next() < options.errorRate ? slipOf(found, puzzle) : null;
  if (slip)
    return [think(found, options, puzzle, slipInWords(slip, puzzle), slip), handIn(slip, puzzle.target, puzzle)];
  const expression = writeExpr(found.best);
  if (checked.has(expression)) {
    return [
      { do: 'think', text: `The calculator agrees: ${expression} = ${found.best.value}. I hand that in.` },
      handIn(found.best, found.best.value, puzzle),
    ];
  }
  const thought = think(found, options, puzzle, resultInWords(found, puzzle, options));
  if (!canCalculate) return [thought, handIn(found.best, found.best.value, puzzle)];
  return [thought, ...check(expression)];
}

function check(expression: string): Speech[] {
  return [
    { do: 'say', text: `Checking ${expression} before I hand it in.` },
    { do: 'call', name: CALCULATOR, args: { expression } },
  ];
}

export function handIn(expr: Expr, claimed: number, puzzle: Puzzle): Speech {
  return { do: 'call', name: NEW_ANSWER, args: { content: writeAnswer(expr, claimed, puzzle) } };
}

/** Errors that a person makes in the head: a lost carry, one too many; the likeliest first. */
const SLIPS = [10, -10, 1, -1, 2, -2, 20, -20, 100, -100, 5, -5];

/** A near miss that passes for the target if its last operation is done carelessly; null when there is none. */
function slipOf({ near }: Search, puzzle: Puzzle): Expr | null {
  for (const error of SLIPS) {
    const expr = near.find(({ value }) => value + error === puzzle.target);
    if (expr) return expr;
  }
  return null;
}

function slipInWords(slip: Expr, puzzle: Puzzle): string {
  const working = workingOf(slip);
  const last = (working.at(-1) ?? '').replace(/= \d+$/, `= ${puzzle.target}`);
  const steps = [...working.slice(0, -1), `and ${last}`].join(', ');
  return `Now this: ${writeExpr(slip)}. In my head: ${steps}. That is the target, and easy enough without the calculator.`;
}

/** Where the search has got to. */
export function resultInWords({ best, looked }: Search, puzzle: Puzzle, { name }: DemoOptions): string {
  const expressions = `${looked.toLocaleString('en')} expressions`;
  if (distanceOf(best, puzzle) === 0)
    return `After ${expressions}: ${writeExpr(best)}, which should be ${puzzle.target} exactly.`;
  return `${ENDINGS[name]} I looked at ${expressions}; the nearest is ${writeExpr(best)} = ${best.value}, ${away(best, puzzle)}`;
}

/** What went on in the search, in words, and how it ended. Every figure before the ending is the search's own. */
export function think(
  found: Search,
  { name }: DemoOptions,
  puzzle: Puzzle,
  ending: string,
  chosen: Expr = found.best,
): Speech {
  // The way back has no finds on the way but pairs that it came across.
  const finds = found.trail.filter((expr) => expr !== chosen && (name !== 'backward' || expr.ops > 2)).slice(-3);
  const lines = finds.map((expr) => `- ${writeExpr(expr)} = ${expr.value}, ${away(expr, puzzle)}`);
  const opening = `I have ${puzzle.numbers.join(', ')} and want ${puzzle.target}. ${OPENINGS[name](puzzle)}`;
  return { do: 'think', text: [opening, lines.join('\n'), ending].filter(Boolean).join('\n\n') };
}

function away(expr: Expr, puzzle: Puzzle): string {
  const distance = distanceOf(expr, puzzle);
  return distance === 0 ? 'the target itself.' : `${distance} away.`;
}

const OPENINGS: Record<DemoOptions['name'], (puzzle: Puzzle) => string> = {
  greedy: () =>
    'I climb: of all operations on two numbers I do the one that comes nearest to the target, and again with what is left, until nothing comes nearer. Then I start over from somewhere else.',
  exhaustive: () =>
    'I try everything, one after the other: join two numbers, go on with the rest, never look at the same set of values twice. What turns up on the way:',
  backward: ({ target, numbers }) => {
    const factors = numbers.filter((number) => number > 1 && target % number === 0);
    const product =
      factors.length > 0
        ? `A multiplication by ${factors.join(' or ')} is possible.`
        : 'No multiplication: none of the numbers divides it.';
    const undone = [...new Set(numbers)].map((number) => {
      const before = target > number ? [`${target - number} before adding ${number}`] : [];
      return [...before, `${target + number} before taking ${number} away`].join(', ');
    });
    return `I go backward: what could the last step have been? ${product} Otherwise there was ${undone.slice(0, 3).join('; ')}, and so on; or a multiple before a division. I follow each of these with the numbers that are left.`;
  },
};

const ENDINGS: Record<DemoOptions['name'], string> = {
  greedy: 'No single step comes nearer from here.',
  exhaustive: 'That is as far as I get for now.',
  backward: 'No way back from the target itself has worked out so far, so I tried its neighbours.',
};
