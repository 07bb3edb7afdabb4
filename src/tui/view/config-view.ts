import { sanitizeLine } from '../text/sanitize.ts';
import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import type { ConfigRow } from '../ports.ts';
import { span, type Line } from './line.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const MOST_KEY = 26;

/** The team as it runs: every setting with its value and where that is from. */
export function configLines(settings: readonly ConfigRow[] | null, width: number): Line[] {
  if (!settings) return [[span('Nothing is known of the config here.', DIM)]];
  const keys = settings.map(({ key }) => sanitizeLine(key));
  const size = Math.min(MOST_KEY, Math.max(0, ...keys.map(textWidth))) + 2;
  return settings.flatMap(({ value, source }, i): Line[] => {
    const key = keys[i] ?? '';
    if (value === '') return [...(i === 0 ? [] : [[]]), [span(key, style('heading', ['bold']))]];
    const isLong = textWidth(key) > MOST_KEY;
    const from = source === '' ? '' : `  (${sanitizeLine(source)})`;
    const told = `${sanitizeLine(value)}${from}`;
    const rows = wrappedLines(told, Math.max(10, width - size), source === 'default' ? DIM : FG);
    const lines = behind(span((isLong ? '' : key).padEnd(size), DIM), rows);
    return isLong ? [[span(key, DIM)], ...lines] : lines;
  });
}
