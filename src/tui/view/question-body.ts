import type { PendingQuestion } from '../../coordination/state.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { wrapText } from '../text/wrap.ts';
import { onGround, style } from '../theme/style.ts';
import type { AskDraft } from './ask-draft.ts';
import { span, type Line } from './line.ts';

const FG = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');

/** The question and its options. `optionAt[i]` is the first row of option `i`; the last one ends at the end. */
export interface QuestionRows {
  rows: Line[];
  optionAt: number[];
}

export function questionRows(question: PendingQuestion, draft: AskDraft, width: number): QuestionRows {
  const rows = wrapText(sanitize(question.text).trim(), width).map((row): Line => [span(row, FG)]);
  const optionAt: number[] = [];
  if (question.options.length > 0) rows.push([]);
  for (const [i, { label, description }] of question.options.entries()) {
    optionAt.push(rows.length);
    const isPicked = i === draft.pick && !draft.isTyping;
    const ground = isPicked ? 'pick' : 'bar';
    const box = question.isMultiple ? (draft.chosen.includes(i) ? '[x] ' : '[ ] ') : '';
    const head = `${i < 9 ? i + 1 : ' '} ${box}`;
    const text = wrapText(sanitizeLine(label) || '(no name)', width - head.length - 2);
    for (const [at, row] of text.entries()) {
      const sign = at === 0 ? `${isPicked ? '>' : ' '} ${head}` : ' '.repeat(head.length + 2);
      const name = row.padEnd(isPicked ? width - head.length - 2 : 0);
      rows.push([
        span(sign, onGround(style('accent', ['bold']), ground)),
        span(name, onGround(style('fg', isPicked ? ['bold'] : []), ground)),
      ]);
    }
    const more = sanitize(description).trim();
    if (more === '') continue;
    for (const row of wrapText(more, width - 6)) rows.push([span(`      ${row}`, DIM)]);
  }
  return { rows, optionAt };
}
