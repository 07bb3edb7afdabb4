import type { Alias } from '../../events/event.ts';
import { agentOf } from '../../coordination/views.ts';
import type { RunState } from '../../coordination/state.ts';
import { numberOf } from '../store/run-store.ts';
import { clipText } from '../text/clip.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { textWidth } from '../text/width.ts';
import { style, withAttr, type StyleId } from '../theme/style.ts';
import { agentToken } from '../theme/tokens.ts';
import { describeStatus } from './agent-status.ts';
import { formatCost, formatCount, isUntold } from './format.ts';
import type { Area, LayerName, Rect } from './frame.ts';
import { clipLine, lineWidth, span, type Line } from './line.ts';
import type { Model } from './model.ts';
import type { PaneFlow } from './flow.ts';
import { marked } from './marked.ts';
import { planLines } from './plan-lines.ts';
import { runNow } from './run-time.ts';
import { subagentLines } from './subagent-lines.ts';
import { keyWord } from './key-of.ts';
import { shownRow } from './selected-rows.ts';

const FG = style('fg');
const DIM = style('dim');
const MARGIN = span(' ', FG);

/** One agent's pane: a title rule, then the newest rows of what it says and does. */
export function paneAreas(model: Model, state: RunState, alias: Alias, rect: Rect, layer: LayerName): Area[] {
  const isFocused = model.run?.panes[model.focus] === alias;
  const head = headOf(model, state, alias, rect).map((line): Line => [MARGIN, ...line]);
  const body = { ...rect, y: rect.y + 1 + head.length, height: rect.height - 1 - head.length };
  const flow = paneFlow(model, alias, rect.width);
  const scroll = model.paneScroll.get(alias) ?? 'follow';
  const version = model.run?.transcript(alias).version ?? 0;
  const rows =
    scroll === 'follow'
      ? model.pace.rows(alias, flow, body.height, { version, now: model.now, isFocused })
      : flow.slice(scroll.top, body.height);
  const search = model.search?.text;
  let lines = rows.length > 0 ? withMargin(rows, search) : [[MARGIN, ...emptyHint(state, alias)]];
  if (scroll !== 'follow' && rows.length > 0) {
    lines = lines.map((line, i) => shownRow(model, alias, scroll.top + i, line, rect.width));
  }
  const title = paneTitle(model, state, alias, rect.width, isFocused);
  const areas: Area[] = [{ layer, ...rect, lines: [title, ...head, ...lines], fill: FG }];
  if (scroll !== 'follow') areas.push(...newMarker(model, body, flow.rowCount - scroll.top - rows.length));
  return areas;
}

/** A pane that shows what it showed before has the same lines again, so nobody compares or paints them. */
const margins = new WeakMap<readonly Line[], Line[]>();

function withMargin(rows: readonly Line[], search: string | undefined): Line[] {
  if (search) return rows.map((row) => [MARGIN, ...marked(row, search)]);
  let lines = margins.get(rows);
  if (!lines) margins.set(rows, (lines = rows.map((row) => [MARGIN, ...row])));
  return lines;
}

/** The rows of an agent for a pane of that width (its left margin included). */
export function paneFlow(model: Model, alias: Alias, width: number): PaneFlow {
  const list = model.run?.transcript(alias).list;
  if (!list) throw new Error('a pane without a run');
  return model.cache.flow(alias, list, {
    width: Math.max(1, width - 2),
    showReasoning: model.showReasoning,
    showTools: model.showTools,
    showKey: keyWord(model, 'toggle-reasoning'),
    glyphs: model.glyphs,
    agent: agentToken(numberOf(alias)),
    render: model.renderMarkdown,
  });
}

/** Rows that a pane has for what its agent says; the title and what stands below it have theirs. */
export function paneHeight(model: Model, alias: Alias, rect: Rect): number {
  const state = model.run?.state;
  return rect.height - 1 - (state ? headOf(model, state, alias, rect).length : 0);
}

