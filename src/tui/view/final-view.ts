import { agentOf, agentsOf, countingBallots, elapsedMs } from '../../coordination/views.ts';
import { aliasOfLabel } from '../../coordination/protocol.ts';
import type { RunState } from '../../coordination/state.ts';
import { numberOf } from '../store/run-store.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import { formatCost, formatCount, formatDuration, plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { nameSpan } from './names.ts';
import { ratingWidth } from './rating-view.ts';
import { separatorArea, titleRule, voteLines } from './timeline-view.ts';
import { keyWord } from './key-of.ts';
import { shownRow } from './selected-rows.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const SIDE = 40;

/** Rows longer than this are hard to read, however wide the screen is. */
const MAX_TEXT = 110;

/** A wide screen gives to the reasons what the answer cannot use. */
function sideWidth(width: number): number {
  return Math.max(SIDE, Math.min(64, width - MAX_TEXT - 5));
}

/** The final answer, and why it is this one: beside it where there is room, below it otherwise. */
export function finalAreas(model: Model, state: RunState, rect: Rect): Area[] {
  const { width, document, side } = finalParts(model, state, rect);
  const height = rect.height - 1;
  const top = Math.min(model.finalTop, Math.max(0, document.length - height));
  const lines = document
    .slice(top, top + height)
    .map((line, i) => shownRow(model, null, top + i, [span('  ', FG), ...line], width));
  const below = document.length - top - lines.length;
  const rest = below > 0 ? `  ${model.glyphs.down} ${plural(below, 'more line')}` : '';
  // The rating stands at the end of the row, over the side where there is one.
  const titleWidth = side ? width : width - ratingWidth(state, rect);
  const title = titleRule(finalTitle(state), titleWidth, model.glyphs, true, rest);
  const areas: Area[] = [{ layer: 'main', ...rect, width, lines: [title, ...lines], fill: FG }];
  if (side) {
    const x = rect.x + width;
    const sideCols = rect.width - width - 1;
    areas.push(separatorArea({ ...rect, x, width: 1 }, model.glyphs), {
      layer: 'rail',
      ...rect,
      x: x + 1,
      width: sideCols,
      lines: [
        titleRule('why this answer', sideCols, model.glyphs),
        ...side.map((line): Line => [span(' ', FG), ...line]),
      ],
      fill: FG,
    });
  }
  return areas;
}

/** Rows of the document at the size the panel has: what scrolling is bounded by. */
export function finalRowCount(model: Model, state: RunState, rect: Rect): number {
  return finalTextRows(model, state, rect).rows.length;
}

/** The document itself, without what stands beside it, and the columns that it has. */
export function finalTextRows(model: Model, state: RunState, rect: Rect): { rows: readonly Line[]; width: number } {
  const { document, width } = finalParts(model, state, rect);
  return { rows: document, width };
}

/** What stands beside the answer and what below it. Reasons that do not fit beside it go below, where one can scroll. */
function finalParts(
  model: Model,
  state: RunState,
  rect: Rect,
): { width: number; document: Line[]; side: Line[] | null } {
  const hasSide = rect.width >= 110;
  const sideCols = sideWidth(rect.width);
  const width = hasSide ? rect.width - sideCols - 1 : rect.width;
  const room = Math.min(width - 4, MAX_TEXT);
  if (!hasSide) return { width, document: finalDocument(model, state, room, 'all'), side: null };
  const side = summaryLines(state, sideCols - 3, model.glyphs);
  const reasons = reasonsOf(state, sideCols - 3);
  const whole = reasons.reduce((sum, lines) => sum + lines.length, side.length);
  if (whole < rect.height) {
    return { width, document: finalDocument(model, state, room, 'none'), side: [...side, ...reasons.flat()] };
  }
  // Two rows are for the hint, one is the title.
  let shown = 0;
  for (const lines of reasons) {
    if (side.length + lines.length > rect.height - 3) break;
    side.push(...lines);
    shown++;
  }
  const rest = reasons.length - shown;
  const hint = shown === 0 ? 'reasons stand below the answer' : `${plural(rest, 'more reason')} below the answer`;
  side.push([], [span(hint, DIM)]);
  return { width, document: finalDocument(model, state, room, shown), side };
}

