import type { Subagent } from '../../coordination/state.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import { formatCount, plural } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { clipLine, span, type Line } from './line.ts';

const DIM = style('dim');
const STYLES: Record<Subagent['status'], StyleId> = {
  working: style('accent', ['bold']),
  answered: style('ok'),
  failed: style('err'),
  'timed-out': style('warn'),
  cancelled: DIM,
};

/**
 * Those who work for an agent, in `height` rows at most: one row for each, with what it did last, while any of them is at
 * work; one row for all of them afterwards. Empty without any.
 */
export function subagentLines(
  subagents: readonly Subagent[],
  { width, height, glyphs }: { width: number; height: number; glyphs: Glyphs },
): Line[] {
  if (subagents.length === 0 || height < 1) return [];
  const working = subagents.filter(({ status }) => status === 'working');
  if (working.length === 0) return [clipLine(sumLine(subagents, glyphs), width, glyphs.cut)];
  // Who is at work is worth more than who is done.
  const sorted = [...working, ...subagents.filter(({ status }) => status !== 'working').toReversed()];
  const shown = sorted.length <= height ? sorted.length : height - 1;
  const rows = sorted.slice(0, shown).map((each) => clipLine(rowOf(each, glyphs), width, glyphs.cut));
  const left = sorted.length - shown;
  if (left > 0) rows.push([span(clipText(`  ${plural(left, 'more subagent')}`, width), DIM)]);
  return rows;
}

function sumLine(subagents: readonly Subagent[], glyphs: Glyphs): Line {
  const answered = subagents.filter(({ status }) => status === 'answered').length;
  const isAll = answered === subagents.length;
  return [
    span(`${isAll ? glyphs.ok : glyphs.bad} `, isAll ? STYLES.answered : STYLES['timed-out']),
    span(`${plural(subagents.length, 'subagent')}, ${answered} answered`, DIM),
  ];
}

function rowOf({ name, status, usage, tool, text, reason, task }: Subagent, glyphs: Glyphs): Line {
  const tokens = usage.input + usage.output;
  const last = tool === null ? (status === 'working' || reason === '' ? text : reason) : `uses ${tool}`;
  return [
    span(`${signOf(status, glyphs)} `, STYLES[status]),
    span(`${name.slice(name.indexOf('-') + 1)} ${status}`, STYLES[status]),
    span(tokens > 0 ? `  ${formatCount(tokens)} tok` : '', DIM),
    span(`  ${sanitizeLine(last.trim() === '' ? task : last)}`, DIM),
  ];
}

function signOf(status: Subagent['status'], glyphs: Glyphs): string {
  if (status === 'working') return glyphs.status.streaming;
  return status === 'answered' ? glyphs.ok : glyphs.bad;
}

function clipText(text: string, width: number): string {
  return text.slice(0, Math.max(0, width));
}
