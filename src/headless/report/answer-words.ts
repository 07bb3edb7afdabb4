import { gradeWord } from '../../coordination/grades.ts';
import type { RunReport } from '../../sessions/run-report.ts';
import { oneLine } from '../plain-text.ts';

/** What is said beside the name of an answer. */
export function answerMarks({
  isWinner,
  isCurrent,
  grade,
}: Pick<RunReport['answers'][number], 'isWinner' | 'isCurrent' | 'grade'>): string[] {
  return [
    ...(isWinner ? ['winner'] : []),
    ...(isCurrent ? [] : ['replaced']),
    ...(grade === null ? [] : [gradeWord(grade)]),
  ];
}

/** What the final answer was worth to the user and to a grader, in sentences. */
export function valueWords({ rating, grade }: Pick<RunReport, 'rating' | 'grade'>): string[] {
  return [
    ...(rating === null ? [] : [`Rated ${rating} by the user.`]),
    ...(grade === null ? [] : [`Graded ${gradeWord(grade)} (${oneLine(grade.grader)}).`]),
  ];
}
