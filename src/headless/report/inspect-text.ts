import type { RunReport, Milestone } from '../../sessions/run-report.ts';
import { count, money, seconds } from '../figures.ts';
import { oneLine, plainText } from '../plain-text.ts';
import { answerMarks, valueWords } from './answer-words.ts';
import { askedLines, planLines, subagentLines } from './asked-lines.ts';
import { historyLines } from './history-lines.ts';

/** `massgen inspect`: what happened in a run, for people. Lines without escape sequences; ends with a line break. */
export function inspectText(report: RunReport): string {
  const sections = [
    headOf(report),
    section('Agents', agentLines(report)),
    section('Who did what', tableOf(report)),
    section('Questions of agents', askedLines(report)),
    section('Plans', planLines(report)),
    section('Subagents', subagentLines(report)),
    section('Answers', report.answers.flatMap(answerLines(report))),
    section('Not finished', unfinishedLines(report)),
    section('Final answer', finalLines(report)),
    section('Figures', figureLines(report)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}

function headOf(report: RunReport): string[] {
  const { run, question, team, startedAt, outcome, reason } = report;
  const lines = [
    `Run       ${oneLine(run)}, ${new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    `Question  ${oneLine(question)}`,
    `Team      ${oneLine(team)}`,
    ...historyLines(report).map((line) => `          ${line}`),
  ];
  if (outcome === null) return [...lines, `Outcome   not over; go on with: massgen resume ${oneLine(run)}`];
  return [...lines, `Outcome   ${outcome}: ${oneLine(reason ?? '')}`];
}

function agentLines({ agents }: RunReport): string[] {
  return align(
    agents.map((agent) => [
      oneLine(agent.id),
      agent.alias,
      oneLine(agent.model),
      count(agent.answers, 'answer'),
      count(agent.requests, 'request'),
      count(agent.tokens, 'token'),
      money(agent.cost),
      agent.standing === 'active' ? '' : `${agent.standing}: ${oneLine(agent.trouble ?? '')}`,
    ]),
  );
}

/** Answers, ballots, what else was done and the decision in the order in which they came. */
function tableOf({ answers, ballots, deeds, winner, statistics }: RunReport): string[] {
  const rows: { atMs: number; cells: string[] }[] = [
    ...answers.map((answer) => ({
      atMs: answer.atMs,
      cells: [oneLine(answer.id), `hands in ${answer.label}${answer.isCut ? ' (cut off)' : ''}`],
    })),
    ...ballots.map((ballot) => {
      const self = ballot.isSelfVote ? ' (its own)' : '';
      const fate = ballot.voidedBy === null ? '' : ` [void since ${ballot.voidedBy}]`;
      const what = `votes for ${ballot.choice} of ${oneLine(ballot.choiceId ?? '?')}${self}${fate}`;
      const why = ballot.reason === '' ? '' : `: ${oneLine(ballot.reason)}`;
      return { atMs: ballot.atMs, cells: [oneLine(ballot.voterId), `${what}${why}`] };
    }),
    ...deeds.map(({ atMs, by, text }) => ({ atMs, cells: [by, oneLine(text)] })),
  ];
  const sorted = rows.toSorted((a, b) => a.atMs - b.atMs);
  if (winner) {
    const tie = winner.tie ? ` A tie of ${winner.tie.labels.join(', ')} was decided by ${winner.tie.decidedBy}.` : '';
    const what = `${winner.label} of ${oneLine(winner.id ?? '?')} wins by ${winner.rule}: ${oneLine(winner.reason)}${tie}`;
    const atMs = statistics.consensus?.afterMs ?? 0;
    // What came after the decision, such as a cancel of its presentation, stays after it.
    const later = sorted.findIndex((row) => row.atMs > atMs);
    sorted.splice(later < 0 ? sorted.length : later, 0, { atMs, cells: ['run', what] });
  }
  return align(sorted.map(({ atMs, cells }) => [seconds(atMs), ...cells]));
}

function answerLines(report: RunReport): (answer: RunReport['answers'][number]) => string[] {
  const last = report.answers.at(-1);
  return (answer) => {
    const marks = answerMarks(answer).join(', ');
    const head = `${answer.label} of ${oneLine(answer.id)}${marks && ` (${marks})`}`;
    const text = indent(answer.text);
    return answer === last ? [head, ...text] : [head, ...text, ''];
  };
}

/** What was cut off in the middle, marked as such. */
function unfinishedLines({ unfinished }: RunReport): string[] {
  return unfinished.flatMap(({ id, kind, text }, index) => [
    `${oneLine(id)} (${kind}), cut off: the text is not complete`,
    ...indent(text),
    ...(index < unfinished.length - 1 ? [''] : []),
  ]);
}

function finalLines({ final, rating, grade }: RunReport): string[] {
  if (!final) return [];
  const source = final.source === 'presenter' ? 'Written by the winner.' : 'The winning answer as it was handed in.';
  const told = valueWords({ rating, grade });
  return [final.notice === null ? source : oneLine(final.notice), ...told, ...indent(final.text)];
}

function figureLines({ statistics: s }: RunReport): string[] {
  const { agreement } = s;
  const rows: [string, string][] = [
    ['duration', seconds(s.durationMs)],
    ['tokens', `${count(s.tokens, 'token')}, ${money(s.cost)}`],
    ['wasted', `${count(s.wastedTokens, 'token')} (${percent(s.tokens === 0 ? 0 : s.wastedTokens / s.tokens)})`],
    ['answers', `${s.answers}, ${count(s.revisions, 'revision')} among them`],
    ['ballots', `${s.ballots}, ${s.voidBallots} of them void`],
    ['refused', `${count(s.refusedCalls, 'workflow call')}, ${count(s.failedRequests, 'failed request')}`],
  ];
  if (agreement) {
    rows.push(
      ['self-votes', agreement.selfVoteRate === null ? 'not defined' : percent(agreement.selfVoteRate)],
      ['kappa', `${figure(agreement.firstChoiceKappa)} (agreement of first choices; 1 unanimous, 0 chance)`],
      ['W', `${figure(agreement.rankingConcordance)} (agreement of rankings; 1 identical, 0 unrelated)`],
      ['margin', `${figure(agreement.margin)}${s.tieBrokenBy === null ? '' : `, tie broken by ${s.tieBrokenBy}`}`],
    );
  }
  rows.push(
    ['first answer', milestone(s.firstAnswer)],
    ['consensus', milestone(s.consensus)],
    ['final answer', milestone(s.finalAnswer)],
  );
  return align(rows);
}

function milestone(point: Milestone | null): string {
  return point ? `after ${seconds(point.afterMs)}, ${count(point.tokens, 'token')}, ${money(point.cost)}` : 'never';
}

function figure(value: number | null): string {
  return value === null ? 'not defined' : String(Math.round(value * 1000) / 1000);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function indent(text: string): string[] {
  return plainText(text)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd());
}

/** Columns of equal width; the last one is as long as it is. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
