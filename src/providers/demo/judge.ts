import { VOTE } from '../../coordination/protocol.ts';
import { checkClaim, compareVerdicts } from './claim.ts';
import { handIn } from './draft.ts';
import { writeExpr, type Expr } from './expression.ts';
import { CALCULATOR, judgeAnswers, type JudgedAnswer, type Knowledge } from './knowledge.ts';
import type { Speech } from './speech.ts';
import { search, type DemoOptions } from './strategy.ts';

/**
 * The reply of an agent that has been shown answers: it checks what it has not checked yet; then it hands in
 * something strictly better, if it knows it and may, or else votes for the best answer that stands up to the check.
 */
export function judge(knowledge: Knowledge, options: DemoOptions): Speech[] {
  const ranked = judgeAnswers(knowledge);
  const idea = knowledge.canAnswer ? improvementOn(ranked, knowledge, options) : null;
  const unchecked = uncheckedExpressions(knowledge, idea);
  if (knowledge.canCalculate && unchecked.length > 0) {
    const calls = unchecked.map((expression): Speech => ({ do: 'call', name: CALCULATOR, args: { expression } }));
    return [thinkBeforeCheck(knowledge, idea, unchecked), ...calls];
  }
  return [thinkAfterCheck(ranked, knowledge), ...(idea ? improve(idea, knowledge) : vote(ranked, knowledge))];
}

/** What the agent finds when it looks longer than for its draft, if that beats every answer. */
function improvementOn(ranked: readonly JudgedAnswer[], knowledge: Knowledge, options: DemoOptions): Expr | null {
  const { puzzle, checked } = knowledge;
  const { best } = search(puzzle, options, options.strategy.judgeBudget);
  const expression = writeExpr(best);
  const verdict = checkClaim({ expression, claimed: best.value }, puzzle, checked.get(expression));
  const top = ranked[0]?.verdict;
  if (!verdict.isTrue || !top) return verdict.isTrue ? best : null;
  // Smaller numbers on the way are a reason to vote for one of two answers, none to write a third one.
  return compareVerdicts({ ...verdict, peak: 0 }, { ...top, peak: 0 }) < 0 ? best : null;
}

function uncheckedExpressions({ answers, checked }: Knowledge, idea: Expr | null): string[] {
  const claims = answers.flatMap((answer) => answer.claim?.expression ?? []);
  const all = new Set([...claims, ...(idea ? [writeExpr(idea)] : [])]);
  return [...all].filter((expression) => !checked.has(expression));
}

function thinkBeforeCheck(
  { answers, self, puzzle }: Knowledge,
  idea: Expr | null,
  unchecked: readonly string[],
): Speech {
  const fresh = answers.filter(({ claim }) => claim === null || unchecked.includes(claim.expression));
  const lines = fresh.map(({ alias, claim }) => {
    const who = alias === self ? `${alias} (me)` : alias;
    if (!claim) return `- ${who} gives no expression.`;
    return `- ${who}: ${claim.expression}${claim.claimed === null ? '' : `, said to be ${claim.claimed}`}.`;
  });
  const parts = [
    `The target is ${puzzle.target}. ${lines.length === 1 ? 'One answer' : `${lines.length} answers`} to check:`,
    lines.join('\n'),
    'I believe no figure that I have not computed.',
  ];
  if (idea) parts.push(`I have also looked further than for my draft, and ${writeExpr(idea)} might beat them all.`);
  return { do: 'think', text: parts.join('\n\n') };
}

function thinkAfterCheck(ranked: readonly JudgedAnswer[], { puzzle }: Knowledge): Speech {
  const lines = ranked.map(({ alias, verdict }) => {
    if (!verdict.isTrue) return `- ${alias} is wrong: ${verdict.fault}.`;
    return `- ${alias} is right: ${verdict.value}, ${distanceInWords(verdict.distance)}, ${count(verdict.ops, 'operation')}.`;
  });
  const exact = ranked.filter(({ verdict }) => verdict.isTrue && verdict.distance === 0);
  const rule =
    exact.length > 1
      ? `${exact.length} of them reach ${puzzle.target}. Fewer operations come first, then smaller numbers on the way.`
      : '';
  return { do: 'think', text: [`What the check says:`, lines.join('\n'), rule].filter(Boolean).join('\n\n') };
}

function improve(idea: Expr, { puzzle }: Knowledge): Speech[] {
  const distance = Math.abs(puzzle.target - idea.value);
  return [
    {
      do: 'say',
      text: `None of the answers is as good as ${writeExpr(idea)} = ${idea.value}, ${distanceInWords(distance)}. I hand that in.`,
    },
    handIn(idea, idea.value, puzzle),
  ];
}

function vote(ranked: readonly JudgedAnswer[], { self, puzzle }: Knowledge): Speech[] {
  const best = ranked[0];
  if (!best) return [{ do: 'say', text: 'There is no answer that I could vote for.' }];
  const reason = reasonFor(best, puzzle.target);
  const ranking = ranked.map(({ alias }) => alias);
  const whose = best.alias === self ? 'my own answer' : best.alias;
  return [
    { do: 'say', text: `I vote for ${whose}. ${reason}` },
    { do: 'call', name: VOTE, args: { agent_id: best.alias, reason, ranking } },
  ];
}

function reasonFor({ claim, verdict }: JudgedAnswer, target: number): string {
  if (!claim || !verdict.isTrue) return `No answer stands up to a check; this one comes first because one must.`;
  if (verdict.distance === 0)
    return `${claim.expression} is exactly ${target}, with ${count(verdict.ops, 'operation')}; I computed it.`;
  return `${claim.expression} is ${verdict.value}, ${distanceInWords(verdict.distance)}: the nearest that is right.`;
}

function distanceInWords(distance: number): string {
  return distance === 0 ? 'exactly the target' : `${distance} away`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
