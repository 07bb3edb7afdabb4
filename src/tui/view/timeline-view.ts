import { agentOf, countingBallots, currentAnswers, elapsedMs } from '../../coordination/views.ts';
import { aliasOfLabel } from '../../coordination/protocol.ts';
import type { RunState } from '../../coordination/state.ts';
import type { Tone } from '../store/blocks.ts';
import { numberOf } from '../store/run-store.ts';
import type { TimelineEntry } from '../store/timeline.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { textWidth } from '../text/width.ts';
import { style, type StyleId } from '../theme/style.ts';
import { agentToken } from '../theme/tokens.ts';
import { formatClock, formatCost, formatCount, plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { clipLine, lineWidth, span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { runNow } from './run-time.ts';
import { mark } from './copied.ts';

const FG = style('fg');
const DIM = style('dim');
const WORDS: Record<Tone, StyleId> = {
  plain: style('fg', ['bold']),
  dim: DIM,
  info: style('info', ['bold']),
  ok: style('ok', ['bold']),
  warn: style('warn', ['bold']),
  err: style('err', ['bold']),
};

/** `00:12 VOTE     2 gpt-5 for agent1.2`. */
export function timelineLine(entry: TimelineEntry, state: RunState, width: number, glyphs: Glyphs): Line {
  const line: Line = [
    span(`${formatClock(entry.atMs)} `, DIM),
    span(entry.word.padEnd(8), WORDS[entry.tone]),
    span(' ', FG),
  ];
  if (entry.alias !== null && state.agents[entry.alias]) {
    const number = numberOf(entry.alias);
    const id = sanitizeLine(agentOf(state, entry.alias).info.id);
    // The name is the first to go: the number says it too.
    line.push(span(width < 40 ? `${number} ` : `${number} ${id} `, style(agentToken(number))));
  }
  const isTight = entry.brief !== undefined && lineWidth(line) + textWidth(entry.text) > width;
  line.push(span((isTight ? entry.brief : entry.text) ?? '', entry.tone === 'dim' ? DIM : FG));
  return clipLine(line, width, glyphs.cut);
}

/** A rule with a title, as it stands over every part of the screen. */
export function titleRule(title: string, width: number, glyphs: Glyphs, isFocused = false, more = ''): Line {
  const rule = isFocused ? glyphs.focusRule : glyphs.rule;
  const id = isFocused ? style('focus', ['bold']) : style('border');
  const name = style(isFocused ? 'focus' : 'heading', ['bold']);
  // How much is not shown is never cut: the title gives way.
  const rest = clipLine([span(more, name)], width - 4, glyphs.cut);
  const told = [...clipLine([span(title, name)], Math.max(0, width - 4 - lineWidth(rest)), glyphs.cut), ...rest];
  const used = lineWidth(told);
  return [span(`${rule} `, id), ...told, mark(` ${rule.repeat(Math.max(0, width - used - 3))}`, id)];
}

/** The newest entry on one row, where there is no room for more. */
export function stripArea(model: Model, state: RunState, y: number): Area {
  const last = model.run?.timeline.at(-1);
  const line = last ? timelineLine(last, state, model.cols - 2, model.glyphs) : [];
  return { layer: 'strip', x: 0, y, width: model.cols, height: 1, lines: [[span(' ', FG), ...line]], fill: FG };
}

/** The rail beside the panes: timeline, votes, money and time. */
export function railAreas(model: Model, state: RunState, rect: Rect): Area[] {
  const inner = { ...rect, x: rect.x + 1, width: rect.width - 1 };
  const votes = voteLines(state, inner.width - 2, model.glyphs);
  const usage = usageLines(model, state);
  const below: Line[] = [
    ...(votes.length > 0 ? [titleRule('votes', inner.width, model.glyphs), ...votes] : []),
    titleRule('usage', inner.width, model.glyphs),
    ...usage,
  ];
  const height = Math.max(4, inner.height - below.length);
  const entries = (model.run?.timeline ?? []).slice(-(height - 1));
  const lines = entries.map((entry) => [span(' ', FG), ...timelineLine(entry, state, inner.width - 2, model.glyphs)]);
  while (lines.length < height - 1) lines.push([]);
  const all = [titleRule('timeline', inner.width, model.glyphs), ...lines, ...below];
  return [
    { layer: 'rail', ...inner, lines: all.slice(0, inner.height), fill: FG },
    separatorArea({ ...rect, width: 1 }, model.glyphs),
  ];
}

export function separatorArea(rect: Rect, glyphs: Glyphs): Area {
  const line = [span(glyphs.bar, style('border'))];
  return { layer: 'lines', ...rect, lines: Array.from({ length: rect.height }, () => line), fill: FG };
}

/** From so many answers on, those with votes stand first, and those without share a row. */
const FOLD_FROM = 6;

/** One row per current answer: label, a bar, the ballots that count and name it first. Empty before the first answer. */
export function voteLines(state: RunState, width: number, glyphs: Glyphs): Line[] {
  const ballots = countingBallots(state);
  const votesOf = (label: string): number => ballots.filter((ballot) => ballot.choice === label).length;
  const all = currentAnswers(state).toSorted((a, b) => numberOf(a.alias) - numberOf(b.alias));
  const isFolded = all.length >= FOLD_FROM;
  const answers = isFolded
    ? all
        .filter(({ label }) => votesOf(label) > 0 || state.winner?.label === label)
        .toSorted((a, b) => votesOf(b.label) - votesOf(a.label))
    : all;
  const most = Math.max(1, ballots.length);
  const labelWidth = Math.max(0, ...answers.map((answer) => answer.label.length));
  const room = Math.max(0, Math.min(24, width - labelWidth - 9));
  const lines = answers.map((answer): Line => {
    const count = votesOf(answer.label);
    const isWinner = state.winner?.label === answer.label;
    const token = agentToken(numberOf(aliasOfLabel(answer.label)));
    const filled = Math.round((count / most) * room);
    return [
      span(`${isWinner ? glyphs.star : ' '} `, style('ok', ['bold'])),
      span(`${answer.label.padEnd(labelWidth)} `, style(token, isWinner ? ['bold'] : [])),
      span(glyphs.full.repeat(filled) + ' '.repeat(room - filled), style(token)),
      span(` ${count}`, FG),
    ];
  });
  const rest = all.length - answers.length;
  if (rest > 0) {
    const text = answers.length === 0 ? `${plural(rest, 'answer')}, no vote yet` : `${plural(rest, 'other')}: 0`;
    lines.push([span(`  ${text}`, DIM)]);
  }
  return lines;
}

function usageLines(model: Model, state: RunState): Line[] {
  const isFree = state.order.every((alias) => !agentOf(state, alias).info.isModel);
  const limit = state.settings.timeoutMs;
  const row = (name: string, value: string): Line => [span(` ${name.padEnd(8)}`, DIM), span(value, FG)];
  return [
    row('tokens', `${formatCount(state.usage.input)} in, ${formatCount(state.usage.output)} out`),
    isFree
      ? [span(` ${'cost'.padEnd(8)}`, DIM), span('no model is called', style('warn'))]
      : row('cost', formatCost(state.cost)),
    row(
      'time',
      formatClock(elapsedMs(state, runNow(model, state))) + (limit === null ? '' : ` of ${formatClock(limit)}`),
    ),
  ];
}
