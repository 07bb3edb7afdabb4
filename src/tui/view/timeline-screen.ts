import { agentOf, elapsedMs } from '../../coordination/views.ts';
import type { RunState } from '../../coordination/state.ts';
import { numberOf, type RunStore } from '../store/run-store.ts';
import type { TimelineEntry } from '../store/timeline.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { onGround, style, type StyleId } from '../theme/style.ts';
import { agentToken, type Token } from '../theme/tokens.ts';
import { formatClock, plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import { fitScale, laneCells, type LaneCell, type TimeWindow } from './lane-cells.ts';
import { clipLine, lineWidth, span, spread, type Line } from './line.ts';
import { keyWord } from './key-of.ts';
import type { Model } from './model.ts';
import { playedMs, totalMs } from './playback.ts';
import { runNow } from './run-time.ts';
import { timelineLine, titleRule } from './timeline-view.ts';

const FG = style('fg');
const DIM = style('dim');

const CELLS: Record<LaneCell, Token | 'own'> = {
  draft: 'own',
  tool: 'info',
  wait: 'warn',
  ask: 'warn',
  idle: 'border',
  done: 'border',
  none: 'fg',
  answer: 'ok',
  ballot: 'accent',
  void: 'warn',
  update: 'info',
  message: 'info',
  refused: 'warn',
  retry: 'warn',
  error: 'err',
  out: 'err',
  restart: 'warn',
};
const MARKS: ReadonlySet<LaneCell> = new Set<LaneCell>([
  'answer',
  'ballot',
  'void',
  'update',
  'message',
  'refused',
  'retry',
  'error',
  'out',
  'restart',
]);
const LEGEND: readonly (readonly [LaneCell, string])[] = [
  ['draft', 'writing'],
  ['tool', 'tool'],
  ['answer', 'answer'],
  ['ballot', 'vote'],
  ['void', 'void'],
  ['update', 'update'],
  ['retry', 'retry'],
  ['wait', 'pause'],
  ['error', 'error'],
  ['out', 'out'],
  ['ask', 'asks'],
  ['restart', 'new attempt'],
  ['refused', 'refused'],
  ['message', 'message'],
  ['idle', 'waits'],
  ['done', 'voted, out'],
];

/** A replay has the whole run on its timeline, also what it has not come to yet. */
function timelineRun(model: Model): RunStore | null {
  return model.playback && model.run ? model.playback.whole() : model.run;
}

/** Place of the picked entry: the newest one where the user has picked none, in a replay the one it has come to. */
export function pickedIndex(model: Model, entries: readonly TimelineEntry[]): number {
  const { playback, timeline } = model;
  if (timeline.pick !== null) return Math.min(timeline.pick, entries.length - 1);
  if (!playback) return entries.length - 1;
  return Math.max(
    0,
    entries.findLastIndex((entry) => entry.seq <= playback.replay.at),
  );
}

export function pickedEntry(model: Model): TimelineEntry | null {
  const entries = shownEntries(model);
  return entries[pickedIndex(model, entries)] ?? null;
}

/** Entries that the filter lets through: every word of it stands in the line. */
export function shownEntries(model: Model): readonly TimelineEntry[] {
  const { timeline } = model;
  const run = timelineRun(model);
  if (!run) return [];
  const words = timeline.filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return run.timeline;
  return run.timeline.filter((entry) => {
    const id = entry.alias === null ? '' : (run.state?.agents[entry.alias]?.info.id ?? '');
    const text = `${entry.word} ${entry.alias ?? ''} ${id} ${entry.text}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Where the parts of the screen stand, and which stretch of time it shows. Pure. */
export function timelineParts(
  model: Model,
  state: RunState,
  rect: Rect,
): { nameWidth: number; lanes: number; listHeight: number; window: TimeWindow; endMs: number; nowMs: number } {
  const nameWidth = Math.max(3, Math.min(18, Math.floor(rect.width / 6)));
  const cols = Math.max(1, rect.width - nameWidth - 2);
  const { playback } = model;
  const nowMs = elapsedMs(state, runNow(model, state));
  const endMs = playback ? totalMs(playback) : nowMs;
  const msPerCol = model.timeline.msPerCol ?? fitScale(endMs, cols, state.end === null && !playback);
  const lastFrom = Math.max(0, (Math.floor(endMs / msPerCol) - cols + 1) * msPerCol);
  // Where it is told nothing else, it shows the newest, or what a replay has come to.
  const usual = playback ? Math.max(0, playedMs(playback) - (cols / 2) * msPerCol) : lastFrom;
  const fromMs = Math.min(model.timeline.fromMs ?? usual, lastFrom);
  const agents = model.run?.panes.length ?? 0;
  // Title, axis and legend, then the list with its title.
  const lanes = Math.max(1, Math.min(agents, Math.max(3, Math.floor((rect.height - 4) * 0.55))));
  return {
    nameWidth,
    lanes,
    listHeight: Math.max(0, rect.height - lanes - 4),
    window: { cols, msPerCol, fromMs },
    endMs,
    nowMs: playback ? playedMs(playback) : endMs,
  };
}

/** The timeline on the whole body: a lane per agent over time, and the events below. */
export function timelineAreas(model: Model, state: RunState, rect: Rect): Area[] {
  const { glyphs, timeline } = model;
  const parts = timelineParts(model, state, rect);
  const entries = shownEntries(model);
  const pick = pickedIndex(model, entries);
  const picked = entries[pick];
  const scale = `1 column = ${scaleText(parts.window.msPerCol)}`;
  const filter = timeline.filter === '' ? '' : `  filter: ${sanitizeLine(timeline.filter)}`;
  const height = parts.listHeight;
  const top = listTop(pick, height, entries.length);
  const below = Math.max(0, entries.length - top - height);
  const more =
    timeline.pick !== null && below > 0 && !model.playback
      ? `  ${glyphs.down} ${below} newer, ${keyWord(model, 'follow')} follows`
      : '';
  const rows = entries
    .slice(top, top + height)
    .map((entry, i) => eventLine(model, state, entry, rect.width, top + i === pick));
  const none: Line[] = entries.length === 0 ? [[span(' no event matches the filter', DIM)]] : [];
  const lanes = laneLines(model, state, parts, picked);
  const lines: Line[] = [
    titleRule(`timeline  ${scale}`, rect.width, glyphs, true),
    axisLine(parts.nameWidth, parts.window, parts.endMs, picked?.atMs ?? null, glyphs.down),
    ...lanes.lines,
    legendLine(model, rect.width, lanes.kinds),
    titleRule(`${plural(entries.length, 'event')}${filter}`, rect.width, glyphs, false, more),
    ...none,
    ...rows,
  ];
  return [{ layer: 'main', ...rect, lines: lines.slice(0, rect.height), fill: FG }];
}

function eventLine(model: Model, state: RunState, entry: TimelineEntry, width: number, isPicked: boolean): Line {
  const isToCome = (model.playback?.replay.at ?? Infinity) < entry.seq;
  const told = timelineLine(entry, state, width - 4, model.glyphs);
  const line = isToCome ? told.map((piece) => span(piece.text, DIM)) : told;
  if (!isPicked) return [span('  ', FG), ...line];
  const row = line.map((piece) => span(piece.text, onGround(piece.style, 'pick')));
  return spread([span('> ', style('focus', ['bold'], 'pick')), ...row], [], width, style('fg', [], 'pick'));
}

function shownLanes(
  model: Model,
  parts: ReturnType<typeof timelineParts>,
  picked: TimelineEntry | undefined,
): { top: number; height: number; isCut: boolean } {
  const panes = model.run?.panes ?? [];
  const isCut = panes.length > parts.lanes;
  const height = isCut ? parts.lanes - 1 : parts.lanes;
  const about = picked?.alias ? panes.indexOf(picked.alias) : model.focus;
  return { top: Math.max(0, Math.min(about - Math.floor(height / 2), panes.length - height)), height, isCut };
}

/** First row of the list: the picked event stands in its middle. */
function listTop(pick: number, height: number, count: number): number {
  return Math.max(0, Math.min(pick - Math.floor(height / 2), count - height));
}

/** The event that a cell stands for: of a lane the nearest one of its agent, of the list the one of the row. Pure. */
export function entryAt(model: Model, state: RunState, rect: Rect, x: number, y: number): number | null {
  const parts = timelineParts(model, state, rect);
  const entries = shownEntries(model);
  const pick = pickedIndex(model, entries);
  // Title and axis stand over the lanes, legend and title over the list.
  const laneRow = y - rect.y - 2;
  const listRow = laneRow - parts.lanes - 2;
  if (listRow >= 0) {
    const index = listTop(pick, parts.listHeight, entries.length) + listRow;
    return listRow < parts.listHeight && index < entries.length ? index : null;
  }
  const { top, height } = shownLanes(model, parts, entries[pick]);
  const alias = laneRow >= 0 && laneRow < height ? model.run?.panes[top + laneRow] : undefined;
  const column = x - rect.x - parts.nameWidth - 1;
  if (alias === undefined || column < 0) return null;
  const { fromMs, msPerCol } = parts.window;
  const ms = fromMs + (column + 0.5) * msPerCol;
  let nearest: number | null = null;
  let least = Infinity;
  for (const [index, entry] of entries.entries()) {
    const far = Math.abs(entry.atMs - ms);
    if (entry.alias !== alias || far > least) continue;
    least = far;
    nearest = index;
  }
  return nearest;
}

/** One row per agent; where there are too many, those around the one that the picked event is about, the rest counted. */
function laneLines(
  model: Model,
  state: RunState,
  parts: ReturnType<typeof timelineParts>,
  picked: TimelineEntry | undefined,
): { lines: Line[]; kinds: ReadonlySet<LaneCell> } {
  const kinds = new Set<LaneCell>();
  const panes = model.run?.panes ?? [];
  const { top, height, isCut } = shownLanes(model, parts, picked);
  const lines = panes.slice(top, top + height).map((alias): Line => {
    const number = numberOf(alias);
    const own = agentToken(number);
    const name = clipLine(
      [span(`${number} ${sanitizeLine(agentOf(state, alias).info.id)}`, style(own, ['bold']))],
      parts.nameWidth,
      model.glyphs.cut,
    );
    const gap = span(' '.repeat(Math.max(1, parts.nameWidth + 1 - lineWidth(name))), FG);
    const lane = timelineRun(model)?.lanes.lane(alias);
    const cells = lane ? laneCells(lane, parts.window, parts.endMs) : [];
    for (const cell of cells) kinds.add(cell);
    // What a replay has not come to yet is there, but pale.
    const played = model.playback
      ? Math.floor((parts.nowMs - parts.window.fromMs) / parts.window.msPerCol) + 1
      : cells.length;
    const cut = Math.max(0, Math.min(cells.length, played));
    return [
      ...name,
      gap,
      ...cellSpans(cells.slice(0, cut), own, model),
      ...cellSpans(cells.slice(cut), own, model).map((piece) => span(piece.text, DIM)),
    ];
  });
  if (isCut)
    lines.push([
      span(
        `+${panes.length - height} more agents, ${keyWord(model, 'scroll-down')} ${keyWord(model, 'scroll-up')} moves through all`,
        DIM,
      ),
    ]);
  return { lines, kinds };
}

/** Equal neighbours become one piece. */
function cellSpans(cells: readonly LaneCell[], own: Token, model: Model): Line {
  const line: Line = [];
  let from = 0;
  for (let i = 1; i <= cells.length; i++) {
    const kind = cells[from];
    if (i < cells.length && cells[i] === kind) continue;
    if (kind) line.push(span(model.glyphs.lane[kind].repeat(i - from), cellStyle(kind, own)));
    from = i;
  }
  return line;
}

function cellStyle(kind: LaneCell, own: Token): StyleId {
  const token = CELLS[kind];
  const isMark = MARKS.has(kind);
  return style(token === 'own' ? own : token, isMark ? ['bold'] : []);
}

/** Times over the columns, and where the picked event is. */
function axisLine(nameWidth: number, window: TimeWindow, endMs: number, pickedMs: number | null, mark: string): Line {
  const { cols, msPerCol, fromMs } = window;
  const everyMs =
    [1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000].find(
      (each) => each / msPerCol >= 12,
    ) ?? 7_200_000;
  const column = pickedMs === null ? -1 : Math.floor((pickedMs - fromMs) / msPerCol);
  const isMarked = column >= 0 && column < cols;
  // The picked event has its time beside it, in the place of the time that would stand there.
  const time = pickedMs === null ? '' : formatClock(pickedMs);
  const isBehind = column + mark.length + time.length <= cols;
  const from = isBehind ? column : Math.max(0, column - time.length);
  const marked = isMarked
    ? { from, to: from + mark.length + time.length, text: isBehind ? mark + time : time + mark }
    : { from: Infinity, to: -1, text: '' };
  let text = '';
  for (let at = Math.ceil(fromMs / everyMs) * everyMs; at <= endMs; at += everyMs) {
    const column = Math.floor((at - fromMs) / msPerCol);
    const label = formatClock(at);
    if (column + label.length > cols) break;
    if (column <= marked.to && column + label.length >= marked.from) continue;
    text = text.padEnd(column) + label;
  }
  text = text.padEnd(cols);
  const indent = span(' '.repeat(nameWidth + 1), DIM);
  if (!isMarked) return [indent, span(text, DIM)];
  return [
    indent,
    span(text.slice(0, marked.from), DIM),
    span(marked.text, style('focus', ['bold'])),
    span(text.slice(marked.to), DIM),
  ];
}

/** What the signs mean that stand in the lanes, as many as fit. */
function legendLine(model: Model, width: number, kinds: ReadonlySet<LaneCell>): Line {
  const line: Line = [];
  for (const [kind, word] of LEGEND) {
    if (!kinds.has(kind)) continue;
    const piece = [span(` ${model.glyphs.lane[kind]} `, cellStyle(kind, 'fg')), span(`${word} `, DIM)];
    if (lineWidth(line) + lineWidth(piece) > width) break;
    line.push(...piece);
  }
  return line;
}

function scaleText(ms: number): string {
  const [figure, unit] = ms < 60_000 ? [ms / 1000, 's'] : [ms / 60_000, 'min'];
  return `${Number(figure.toPrecision(2))} ${unit}`;
}
