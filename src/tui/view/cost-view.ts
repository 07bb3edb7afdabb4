import type { AgentState, RunState, SpendingPhase } from '../../coordination/state.ts';
import { SPENDING_PHASES } from '../../coordination/spending.ts';
import { agentsOf } from '../../coordination/views.ts';
import type { Cost, Usage } from '../../events/usage.ts';
import { numberOf } from '../store/run-store.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import { formatExactCost, formatCount, formatDuration, isUntold } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { clipLine, lineWidth, span, type Line } from './line.ts';
import { nameSpan } from './names.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');

interface Column {
  title: string;
  value(row: Row): string;
  /** The first ones to go where there is little room have the highest rank; 0 always stays. */
  rank: number;
}

interface Row {
  usage: Usage;
  cost: Cost;
  requests: number;
  toolCalls: number;
  workedMs: number | null;
  isFree: boolean;
  isUntold: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'calls', value: (row) => String(row.requests), rank: 2 },
  { title: 'input', value: (row) => told(row, row.usage.input), rank: 0 },
  { title: 'cached', value: (row) => share(row.usage.cachedInput, row.usage.input), rank: 1 },
  { title: 'output', value: (row) => told(row, row.usage.output), rank: 0 },
  { title: 'thought', value: (row) => share(row.usage.reasoning, row.usage.output), rank: 4 },
  { title: 'tools', value: (row) => String(row.toolCalls), rank: 3 },
  { title: 'worked', value: (row) => (row.workedMs === null ? '' : formatDuration(row.workedMs)), rank: 5 },
  { title: 'cost', value: (row) => (row.isFree ? 'nothing' : formatExactCost(row.cost)), rank: 0 },
];

function told(row: Row, count: number): string {
  return row.isUntold ? '?' : formatCount(count);
}

/** What every agent used, and what it cost, as its provider counts it. */
export function costLines(state: RunState, width: number, glyphs: Glyphs): Line[] {
  const agents = agentsOf(state).toSorted((a, b) => numberOf(a.info.alias) - numberOf(b.info.alias));
  const rows = agents.map(rowOf);
  const total: Row = {
    usage: state.usage,
    cost: state.cost,
    requests: agents.reduce((sum, agent) => sum + agent.requests, 0),
    toolCalls: state.toolCalls,
    workedMs: null,
    isFree: rows.every((row) => row.isFree),
    isUntold: state.usage.input + state.usage.output === 0 && rows.some((row) => row.isUntold),
  };
  const names = agents.map((agent): Line => [
    nameSpan(state, agent.info.alias, ['bold']),
    span(agent.info.model === agent.info.id ? '' : `  ${sanitizeLine(agent.info.model)}`, DIM),
  ]);
  const nameWidth = Math.min(34, Math.max(8, Math.floor(width * 0.34)), Math.max(5, ...names.map(lineWidth)));
  let columns = [...COLUMNS];
  const sizeOf = (column: Column): number =>
    Math.max(column.title.length, ...[...rows, total].map((row) => column.value(row).length)) + 2;
  const size = (): number => columns.reduce((sum, column) => sum + sizeOf(column), nameWidth);
  while (size() > width && columns.some((column) => column.rank > 0)) {
    const worst = Math.max(...columns.map((column) => column.rank));
    columns = columns.filter((column) => column.rank !== worst);
  }
  const line = (name: Line, cell: (column: Column) => string, id: StyleId): Line => {
    const left = clipLine(name, nameWidth, glyphs.cut);
    const cells = columns.map((column) => span(cell(column).padStart(sizeOf(column)), id));
    return clipLine([...left, span(' '.repeat(nameWidth - lineWidth(left)), id), ...cells], width, glyphs.cut);
  };
  const lines = [
    line([span('agent', DIM)], (column) => column.title, DIM),
    ...rows.map((row, i) => line(names[i] ?? [], (column) => column.value(row), FG)),
    [span(glyphs.rule.repeat(Math.min(width, size())), style('border'))],
    line([span('all', style('fg', ['bold']))], (column) => column.value(total), style('fg', ['bold'])),
    [],
  ];
  if (!total.isFree) lines.push(...phaseLines(state, width, glyphs));
  if (!total.isFree) lines.push(...turnLines(state, width, glyphs));
  for (const note of notes(state, agents, total.isFree)) {
    lines.push(...wrappedLines(note, Math.min(width, 90), DIM));
  }
  return lines;
}