/** What stands over an agent's text: its plan and its subagents; a small pane has no room for them. */
function headOf(model: Model, state: RunState, alias: Alias, rect: Rect): Line[] {
  const height = model.showPlan ? Math.floor((rect.height - 1) / 2) : rect.height > 5 ? 1 : 0;
  const { plan, subagents } = agentOf(state, alias);
  const size = { width: rect.width - 2, glyphs: model.glyphs };
  const tasks = planLines(plan, { ...size, isOpen: model.showPlan, height });
  const room = Math.floor((rect.height - 1) / 3);
  return [...tasks, ...subagentLines(subagents, { ...size, height: rect.height > 5 ? Math.max(1, room) : 0 })];
}

function emptyHint(state: RunState, alias: Alias): Line {
  const { turn } = agentOf(state, alias);
  return [span(turn ? 'waiting for the first words' : 'has not begun', DIM)];
}

function newMarker(model: Model, body: Rect, below: number): Area[] {
  if (below <= 0) return [];
  const text = ` ${model.glyphs.down} ${below} new, ${keyWord(model, 'follow')} follows `;
  const width = Math.min(body.width, text.length);
  const line = [span(clipText(text, width), style('warn', ['bold'], 'pick'))];
  return [
    {
      layer: 'lines',
      x: body.x + body.width - width,
      y: body.y + body.height - 1,
      width,
      height: 1,
      lines: [line],
      fill: FG,
    },
  ];
}

/** `═ 2 gpt-5 ═══ ◆ answered agent2.1 ═ 1.2k ═ $0.04 ═`: what matters most stays longest as room gets short. */
function paneTitle(model: Model, state: RunState, alias: Alias, width: number, isFocused: boolean): Line {
  const { glyphs } = model;
  const agent = agentOf(state, alias);
  const rule = isFocused ? glyphs.focusRule : glyphs.rule;
  const ruleStyle: StyleId = isFocused ? style('focus', ['bold']) : style('border');
  const status = describeStatus(state, alias, runNow(model, state), glyphs, model.run?.waits.get(alias));
  const name = `${numberOf(alias)} ${sanitizeLine(agent.info.id)}`;
  const nameStyle = isFocused
    ? style(agentToken(numberOf(alias)), ['bold', 'underline'])
    : style(agentToken(numberOf(alias)), ['bold']);

  const statusText = clipText(`${status.sign} ${status.word}`, Math.max(4, width - 10), glyphs.cut);
  const optional: Line[] = [];
  const label = agent.answers.at(-1)?.label;
  if (label !== undefined && !status.word.includes(label)) optional.push([span(label, FG)]);
  const tokens = agent.usage.input + agent.usage.output;
  if (tokens > 0) optional.push([span(`${formatCount(tokens)} tok`, DIM)]);
  else if (agent.info.isModel && isUntold(agent)) optional.push([span('tokens unknown', DIM)]);
  if (agent.info.isModel && (tokens > 0 || agent.cost.usd > 0)) optional.push([span(formatCost(agent.cost), DIM)]);
  const { cachedInput, input } = agent.usage;
  if (cachedInput > 0) optional.push([span(`${Math.round((cachedInput / Math.max(1, input)) * 100)} % cached`, DIM)]);

  const right: Line = [span(statusText, isFocused ? withAttr(status.style, 'bold') : status.style)];
  // Rule at both ends, blanks around both parts and at least one sign of rule between them.
  const frame = 7;
  let room = width - frame - lineWidth(right) - Math.min(textWidth(name), 16);
  for (const part of optional) {
    const size = lineWidth(part) + 3;
    if (size > room) break;
    right.push(span(` ${rule} `, ruleStyle), ...part);
    room -= size;
  }
  const modelName = sanitizeLine(agent.info.model);
  const left: Line = [span(name, nameStyle)];
  if (
    modelName !== '' &&
    modelName !== agent.info.id &&
    textWidth(modelName) + 2 <= room - Math.max(0, textWidth(name) - 16)
  ) {
    left.push(span(`  ${modelName}`, DIM));
  }
  const leftClipped = clipLine(left, Math.max(4, width - frame - lineWidth(right)), glyphs.cut);
  const gap = Math.max(1, width - 6 - lineWidth(leftClipped) - lineWidth(right));
  return [
    span(`${rule} `, ruleStyle),
    ...leftClipped,
    span(` ${rule.repeat(gap)} `, ruleStyle),
    ...right,
    span(` ${rule}`, ruleStyle),
  ];
}