/** A number is how many of the reasons stand elsewhere. */
function finalDocument(model: Model, state: RunState, width: number, why: 'all' | 'none' | number): Line[] {
  const { final } = state;
  if (!final) return noAnswer(model, state, width);
  const { glyphs, renderMarkdown: render } = model;
  const key = [state.run, final.at, width, why, model.cache.idOf(render), glyphs.rule, state.seq].join(' ');
  return model.cache.document(key, () => {
    const { notice } = final;
    const warn = style('warn');
    const lines = notice === null ? [] : behind(span('! ', warn), wrappedLines(sanitizeLine(notice), width - 2, warn));
    if (lines.length > 0) lines.push([]);
    lines.push(...(render ? render(final.text, width, glyphs) : plainLines(final.text, width)));
    if (why === 'none') return lines;
    const heading = why === 'all' ? 'why this answer' : why === 0 ? 'reasons' : 'more reasons';
    lines.push([], titleRule(heading, width, glyphs));
    if (why === 'all') lines.push(...summaryLines(state, width, glyphs));
    lines.push(
      ...reasonsOf(state, width)
        .slice(why === 'all' ? 0 : why)
        .flat(),
    );
    return lines;
  });
}

function noAnswer(model: Model, state: RunState, width: number): Line[] {
  return wrappedLines(whyNone(model, state), width, state.end ? style('warn') : DIM);
}

function whyNone(model: Model, state: RunState): string {
  const { end } = state;
  if (!end) return 'There is no final answer yet: it opens here when it comes.';
  const answers = agentsOf(state).reduce((sum, agent) => sum + agent.answers.length, 0);
  const kept =
    answers === 0
      ? ''
      : ` ${plural(answers, 'answer is', 'answers are')} kept: ${keyWord(model, 'answers')} opens them.`;
  if (end.outcome === 'cancelled') return `The run was cancelled before there was a final answer.${kept}`;
  const reason = (sanitizeLine(end.reason) || end.outcome).replace(/\.$/, '');
  return `The run ended without an answer: ${reason}.${kept}`;
}

function plainLines(text: string, width: number): Line[] {
  return wrappedLines(sanitize(text), width, FG);
}

function finalTitle(state: RunState): string {
  const { winner, final } = state;
  if (!final) return 'final answer';
  if (!winner) return 'final answer';
  const author = agentOf(state, aliasOfLabel(winner.label));
  const name = `${numberOf(author.info.alias)} ${sanitizeLine(author.info.id)}`;
  const how = final.source === 'presenter' ? 'presented by' : 'answer of';
  return `final answer  ${how} ${name}  ${winner.label}`;
}

/** Winner, money, time and how many votes each answer got. */
function summaryLines(state: RunState, width: number, glyphs: Glyphs): Line[] {
  const lines: Line[] = [];
  const { winner } = state;
  const isFree = agentsOf(state).every((agent) => !agent.info.isModel);
  if (winner) {
    lines.push(...labelled('winner', `${winner.label} by ${winnerRule(winner.rule)}`, width));
    // Most reasons tell of the tie themselves.
    if (winner.tie && !/\btied?\b/.test(winner.reason)) {
      lines.push(
        ...labelled(
          'tie',
          `${winner.tie.labels.join(', ')}; decided by ${winner.tie.decidedBy.replace('-', ' ')}`,
          width,
        ),
      );
    }
    if (winner.reason !== '') lines.push(...labelled('', sanitizeLine(winner.reason), width));
  }
  const took = elapsedMs(state, state.final?.at ?? state.updatedAt);
  lines.push(...labelled('cost', isFree ? 'nothing, no model is called' : formatCost(state.cost), width));
  lines.push(
    ...labelled('tokens', `${formatCount(state.usage.input)} in, ${formatCount(state.usage.output)} out`, width),
  );
  lines.push(...labelled('time', formatDuration(took), width));
  const votes = voteLines(state, width, glyphs);
  if (state.order.length > 1 && votes.length > 0) lines.push([], ...votes);
  return lines;
}

function winnerRule(rule: string): string {
  if (rule === 'only-answer') return 'being the only answer';
  if (rule === 'division') return 'putting the parts together';
  return rule === 'fallback' ? 'fallback, no vote decided' : `${rule} vote`;
}

/** One part per ballot that counts, each with a blank row in front. */
function reasonsOf(state: RunState, width: number): Line[][] {
  const ballots = countingBallots(state).toSorted((a, b) => numberOf(a.voter) - numberOf(b.voter));
  return ballots.map((ballot) => {
    const own = aliasOfLabel(ballot.choice) === ballot.voter ? ' (its own)' : '';
    const reason = wrappedLines(sanitizeLine(ballot.reason), width - 2, DIM);
    return [
      [],
      [nameSpan(state, ballot.voter, ['bold']), span(` for ${ballot.choice}${own}`, FG)],
      ...reason.map((row): Line => [span('  ', DIM), ...row]),
    ];
  });
}

function labelled(label: string, text: string, width: number): Line[] {
  return behind(span(label.padEnd(8), DIM), wrappedLines(text, width - 8, FG));
}
