import { gradeWord } from '../../coordination/grades.ts';
import type { RunState } from '../../coordination/state.ts';
import { reportRun, type RunReport } from '../../sessions/run-report.ts';
import { numberOf, type RunStore } from '../store/run-store.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { formatClock, formatCost, formatCount, formatDuration, plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { inputFileTexts } from './input-files.ts';
import { nameSpan } from './names.ts';
import { keyWord } from './key-of.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const HEAD = style('heading', ['bold']);
const LABEL = 15;

/** Where Enter leads from a row. */
export interface InspectJump {
  view: 'answers' | 'ballots' | 'final' | 'panes';
  /** Index of the answer or ballot in its list, or of the agent in the panes. */
  index: number;
}

interface Entry {
  line: Line;
  title: string;
  detail: (width: number) => Line[];
  jump: InspectJump | null;
}

const REPORTS = new WeakMap<RunStore, { length: number; report: RunReport | null }>();

/** What `massgen inspect` tells, made once for what is known of the run. */
function reportOf(run: RunStore): RunReport | null {
  const known = REPORTS.get(run);
  if (known?.length === run.events.length) return known.report;
  const report = reportRun(run.events);
  REPORTS.set(run, { length: run.events.length, report });
  return report;
}

/** The whole run on one page: its figures, its agents, and who did what, each with a way to the screen that has all of it. */
export function inspectPage(model: Model, state: RunState): BrowserPage {
  const entries = entriesOf(model, state);
  return {
    title: 'inspect',
    count: entries.length,
    empty: 'nothing has happened yet',
    start: 0,
    row: (index) => entries[index]?.line ?? [],
    detailTitle: (index) => {
      const entry = entries[index];
      return entry ? `${entry.title}${entry.jump ? `, ${keyWord(model, 'inspect-open')} opens` : ''}` : '';
    },
    detail: (index, width) => entries[index]?.detail(Math.min(width, 110)) ?? [],
  };
}

/** Where Enter leads from the picked row; null where there is no more to see. Pure. */
export function inspectJump(model: Model, state: RunState): InspectJump | null {
  const entries = entriesOf(model, state);
  return entries[Math.min(model.browse.inspect.pick ?? 0, entries.length - 1)]?.jump ?? null;
}

function entriesOf(model: Model, state: RunState): Entry[] {
  const report = model.run && reportOf(model.run);
  if (!report) return [];
  return [
    {
      line: [span('overview', HEAD)],
      title: 'overview',
      jump: null,
      detail: (width) => overview(model, report, width),
    },
    { line: [span('figures', HEAD)], title: 'figures', jump: null, detail: (width) => figures(report, width) },
    ...report.agents
      .toSorted((a, b) => numberOf(a.alias) - numberOf(b.alias))
      .map((agent) => agentEntry(model, state, report, agent)),
    ...deeds(model, state, report),
  ];
}

function agentEntry(model: Model, state: RunState, report: RunReport, agent: RunReport['agents'][number]): Entry {
  const panes = model.run?.panes ?? [];
  const turns = report.turns.filter((turn) => turn.alias === agent.alias);
  return {
    line: [
      nameSpan(state, agent.alias, ['bold']),
      span(`  ${sanitizeLine(agent.model)}`, DIM),
      span(agent.standing === 'active' ? '' : `  ${agent.standing}`, style('warn')),
    ],
    title: `${numberOf(agent.alias)} ${sanitizeLine(agent.id)}`,
    jump: { view: 'panes', index: Math.max(0, panes.indexOf(agent.alias)) },
    detail: (width) => [
      ...rows(width, [
        ['model', `${agent.type} ${agent.model}`],
        ['answers', String(agent.answers)],
        ['requests', `${agent.requests} in ${plural(agent.turns, 'turn')}`],
        ['tokens', `${formatCount(agent.tokens)}, ${formatCost(agent.cost)}`],
        ...(agent.trouble === null ? [] : ([[agent.standing, agent.trouble]] as [string, string][])),
      ]),
      [],
      ...turns.map((turn): Line => [
        span(`${formatClock(turn.startMs)} `, DIM),
        span(turn.kind.padEnd(10), FG),
        span(turn.endMs === null ? 'open' : formatDuration(turn.endMs - turn.startMs).padEnd(12), DIM),
        span(turn.outcome ?? '', turn.outcome === 'failed' ? style('err') : FG),
      ]),
    ],
  };
}

