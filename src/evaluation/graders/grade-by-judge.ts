import { judgePrompt, readVerdict } from './judge-prompt.ts';
import type { Grade } from './grade-exactly.ts';

/** Asks a model, or a team, and gives back its answer. */
export type AskJudge = (prompt: string) => Promise<string>;

/**
 * Judged twice, once with rubric and answer in the other order; only an answer that is right both times counts as right,
 * and the reason says when the order decided. Rejects as `ask` does.
 */
export async function gradeByJudge(
  judged: { question: string; rubric: string; answer: string },
  ask: AskJudge,
): Promise<Grade> {
  const word = fenceFor(`${judged.question}${judged.rubric}${judged.answer}`);
  const [first, second] = await Promise.all(
    [false, true].map(async (isSwapped) => readVerdict(await ask(judgePrompt(judged, word, isSwapped)))),
  );
  if (!first || !second) return { isRight: false, reason: 'The judge gave no verdict that can be read.' };
  if (first.isRight !== second.isRight) {
    const right = first.isRight ? first : second;
    return { isRight: false, reason: `The judge was of two minds, by the order of what it read: ${right.reason}` };
  }
  return first;
}

/** A word that does not occur in what it fences. */
function fenceFor(text: string): string {
  let word = 'part';
  while (text.includes(word)) word += 'x';
  return word;
}
