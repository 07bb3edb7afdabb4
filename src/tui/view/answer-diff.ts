import { diffLines } from 'diff';
import { style, type StyleId } from '../theme/style.ts';
import { span, type Line } from './line.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

/** What was changed from one text to the next, as rows with `+` and `-`. Takes sanitized text. */
export type DiffRenderer = (before: string, after: string, width: number) => Line[];

const SAME = style('dim');
const ADDED = style('ok');
const REMOVED = style('err');
/** Of what did not change, this many lines stand around a change. */
const AROUND = 3;

export const renderDiff: DiffRenderer = (before, after, width) => {
  const parts = diffLines(ended(before), ended(after));
  const rows: Line[] = [];
  const put = (sign: string, text: string, id: StyleId): void => {
    rows.push(...behind(span(`${sign} `, id), wrappedLines(text, Math.max(1, width - 2), id)));
  };
  for (const [i, part] of parts.entries()) {
    const lines = part.value.split('\n').slice(0, -1);
    if (part.added || part.removed) {
      for (const line of lines) put(part.added ? '+' : '-', line, part.added ? ADDED : REMOVED);
      continue;
    }
    const head = i === 0 ? 0 : AROUND;
    const tail = i === parts.length - 1 ? 0 : AROUND;
    const hidden = lines.length - head - tail;
    for (const [at, line] of lines.entries()) {
      if (hidden <= 1 || at < head || at >= lines.length - tail) put(' ', line, SAME);
      else if (at === head) put(' ', `${hidden} lines are the same`, style('border'));
    }
  }
  const [added, removed] = [true, false].map((isAdded) =>
    parts.reduce((sum, part) => sum + ((isAdded ? part.added : part.removed) ? part.count : 0), 0),
  );
  return [[span(`+${added} `, ADDED), span(`-${removed}`, REMOVED), span(' lines', SAME)], [], ...rows];
};

function ended(text: string): string {
  return text.endsWith('\n') || text === '' ? text : `${text}\n`;
}