/** Answers, ballots, the decision and all else that was done, in the order in which it came. */
function deeds(model: Model, state: RunState, report: RunReport): Entry[] {
  const { answers, ballots, deeds: others, unfinished, winner, final, statistics } = report;
  const at = (ms: number, word: string): Line => [span(`${formatClock(ms)} `, DIM), span(`${word.padEnd(7)} `, HEAD)];
  const all: (Entry & { atMs: number })[] = [
    ...answers.map((answer, index) => ({
      atMs: answer.atMs,
      line: [
        ...at(answer.atMs, 'ANSWER'),
        span(`${answer.label} `, FG),
        span(answer.isWinner ? `${model.glyphs.star} winner` : answer.isCurrent ? '' : 'replaced', DIM),
        ...(answer.grade
          ? [span(`  ${gradeWord(answer.grade)}`, style(answer.grade.score === 1 ? 'ok' : 'warn'))]
          : []),
      ],
      title: `${answer.label} of ${sanitizeLine(answer.id)}`,
      jump: { view: 'answers' as const, index },
      detail: (width: number) => text(answer.text, width),
    })),
    ...ballots.map((ballot, index) => ({
      atMs: ballot.atMs,
      line: [
        ...at(ballot.atMs, 'VOTE'),
        nameSpan(state, ballot.voter),
        span(` ${model.glyphs.arrow} ${ballot.choice}`, ballot.voidedBy === null ? FG : DIM),
        span(ballot.voidedBy === null ? '' : '  void', style('warn')),
      ],
      title: `ballot of ${sanitizeLine(ballot.voterId)}`,
      // The list of ballots begins with the result.
      jump: { view: 'ballots' as const, index: index + 1 },
      detail: (width: number) => [
        ...rows(width, [
          ['for', `${ballot.choice} of ${ballot.choiceId ?? '?'}${ballot.isSelfVote ? ', its own' : ''}`],
          ['ranking', ballot.ranking.join(' > ') || 'only its choice'],
          ['has seen', ballot.view.join(', ')],
          ...(ballot.voidedBy === null ? [] : ([['void since', ballot.voidedBy]] as [string, string][])),
        ]),
        [],
        ...text(ballot.reason, width),
      ],
    })),
    ...others.map((deed) => ({
      atMs: deed.atMs,
      line: [...at(deed.atMs, WORDS[deed.what]), span(`${deed.by} ${sanitizeLine(deed.text)}`, FG)],
      title: `${deed.what} by ${deed.by}`,
      jump: null,
      detail: (width: number) => text(`${deed.by} ${deed.text}`, width),
    })),
    ...unfinished.map((cut) => ({
      atMs: cut.startMs,
      line: [
        ...at(cut.startMs, 'CUT OFF'),
        nameSpan(state, cut.alias),
        span(` ${cut.kind}, not complete`, style('warn')),
      ],
      title: `${cut.kind} of ${sanitizeLine(cut.id)}, cut off: not complete`,
      jump: { view: 'panes' as const, index: Math.max(0, (model.run?.panes ?? []).indexOf(cut.alias)) },
      detail: (width: number) => text(cut.text, width),
    })),
  ];
  if (winner) {
    const tie = winner.tie ? ` A tie of ${winner.tie.labels.join(', ')} was decided by ${winner.tie.decidedBy}.` : '';
    all.push({
      atMs: statistics.consensus?.afterMs ?? 0,
      line: [...at(statistics.consensus?.afterMs ?? 0, 'WINNER'), span(winner.label, style('ok', ['bold']))],
      title: 'decision',
      jump: { view: 'ballots', index: 0 },
      detail: (width) =>
        text(`${winner.label} of ${winner.id ?? '?'} by ${winner.rule}: ${winner.reason}.${tie}`, width),
    });
  }
  if (final) {
    const source = final.source === 'presenter' ? 'Written by the winner.' : 'The winning answer as it was handed in.';
    all.push({
      atMs: statistics.finalAnswer?.afterMs ?? 0,
      line: [...at(statistics.finalAnswer?.afterMs ?? 0, 'FINAL'), span('final answer', FG)],
      title: 'final answer',
      jump: { view: 'final', index: 0 },
      detail: (width) => [[span(sanitizeLine(final.notice ?? source), DIM)], [], ...text(final.text, width)],
    });
  }
  return all.toSorted((a, b) => a.atMs - b.atMs);
}

