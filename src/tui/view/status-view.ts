import { gradeOf, gradeWord } from '../../coordination/grades.ts';
import type { RunState } from '../../coordination/state.ts';
import { agentsOf, currentAnswers, countingBallots, elapsedMs, phaseOf } from '../../coordination/views.ts';
import { numberOf } from '../store/run-store.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import { describeStatus } from './agent-status.ts';
import { asksOf } from './asks.ts';
import { formatClock, formatCost, formatCount, plural } from './format.ts';
import { inputFileTexts } from './input-files.ts';
import { keyOf } from './key-of.ts';
import { clipLine, span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { nameSpan } from './names.ts';
import { runNow } from './run-time.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const LABEL = 10;

/** Where the run is: its phase, its agents, what it may use and has used, and where it is kept. */
export function statusLines(model: Model, state: RunState | null, width: number): Line[] {
  if (!state) return labelled('team', model.team?.name ?? 'none', width, ['No question was asked yet.']);
  const now = runNow(model, state);
  const first = model.run?.events[0];
  const session = first?.type === 'run.started' ? first.data.session : undefined;
  const asks = asksOf(model).length;
  const { end } = state;
  const grade = gradeOf(state, null);
  return [
    ...labelled('question', state.question, width),
    ...inputFileTexts(model.run).flatMap((text, i) => labelled(i === 0 ? 'files' : '', text, width)),
    ...labelled(
      'phase',
      end ? `${end.outcome}: ${end.reason}` : state.isCancelled ? 'cancelling' : phaseOf(state),
      width,
    ),
    ...(state.attempt > 1 ? labelled('attempt', String(state.attempt), width) : []),
    ...(asks > 0
      ? labelled(
          'for you',
          `${plural(asks, 'request waits', 'requests wait')}: ${keyOf(model, 'open-ask') || '/asks'} opens`,
          width,
        )
      : []),
    ...labelled(
      'answers',
      `${currentAnswers(state).length} current, ${plural(countingBallots(state).length, 'vote counts', 'votes count')}`,
      width,
    ),
    ...(state.winner ? labelled('winner', state.winner.label, width) : []),
    ...(grade ? labelled('grade', gradeWord(grade), width) : []),
    ...(state.rating === null ? [] : labelled('rating', state.rating === 'up' ? 'good' : 'bad', width)),
    ...messages(state, width),
    [],
    [span('agents', style('heading', ['bold']))],
    ...agentsOf(state)
      .toSorted((a, b) => numberOf(a.info.alias) - numberOf(b.info.alias))
      .map(({ info, usage, cost }): Line => {
        const status = describeStatus(state, info.alias, now, model.glyphs);
        const used = `  ${formatCount(usage.input + usage.output)} tok${info.isModel ? `  ${formatCost(cost)}` : ''}`;
        const line = [
          span('  ', FG),
          nameSpan(state, info.alias, ['bold']),
          span(`  ${status.sign} ${status.word}`, status.style),
          span(used, DIM),
          span(`  ${sanitizeLine(info.model)}`, DIM),
        ];
        return clipLine(line, width, model.glyphs.cut);
      }),
    [],
    [span('budgets', style('heading', ['bold']))],
    ...budgets(state, now, width),
    [],
    ...(model.place ? labelled('run', model.place.id, width) : []),
    ...(model.place ? labelled('folder', model.place.dir, width) : []),
    ...labelled('session', session ?? 'none', width),
    ...labelled('team', state.team, width),
  ];
}

/** What the user said to agents that not all of them have read. */
function messages(state: RunState, width: number): Line[] {
  return state.notes
    .filter(({ pending }) => pending.length > 0)
    .flatMap(({ text, to, pending }) =>
      labelled('message', `read by ${to.length - pending.length} of ${to.length}: ${text}`, width),
    );
}

function budgets(state: RunState, now: number, width: number): Line[] {
  const { limits, timeoutMs } = state.settings;
  const of = (used: string, limit: string | null): string =>
    limit === null ? `${used}, no limit` : `${used} of ${limit}`;
  const tokens = state.usage.input + state.usage.output;
  const elapsed = elapsedMs(state, now);
  const seconds = limits.seconds === null ? timeoutMs : Math.min(limits.seconds * 1000, timeoutMs ?? Infinity);
  const isFree = agentsOf(state).every(({ info }) => !info.isModel);
  return [
    ...labelled(
      '  cost',
      isFree
        ? 'nothing, no model is called'
        : of(formatCost(state.cost), limits.usd === null ? null : `$${limits.usd}`),
      width,
    ),
    ...labelled('  tokens', of(formatCount(tokens), limits.tokens === null ? null : formatCount(limits.tokens)), width),
    ...labelled(
      '  tools',
      of(plural(state.toolCalls, 'call'), limits.toolCalls === null ? null : String(limits.toolCalls)),
      width,
    ),
    ...labelled('  time', of(formatClock(elapsed), seconds === null ? null : formatClock(seconds)), width),
  ];
}

function labelled(label: string, text: string, width: number, more: readonly string[] = []): Line[] {
  const rows = [text, ...more].flatMap((each) => wrappedLines(sanitize(each), Math.max(10, width - LABEL), FG));
  return behind(span(label.padEnd(LABEL), DIM), rows);
}
