import type { AnswerVersion, RunState } from '../../coordination/state.ts';
import { agentsOf, countingBallots, currentAnswers, elapsedMs } from '../../coordination/views.ts';
import { sanitize } from '../text/sanitize.ts';
import { wrapText } from '../text/wrap.ts';
import { style } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { formatClock, plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { nameSpan, nameText } from './names.ts';

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
      const what = [
        Object.hasOwn(state.vetoes, answer.label) ? 'vetoed by you' : current.has(answer.label) ? '' : 'replaced',
        answer.isCut ? 'cut off' : '',
        count > 0 ? plural(count, 'vote') : '',
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
      const how =
        model.isDiff && before
          ? `  changes since ${before.label}, d shows the text`
          : before
            ? '  d shows what changed'
            : '';
      return `${answer.label}  ${nameText(state, answer.alias)}${how}`;
    },
    detail: (index, width) => {
      const answer = answers[index];
      return answer ? answerLines(model, state, answer, Math.min(width, 110)) : [];
    },
  };
}

export function allAnswers(state: RunState): AnswerVersion[] {
  return agentsOf(state)
    .flatMap((agent) => agent.answers)
    .toSorted((a, b) => a.seq - b.seq);
}

function versionBefore(state: RunState, answer: AnswerVersion): AnswerVersion | null {
  const own = state.agents[answer.alias]?.answers ?? [];
  return own[own.indexOf(answer) - 1] ?? null;
}

function answerLines(model: Model, state: RunState, answer: AnswerVersion, width: number): Line[] {
  const { renderMarkdown: render, renderDiff, glyphs, cache } = model;
  const before = versionBefore(state, answer);
  const isDiff = model.isDiff && before !== null && renderDiff !== null;
  const key = ['answer', state.run, answer.label, width, isDiff, cache.idOf(render), glyphs.rule].join(' ');
  return cache.document(key, () => {
    if (isDiff) return renderDiff(sanitize(before.text), sanitize(answer.text), width);
    if (render) return render(answer.text, width, glyphs);
    return wrapText(sanitize(answer.text), width).map((row): Line => [span(row, FG)]);
  });
}
