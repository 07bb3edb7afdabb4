import { sanitizeLine } from '../text/sanitize.ts';
import { textWidth } from '../text/width.ts';
import { wrapText } from '../text/wrap.ts';
import { style } from '../theme/style.ts';
import type { ConfigRow } from '../ports.ts';
import { span, type Line } from './line.ts';

const FG = style('fg');
const DIM = style('dim');
const MOST_KEY = 26;

/** The team as it runs: every setting with its value and where that is from. */
export function configLines(rows: readonly ConfigRow[] | null, width: number): Line[] {
  if (!rows) return [[span('Nothing is known of the config here.', DIM)]];
  const keys = rows.map(({ key }) => sanitizeLine(key));
  const size = Math.min(MOST_KEY, Math.max(0, ...keys.map(textWidth))) + 2;
  return rows.flatMap(({ value, source }, i): Line[] => {
    const key = keys[i] ?? '';
    if (value === '') return [...(i === 0 ? [] : [[]]), [span(key, style('heading', ['bold']))]];
    const isLong = textWidth(key) > MOST_KEY;
    const from = source === '' ? '' : `  (${sanitizeLine(source)})`;
    const wrapped = wrapText(`${sanitizeLine(value)}${from}`, Math.max(10, width - size));
    const lines = wrapped.map((row, at): Line => [
      span((at === 0 && !isLong ? key : '').padEnd(size), DIM),
      span(row, source === 'default' ? DIM : FG),
    ]);
    return isLong ? [[span(key, DIM)], ...lines] : lines;
  });
}
