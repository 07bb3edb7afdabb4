import type { AnswerLabel, EventData, EventOf } from '../events/event.ts';
import type { RunState } from './state.ts';

type Grade = EventData['answer.graded'];

/** Folds a grade; a grader that speaks again of an answer takes back what was said of it before. */
export function applyGrade(state: RunState, { data }: EventOf<'answer.graded'>): RunState {
  return { ...state, grades: [...state.grades.filter(({ label }) => label !== data.label), data] };
}

/** What was said of an answer, or, for null, of the presented one. */
export function gradeOf({ grades }: Pick<RunState, 'grades'>, label: AnswerLabel | null): Grade | null {
  return grades.find((grade) => grade.label === label) ?? null;
}

/** `right`, `wrong`, or how right in percent. */
export function gradeWord({ score }: Pick<Grade, 'score'>): string {
  return score === 1 ? 'right' : score === 0 ? 'wrong' : `${Math.round(score * 100)} % right`;
}
