import { evaluate } from '../../tools/calculator.ts';
import { writeExpr, writeSteps } from './expression.ts';
import { CALCULATOR, judgeAnswers, type JudgedAnswer, type Knowledge } from './knowledge.ts';
import type { Puzzle } from './puzzle.ts';
import { resultInWords, think } from './draft.ts';
import type { Speech } from './speech.ts';
import { search, type DemoOptions } from './strategy.ts';

/** The final answer of the winner: its own answer, unless one that it has been shown is nearer to the target. */
export function present(knowledge: Knowledge): Speech[] {
  const ranked = judgeAnswers(knowledge);
  const best = ranked[0];
  const own = ranked.find((answer) => answer.alias === knowledge.self || answer.alias === 'me');
  const isOwnAsNear = own?.verdict.isTrue === true && own.verdict.distance === best?.verdict.distance;
  const chosen = isOwnAsNear ? own : best;
  if (!chosen) return [{ do: 'say', text: 'There is no answer to present.' }];
  if (!chosen.claim || !chosen.verdict.isTrue) return [{ do: 'say', text: chosen.text }];
  return [{ do: 'say', text: finalText(chosen.claim.expression, knowledge.puzzle, othersLike(chosen, ranked)) }];
}

/** Other true answers that come as near, by other ways. */
function othersLike(chosen: JudgedAnswer, ranked: readonly JudgedAnswer[]): string[] {
  const alike = ranked.filter(({ verdict }) => verdict.isTrue && verdict.distance === chosen.verdict.distance);
  const expressions = alike.flatMap(({ claim }) => claim?.expression ?? []);
  return [...new Set(expressions)].filter((expression) => expression !== chosen.claim?.expression);
}

/** The whole work of an agent without a team: searches long, checks, and answers in text. */
export function answerAlone(knowledge: Knowledge, options: DemoOptions): Speech[] {
  const { puzzle, checked, canCalculate } = knowledge;
  const found = search(puzzle, options, options.strategy.judgeBudget);
  const expression = writeExpr(found.best);
  if (checked.has(expression)) return [{ do: 'say', text: finalText(expression, puzzle, []) }];
  const thought = think(found, options, puzzle, resultInWords(found, puzzle, options));
  if (canCalculate) return [thought, { do: 'call', name: CALCULATOR, args: { expression } }];
  return [thought, { do: 'say', text: finalText(expression, puzzle, []) }];
}

/** Markdown. Every step is computed here once more. */
function finalText(expression: string, puzzle: Puzzle, others: readonly string[]): string {
  const result = evaluate(expression);
  if (!result.ok) return expression;
  const value = Number(result.value.num);
  const distance = Math.abs(puzzle.target - value);
  const steps = writeSteps(result.steps).map((step, index) => `${index + 1}. ${step}`);
  const left = [...puzzle.numbers];
  for (const number of result.numbersUsed) left.splice(left.indexOf(number), 1);
  const parts = [
    distance === 0
      ? `**${puzzle.target}** can be made exactly:`
      : `The nearest found is **${value}**, ${distance} away from ${puzzle.target}:`,
    `**${expression} = ${value}**`,
    steps.length > 0 ? `Step by step:\n\n${steps.join('\n')}` : '',
    `Each number is used at most once${left.length > 0 ? ` (left over: ${left.join(', ')})` : ', and all of them are used'}, and every value on the way is a positive whole number.`,
    others.length > 0 ? `Another way that was checked: ${others.slice(0, 2).join(', and ')}.` : '',
    distance > 0 ? 'That nothing nearer was found does not prove that there is nothing nearer.' : '',
    puzzle.isMarked ? `Answer: ${expression}` : '',
  ];
  return parts.filter(Boolean).join('\n\n');
}