const PHASE_WORDS: Record<SpendingPhase, string> = {
  preparation: 'before the start',
  solo: 'working alone',
  draft: 'first answers',
  judge: 'judging',
  question: 'answering others',
  risk: 'judging risks',
  subagent: 'subagents',
  nested: 'runs inside',
  present: 'final answer',
  evaluate: 'checking it',
};

/** Where the money went, in the order of the work. */
function phaseLines(state: RunState, width: number, glyphs: Glyphs): Line[] {
  const phases = SPENDING_PHASES.flatMap((phase) => {
    const spending = state.phases[phase];
    return spending ? [{ name: PHASE_WORDS[phase], ...spending }] : [];
  });
  if (phases.length < 2) return [];
  const lines = phases.map(({ name, usage, cost }): Line => {
    const tokens = `${formatCount(usage.input + usage.output)} tokens`.padStart(16);
    return clipLine([span(`${name.padEnd(18)}${tokens}  ${formatExactCost(cost)}`, FG)], width, glyphs.cut);
  });
  return [...lines, []];
}

/** What each turn cost, in the order of the work. */
function turnLines(state: RunState, width: number, glyphs: Glyphs): Line[] {
  const lines = state.turnSpending.map(({ alias, kind, requests, usage, cost }, index): Line => {
    const number = span(`${index + 1}`.padStart(3), DIM);
    const words = `${PHASE_WORDS[kind].padEnd(15)}${requests} ${requests === 1 ? 'call' : 'calls'}`.padEnd(24);
    const tokens = `${formatCount(usage.input + usage.output)} tokens`.padStart(14);
    const name = nameSpan(state, alias, []);
    const gap = ' '.repeat(Math.max(1, 14 - lineWidth([name])));
    return clipLine(
      [number, span('  ', DIM), name, span(`${gap}${words}${tokens}  ${formatExactCost(cost)}`, FG)],
      width,
      glyphs.cut,
    );
  });
  // One turn each is what the agents' own rows say.
  const isNews = lines.length > new Set(state.turnSpending.map(({ alias }) => alias)).size;
  return !isNews ? [] : [[span('turn by turn', DIM)], ...lines, []];
}

function rowOf(agent: AgentState): Row {
  const { usage, cost, requests, toolCalls, workedMs, info } = agent;
  return { usage, cost, requests, toolCalls, workedMs, isFree: !info.isModel, isUntold: isUntold(agent) };
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${Math.round((part / whole) * 100)} %`;
}

function isNothing({ usd, isComplete }: Cost): boolean {
  return usd === 0 && isComplete;
}

function notes(state: RunState, agents: readonly AgentState[], isFree: boolean): string[] {
  if (isFree) return ['These agents are built in: no model is called and nothing is paid.'];
  const unknown = agents.filter((agent) => agent.info.isModel && !agent.cost.isComplete);
  const list = ['Tokens are those that the providers reported; cached is the share of input read from their cache.'];
  if (unknown.length > 0) {
    const models = [...new Set(unknown.map((agent) => sanitizeLine(agent.info.model)))].join(', ');
    list.push(
      `What some calls, or tools in them, have cost is not known (${models}), so a sum with + is a lower bound.`,
    );
  }
  const free = agents.filter(({ info, cost, requests }) => info.isModel && requests > 0 && isNothing(cost));
  if (free.length > 0) {
    const models = [...new Set(free.map((agent) => sanitizeLine(agent.info.model)))].join(', ');
    list.push(`Calls of ${models} cost nothing: the model runs on a machine of yours.`);
  }
  const { usd, tokens } = state.settings.limits;
  if (usd !== null) list.push(`Limit of the run: $${usd}.`);
  if (tokens !== null) list.push(`Limit of the run: ${formatCount(tokens)} tokens.`);
  return list;
}
