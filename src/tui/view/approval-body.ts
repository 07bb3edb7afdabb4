import type { PendingApproval } from '../../coordination/state.ts';
import type { Risk } from '../../events/event.ts';
import { beyondAscii } from '../text/reveal.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { wrapText } from '../text/wrap.ts';
import { style, type StyleId } from '../theme/style.ts';
import { argumentRows, splitArguments } from './argument-rows.ts';
import { exactRows } from './exact-rows.ts';
import { formatCount, plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';

const FG = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');
const ODD = style('warn', ['underline'], 'bar');
const RISKS: Record<Risk, StyleId> = {
  low: style('ok', ['bold'], 'bar'),
  medium: style('warn', ['bold'], 'bar'),
  high: style('err', ['bold'], 'bar'),
};
/** Further ones are counted. */
const MOST_CHARACTERS = 6;

/** How much harm the call may do, and why the user is asked. */
export function riskLine({ risk, action, tool }: PendingApproval): Line {
  const name = sanitizeLine(tool);
  const what = sanitizeLine(action);
  return [
    span('risk ', DIM),
    span(risk, RISKS[risk]),
    span('   action ', DIM),
    span(what, FG),
    ...(name === what ? [] : [span('   tool ', DIM), span(name, FG)]),
  ];
}

/**
 * Everything that the decision is about, in rows of that width: the target word for word, what its characters are, the
 * rule or reason, and what would be changed.
 */
export function approvalRows(model: Model, approval: PendingApproval, width: number): Line[] {
  const key = ['approval', model.run?.state?.run, approval.request, width].join(' ');
  return model.cache.document(key, () => makeRows(approval, width, model.glyphs.bar));
}

function makeRows({ target, detail, diff }: PendingApproval, width: number, bar: string): Line[] {
  const rows: Line[] = [];
  const whole = splitArguments(target);
  if (whole.args && whole.before === '') {
    rows.push([span('its arguments, word for word:', DIM)]);
    rows.push(...argumentRows(whole.args, width, { name: DIM, value: style('fg', ['bold'], 'bar'), odd: ODD, bar }));
  } else if (target === '') {
    if (detail === '' || detail === '{}') rows.push([span('without arguments', DIM)]);
  } else {
    rows.push([span(sizeOf(target), DIM)]);
    rows.push(...exactRows(target, width, style('fg', ['bold'], 'bar'), ODD));
  }
  const foreign = beyondAscii(target);
  if (foreign.length > 0) {
    const more = foreign.length > MOST_CHARACTERS ? ` and ${foreign.length - MOST_CHARACTERS} more` : '';
    const text = `Not plain letters, and some may look like others: ${foreign.slice(0, MOST_CHARACTERS).join(', ')}${more}`;
    rows.push([], ...wrapText(sanitize(text), width).map((row): Line => [span(row, style('warn', [], 'bar'))]));
  }
  const { before, args } = splitArguments(detail);
  if (before.trim() !== '') {
    rows.push([], ...wrapText(sanitize(before).trimEnd(), width).map((row): Line => [span(row, FG)]));
  }
  const others = args && withoutTarget(args, target);
  if (others) rows.push([], ...argumentRows(others, width, { name: DIM, value: FG, odd: ODD, bar }));
  if (diff !== null && diff !== '') rows.push([], ...diffRows(diff, width));
  return rows;
}

/** The target stands above already, word for word. Null where nothing else is left. */
function withoutTarget(args: Readonly<Record<string, unknown>>, target: string): Record<string, unknown> | null {
  const entries = Object.entries(args);
  const at = target === '' ? -1 : entries.findIndex(([, value]) => value === target);
  const others = at < 0 ? entries : entries.toSpliced(at, 1);
  return others.length > 0 ? Object.fromEntries(others) : null;
}

function sizeOf(target: string): string {
  const lines = target.split('\n').length;
  return `${plural(target.length, 'character')}${lines > 1 ? `, ${formatCount(lines)} lines` : ''}, word for word:`;
}

/** A unified diff in colours. */
function diffRows(diff: string, width: number): Line[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => exactRows(line.replaceAll('\t', '    '), width, diffStyle(line), ODD));
}

function diffStyle(line: string): StyleId {
  if (line.startsWith('+++') || line.startsWith('---')) return style('fg', ['bold'], 'bar');
  if (line.startsWith('@@')) return style('accent', [], 'bar');
  if (line.startsWith('+')) return style('ok', [], 'bar');
  if (line.startsWith('-')) return style('err', [], 'bar');
  return DIM;
}
