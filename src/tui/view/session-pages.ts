import { addCost, type Cost } from '../../events/usage.ts';
import { titleOf, type SessionChoice, type TurnChoice } from '../sessions.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { formatCost, plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { keyWord } from './key-of.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const HEAD = style('heading', ['bold']);
/** Rows that the list of sessions gives to answers: a session of few questions shows more of each. */
const PREVIEW_ROWS = { all: 24, least: 4 } as const;

/** The sessions that all words of the filter stand in somewhere: title, questions, answers. Pure. */
export function shownSessions({ sessions }: Pick<Model, 'sessions'>): readonly SessionChoice[] {
  if (!sessions) return [];
  const words = sessions.filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return sessions.list;
  return sessions.list.filter((session) => {
    const texts = session.turns.map(({ question, answer }) => `${question} ${answer ?? ''}`);
    const text = `${session.id} ${session.name ?? ''} ${session.cwd} ${texts.join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Sessions, with their questions and the beginnings of their answers. */
export function sessionsPage(model: Model): BrowserPage {
  const shown = shownSessions(model);
  const filter = model.sessions?.filter ?? '';
  const count = model.sessions?.list.length ?? 0;
  return {
    title: filter === '' ? plural(count, 'session') : `${shown.length} of ${count}, filter "${sanitizeLine(filter)}"`,
    count: shown.length,
    empty: filter === '' ? 'no session yet' : `no session fits: ${keyWord(model, 'leave-list')} takes the filter away`,
    start: Math.max(
      0,
      shown.findIndex(({ isCurrent }) => isCurrent),
    ),
    row: (index) => {
      const session = shown[index];
      if (!session) return [];
      return [
        span(session.isCurrent ? `${model.glyphs.star} ` : '  ', style('ok', ['bold'])),
        span(`${session.when.slice(5)} `, DIM),
        span(`${session.turns.length} `, style('accent')),
        span(sanitizeLine(titleOf(session)), session.isHere ? FG : DIM),
        span(troubleOf(session), style('warn')),
      ];
    },
    detailTitle: (index) => sanitizeLine(shown[index] ? titleOf(shown[index]) : ''),
    detail: (index, width) => {
      const session = shown[index];
      return session ? sessionLines(session, Math.min(width, 110), model) : [];
    },
  };
}

/** How the last question ended, where it has no answer. */
function troubleOf({ turns }: SessionChoice): string {
  const outcome = turns.at(-1)?.outcome ?? 'answered';
  return outcome === 'answered' ? '' : `  ${outcome}`;
}

function sessionLines(session: SessionChoice, width: number, model: Model): Line[] {
  const { turns, parent, cwd, isHere, isCurrent } = session;
  const cost = turns.reduce<Cost | null>((sum, turn) => addBoth(sum, turn.cost), null);
  const facts = [
    plural(turns.length, 'turn'),
    cost === null ? '' : formatCost(cost),
    `last used ${session.when} UTC`,
    isCurrent ? 'your next question belongs to it' : '',
    parent === null ? '' : `branch of ${parent}`,
  ].filter(Boolean);
  const lines: Line[] = [[span(sanitizeLine(session.id), DIM)]];
  lines.push(...wrappedLines(sanitizeLine(facts.join(', ')), width, DIM));
  if (!isHere) lines.push([span(sanitizeLine(cwd), style('warn'))]);
  const most = Math.max(PREVIEW_ROWS.least, Math.floor(PREVIEW_ROWS.all / Math.max(1, turns.length)));
  turns.forEach((turn, i) => {
    lines.push([], ...questionLines(turn, i, width));
    const rows = answerRows(model, turn, width - 2);
    // A sign in place of a single row would save nothing.
    const shown = rows.length > most + 1 ? most : rows.length;
    for (const row of rows.slice(0, shown)) lines.push([span('  ', FG), ...row]);
    if (rows.length > shown) {
      lines.push([span(`  ${model.glyphs.cut} ${plural(rows.length - shown, 'more line')}`, DIM)]);
    }
  });
  return lines;
}

/** The questions of one session; the whole answer of the picked one. */
export function turnsPage(model: Model): BrowserPage {
  const { session } = model.turns ?? { session: null };
  const turns = session?.turns ?? [];
  return {
    title: plural(turns.length, 'question'),
    count: turns.length,
    empty: 'no question yet',
    start: Math.max(0, turns.length - 1),
    row: (index) => {
      const turn = turns[index];
      if (!turn) return [];
      return [
        span(`${String(index + 1).padStart(2)} `, style('accent')),
        span(`${turn.when.slice(5)} `, DIM),
        span(sanitizeLine(turn.question), FG),
        span(turn.outcome === 'answered' ? '' : `  ${turn.outcome}`, style('warn')),
      ];
    },
    detailTitle: (index) => (turns[index] ? `question ${index + 1}, ${keyWord(model, 'open-turn')} opens its run` : ''),
    detail: (index, width) => {
      const turn = turns[index];
      return turn ? turnLines(model, turn, index, Math.min(width, 110)) : [];
    },
  };
}

function turnLines(model: Model, turn: TurnChoice, index: number, width: number): Line[] {
  const left = turn.left.flatMap(({ title, text, isUnfinished }): Line[] => [
    [],
    [span(sanitizeLine(title), HEAD), span(isUnfinished ? '  cut off: not complete' : '', style('warn'))],
    ...wrappedLines(sanitize(text).trimEnd(), width, isUnfinished ? DIM : FG),
  ]);
  return [
    ...questionLines(turn, index, width),
    ...(turn.answer === null ? left : [[], ...answerRows(model, turn, width)]),
  ];
}

/** The answer as it was meant to look. */
function answerRows({ renderMarkdown: render, glyphs, cache }: Model, turn: TurnChoice, width: number): Line[] {
  const answer = (turn.answer ?? '').trim();
  const key = ['turn', turn.dir, width, cache.idOf(render), glyphs.rule].join(' ');
  return cache.document(key, () =>
    render ? render(answer, width, glyphs) : wrappedLines(sanitize(answer), width, FG),
  );
}

function questionLines({ question, outcome, cost, when }: TurnChoice, index: number, width: number): Line[] {
  const rows = wrappedLines(`${index + 1}. ${sanitize(question).trim()}`, width, HEAD);
  const isGood = outcome === 'answered';
  return [
    ...rows,
    [
      span(outcome, style(isGood ? 'ok' : 'warn')),
      span(`  ${when}${cost === null ? '' : `  ${formatCost(cost)}`}`, DIM),
    ],
  ];
}

function addBoth(a: Cost | null, b: Cost | null): Cost | null {
  if (a === null || b === null) return a ?? b;
  const sum = addCost(a, b.usd);
  return b.isComplete ? sum : { ...sum, isComplete: false };
}
