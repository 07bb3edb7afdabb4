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
  if (slip) return [think(found, puzzle, options, slip), thinkSlip(slip, puzzle), handIn(slip, puzzle.target, puzzle)];
  const expression = writeExpr(found.best);
  if (checked.has(expression)) {
    return [
      { do: 'think', text: `The calculator agrees: ${expression} = ${found.best.value}. I hand that in.` },
      handIn(found.best, found.best.value, puzzle),
    ];
  }
  const thought = think(found, puzzle, options, found.best);
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
export function slipOf({ near }: Search, puzzle: Puzzle): Expr | null {
  for (const error of SLIPS) {
    const expr = near.find(({ value }) => value + error === puzzle.target);
    if (expr) return expr;
  }
  return null;
}

function thinkSlip(slip: Expr, puzzle: Puzzle): Speech {
  const last = workingOf(slip).at(-1) ?? '';
  const careless = last.replace(/= \d+$/, `= ${puzzle.target}`);
  return {
    do: 'think',
    text: `\n\nAnd ${careless}. That is the target, and easy enough to do without the calculator.`,
  };
}

/** What went on in the search, in words. Every figure in it is the search's own. */
export function think(found: Search, puzzle: Puzzle, options: DemoOptions, chosen: Expr): Speech {
  const numbers = puzzle.numbers.join(', ');
  const parts = [`I have ${numbers} and want ${puzzle.target}.`, OPENINGS[options.name](puzzle)];
  const finds = found.trail.filter((expr) => expr !== chosen).slice(-3);
  for (const expr of finds) parts.push(`- ${writeExpr(expr)} = ${expr.value}, which is ${away(expr, puzzle)}`);
  const looked = found.looked.toLocaleString('en');
  if (!found.trail.includes(chosen) && chosen !== found.best) parts.push(`Another way in: ${writeExpr(chosen)}.`);
  else if (distanceOf(chosen, puzzle) === 0)
    parts.push(`Then, after ${looked} expressions, ${writeExpr(chosen)}: that should be ${puzzle.target} exactly.`);
  else
    parts.push(
      `${ENDINGS[options.name]} I looked at ${looked} expressions; the nearest is ${writeExpr(chosen)} = ${chosen.value}, ${away(chosen, puzzle)}`,
    );
  return { do: 'think', text: parts.join('\n\n').replaceAll('\n\n- ', '\n- ') };
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
  backward: (puzzle) => {
    const factors = puzzle.numbers.filter((number) => number > 1 && puzzle.target % number === 0);
    const biggest = Math.max(...puzzle.numbers);
    const product =
      factors.length > 0
        ? `It can be divided by ${factors.join(' and ')}.`
        : 'None of the numbers divides it, so the last step was no multiplication by one of them.';
    const rest = Math.abs(puzzle.target - biggest);
    return `I go backward: what was the last step before ${puzzle.target}? ${product} Without ${biggest} it leaves ${rest}; a division at the end would mean to come from ${puzzle.target} × something. I follow each of these with the other numbers.`;
  },
};

const ENDINGS: Record<DemoOptions['name'], string> = {
  greedy: 'No single step comes nearer from here.',
  exhaustive: 'That is as far as I get for a draft.',
  backward: 'No way back from the target itself has worked out so far, so I tried its neighbours.',
};
