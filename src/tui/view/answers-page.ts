import { gradeOf, gradeWord } from '../../coordination/grades.ts';
import type { AnswerVersion, RunState } from '../../coordination/state.ts';
import { agentsOf, countingBallots, currentAnswers, elapsedMs } from '../../coordination/views.ts';
import { sanitize } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { formatClock, plural } from './format.ts';
import { clipLine, lineWidth, span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { nameSpan, nameText } from './names.ts';
import { keyWord } from './key-of.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');

/** Every version of every answer in the order in which they came; `d` shows what changed from the version before. */
export function answersPage(model: Model, state: RunState): BrowserPage {
  const answers = allAnswers(state);
  const current = new Set(currentAnswers(state).map((answer) => answer.label));
  const votes = countingBallots(state);
  return {
    title: plural(answers.length, 'answer'),
    count: answers.length,
    empty: 'no answer yet',
    start: Math.max(
      0,
      answers.findIndex((answer) => answer.label === state.winner?.label),
    ),
    row: (index) => {
      const answer = answers[index];
      if (!answer) return [];
      const count = votes.filter((ballot) => ballot.choice === answer.label).length;
      const isWinner = state.winner?.label === answer.label;
      const grade = gradeOf(state, answer.label);
      const what = [
        Object.hasOwn(state.vetoes, answer.label) ? 'vetoed by you' : current.has(answer.label) ? '' : 'replaced',
        answer.isCut ? 'cut off' : '',
        model.compared === answer.label ? 'compared' : '',
        count > 0 ? plural(count, 'vote') : '',
        grade ? gradeWord(grade) : '',
      ].filter(Boolean);
      return [
        span(isWinner ? `${model.glyphs.star} ` : '  ', style('ok', ['bold'])),
        span(`${formatClock(elapsedMs(state, answer.at))} `, DIM),
        nameSpan(state, answer.alias, ['bold']),
        span(` ${answer.label} `, current.has(answer.label) ? FG : DIM),
        span(what.join(', '), DIM),
      ];
    },
    detailTitle: (index) => {
      const answer = answers[index];
      if (!answer) return '';
      const before = versionBefore(state, answer);
      const base = comparedTo(model, state, answer);
      if (base)
        return `${base.label} and ${answer.label}${model.isDiff ? ', what differs' : `  ${keyWord(model, 'diff')} shows what differs`}`;
      const how =
        model.isDiff && before
          ? `  changes since ${before.label}, ${keyWord(model, 'diff')} shows the text`
          : before
            ? `  ${keyWord(model, 'diff')} shows what changed`
            : '';
      return `${answer.label}  ${nameText(state, answer.alias)}${how}`;
    },
    detail: (index, width) => {
      const answer = answers[index];
      if (!answer) return [];
      const base = comparedTo(model, state, answer);
      return base
        ? comparedLines(model, state, base, answer, width)
        : answerLines(model, state, answer, Math.min(width, 110));
    },
  };
}

export function allAnswers(state: RunState): AnswerVersion[] {
  return agentsOf(state)
    .flatMap((agent) => agent.answers)
    .toSorted((a, b) => a.seq - b.seq);
}

/** The marked answer, where it is another one than this. */
function comparedTo(model: Model, state: RunState, answer: AnswerVersion): AnswerVersion | null {
  if (model.compared === null || model.compared === answer.label) return null;
  return allAnswers(state).find(({ label }) => label === model.compared) ?? null;
}

/** A column of an answer is no narrower. */
const MIN_COLUMN = 34;

/** Two answers beside each other, or what differs where there is no room or the user wants it. */
function comparedLines(
  model: Model,
  state: RunState,
  base: AnswerVersion,
  answer: AnswerVersion,
  width: number,
): Line[] {
  const { renderDiff, glyphs, cache } = model;
  const column = Math.floor((width - 3) / 2);
  if ((model.isDiff || column < MIN_COLUMN) && renderDiff) {
    const key = ['differs', state.run, base.label, answer.label, width].join(' ');
    return cache.document(key, () => renderDiff(sanitize(base.text), sanitize(answer.text), Math.min(width, 110)));
  }
  const [left, right] = [base, answer].map((each): Line[] => [
    [span(`${each.label}  ${nameText(state, each.alias)}`, style('heading', ['bold']))],
    ...textLines(model, state, each, column),
  ]);
  const rows = Math.max(left?.length ?? 0, right?.length ?? 0);
  return Array.from({ length: rows }, (_, i): Line => {
    const line = clipLine(left?.[i] ?? [], column, glyphs.cut);
    const gap = span(' '.repeat(column - lineWidth(line)), FG);
    return [...line, gap, span(` ${glyphs.bar} `, style('border')), ...(right?.[i] ?? [])];
  });
}

function versionBefore(state: RunState, answer: AnswerVersion): AnswerVersion | null {
  const own = state.agents[answer.alias]?.answers ?? [];
  return own[own.indexOf(answer) - 1] ?? null;
}

function answerLines(model: Model, state: RunState, answer: AnswerVersion, width: number): Line[] {
  const { renderDiff, cache } = model;
  const before = versionBefore(state, answer);
  if (!model.isDiff || before === null || renderDiff === null) return textLines(model, state, answer, width);
  const key = ['changes', state.run, answer.label, width].join(' ');
  return cache.document(key, () => renderDiff(sanitize(before.text), sanitize(answer.text), width));
}

function textLines(model: Model, state: RunState, answer: AnswerVersion, width: number): Line[] {
  const { renderMarkdown: render, glyphs, cache } = model;
  const key = ['answer', state.run, answer.label, width, cache.idOf(render), glyphs.rule].join(' ');
  return cache.document(key, () => {
    if (render) return render(answer.text, width, glyphs);
    return wrappedLines(sanitize(answer.text), width, FG);
  });
}
