import { agentsOf, elapsedMs, isActive, phaseOf } from '../../coordination/views.ts';
import type { RunState } from '../../coordination/state.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { clipText } from '../text/clip.ts';
import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import { asksOf } from './asks.ts';
import { formatClock, formatCost, formatCount, isUntold, plural } from './format.ts';
import type { Area } from './frame.ts';
import { keyOf } from './key-of.ts';
import { lineWidth, span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import { runNow } from './run-time.ts';

const BAR = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');
const BRAND = style('accent', ['bold'], 'bar');

/** Row 0: what is asked, how far it is, how long it takes and what it costs. */
export function statusArea(model: Model): Area {
  const right = rightParts(model);
  const left: Line = [span(' massgen', BRAND)];
  const subject = sanitizeLine(model.run?.state?.question ?? model.team?.name ?? '');
  let parts = right;
  // The question keeps a quarter of the row at least, and half of it before tokens and agents are told.
  const isTight = (share: number): boolean =>
    model.cols - joined(parts).width < Math.min(textWidth(subject), Math.floor(model.cols * share)) + 12;
  while (isTight(0.5) && parts.some((p) => p.rank >= 3)) parts = dropLeast(parts);
  while (isTight(0.25) && parts.some((p) => p.rank > 0)) parts = dropLeast(parts);
  const line = joined(parts);
  const room = model.cols - lineWidth(left) - line.width - 2;
  if (subject !== '' && room > 6) left.push(span(`  ${clipText(subject, room, model.glyphs.cut)}`, BAR));
  return {
    layer: 'status',
    x: 0,
    y: 0,
    width: model.cols,
    height: 1,
    lines: [spread(left, line.spans, model.cols, BAR, model.glyphs.cut)],
    fill: BAR,
  };
}

interface Part {
  span: Line[number];
  /** Parts with the highest rank go first when room is short; rank 0 always stays. */
  rank: number;
}

function rightParts(model: Model): Part[] {
  const state = model.run?.state;
  if (model.isStarting || (!state && model.run)) return [part('starting', style('accent', ['bold'], 'bar'), 0)];
  if (!state) {
    const { team } = model;
    if (!team) return [];
    const noModel = team.agents.every((agent) => !agent.isModel);
    const count = part(plural(team.agents.length, 'agent'), BAR, 0);
    return noModel ? [count, part('no model is called', style('warn', [], 'bar'), 0)] : [count];
  }
  const tokens = state.usage.input + state.usage.output;
  return [
    ...asksPart(model),
    phasePart(state),
    part(liveText(state), DIM, 3),
    part(formatClock(elapsedMs(state, runNow(model, state))), BAR, 1),
    part(tokens === 0 && agentsOf(state).some(isUntold) ? 'tokens unknown' : `${formatCount(tokens)} tok`, DIM, 4),
    costPart(state),
  ];
}

/** What waits for the user stays in sight, whatever is done meanwhile. */
function asksPart(model: Model): Part[] {
  const count = asksOf(model).length;
  const key = keyOf(model, 'open-ask') || '/asks';
  return count === 0 ? [] : [part(`! ${count} for you: ${key}`, style('warn', ['bold'], 'bar'), 0)];
}

function phasePart(state: RunState): Part {
  if (state.end) {
    const outcome = state.end.outcome;
    return part(
      outcome === 'answered' ? 'finished' : outcome,
      style(outcome === 'answered' ? 'ok' : 'warn', ['bold'], 'bar'),
      0,
    );
  }
  if (state.isCancelled) return part('cancelling', style('warn', ['bold'], 'bar'), 0);
  return part(phaseOf(state), style('accent', ['bold'], 'bar'), 0);
}

function liveText(state: RunState): string {
  const agents = agentsOf(state);
  const active = agents.filter(isActive).length;
  if (active < agents.length) return `${active} of ${plural(agents.length, 'agent')}`;
  return plural(agents.length, 'agent');
}

function costPart(state: RunState): Part {
  const isFree = agentsOf(state).every((agent) => !agent.info.isModel);
  return isFree ? part('no model is called', style('warn', [], 'bar'), 0) : part(formatCost(state.cost), BAR, 2);
}

function part(text: string, id: number, rank: number): Part {
  return { span: span(text, id), rank };
}

function dropLeast(parts: Part[]): Part[] {
  const worst = Math.max(...parts.map((p) => p.rank));
  return parts.filter((p) => p.rank !== worst);
}

function joined(parts: Part[]): { spans: Line; width: number } {
  const spans: Line = parts.flatMap((p) => [span('  ', BAR), p.span]);
  spans.push(span(' ', BAR));
  return { spans, width: lineWidth(spans) };
}