/** What deeds are called in the list. */
const WORDS: Readonly<Record<RunReport['deeds'][number]['what'], string>> = {
  message: 'TOLD',
  veto: 'VETO',
  override: 'CHOICE',
  'answer-now': 'NOW',
  cancel: 'CANCEL',
  resume: 'RESUMED',
  restart: 'ANEW',
  limit: 'LIMIT',
};

function overview(model: Model, report: RunReport, width: number): Line[] {
  const files = inputFileTexts(model.run);
  const { run, question, team, startedAt, outcome, reason, statistics: s } = report;
  return [
    ...rows(width, [
      ['run', run],
      ['began', `${new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`],
      ['team', team],
      ['outcome', outcome === null ? 'not over' : `${outcome}: ${reason ?? ''}`],
      ['took', `${formatDuration(s.durationMs)}, ${formatCount(s.tokens)} tokens, ${formatCost(s.cost)}`],
    ]),
    [],
    [span('question', HEAD)],
    ...text(question, width),
    ...(files.length > 0 ? [[], [span('files', HEAD)], ...text(files.join('\n'), width)] : []),
  ];
}

function figures({ statistics: s }: RunReport, width: number): Line[] {
  const { agreement } = s;
  const share = s.tokens === 0 ? 0 : Math.round((100 * s.wastedTokens) / s.tokens);
  const point = (at: RunReport['statistics']['consensus']): string =>
    at ? `after ${formatDuration(at.afterMs)}, ${formatCount(at.tokens)} tokens, ${formatCost(at.cost)}` : 'never';
  const figure = (value: number | null): string => (value === null ? 'not defined' : value.toFixed(2));
  return rows(width, [
    ['duration', formatDuration(s.durationMs)],
    ['tokens', `${formatCount(s.tokens)}, ${formatCost(s.cost)}`],
    ['wasted', `${formatCount(s.wastedTokens)} tokens (${share} %)`],
    ['answers', `${s.answers}, ${plural(s.revisions, 'revision')} among them`],
    ['ballots', `${s.ballots}, ${s.voidBallots} of them void`],
    ['refused', `${plural(s.refusedCalls, 'workflow call')}, ${plural(s.failedRequests, 'failed request')}`],
    ...(agreement
      ? ([
          [
            'self-votes',
            agreement.selfVoteRate === null ? 'not defined' : `${Math.round(agreement.selfVoteRate * 100)} %`,
          ],
          ['kappa', `${figure(agreement.firstChoiceKappa)}: agreement of first choices, 1 is unanimous and 0 chance`],
          ['W', `${figure(agreement.rankingConcordance)}: agreement of rankings, 1 is identical and 0 unrelated`],
          ['margin', `${figure(agreement.margin)}${s.tieBrokenBy === null ? '' : `, tie broken by ${s.tieBrokenBy}`}`],
        ] as [string, string][])
      : []),
    ['first answer', point(s.firstAnswer)],
    ['consensus', point(s.consensus)],
    ['final answer', point(s.finalAnswer)],
  ]);
}

function rows(width: number, facts: readonly (readonly [string, string])[]): Line[] {
  return facts.flatMap(([label, value]) =>
    behind(span(label.padEnd(LABEL), DIM), wrappedLines(sanitizeLine(value), Math.max(10, width - LABEL), FG)),
  );
}

function text(value: string, width: number, id: StyleId = FG): Line[] {
  return wrappedLines(sanitize(value).trimEnd(), width, id);
}
