import { codeFence } from '../../events/code-fence.ts';
import type { RunReport } from '../../sessions/run-report.ts';
import { count, money, seconds } from '../figures.ts';
import { oneLine, plainText } from '../plain-text.ts';
import { answerMarks, valueWords } from './answer-words.ts';
import { askedLines, planLines, subagentLines } from './asked-lines.ts';
import { deedLines } from './deed-lines.ts';
import { historyLines } from './history-lines.ts';
import { branchLine, titleOf, turnsOf, type ExportedConversation, type MissingTurn } from './export.ts';

/** The conversation as Markdown. Texts of people and models stand in fenced blocks, to the letter, and cannot end them. */
export function exportMarkdown(conversation: ExportedConversation): string {
  const turns = turnsOf(conversation);
  const branch = branchLine(conversation);
  const heading = [`# ${inline(titleOf(conversation))}`, ...(branch === null ? [] : [inline(branch)])];
  const parts = [
    ...heading,
    ...turns.flatMap((each, i) => ('turn' in each ? missingPart(each) : runPart(each, i, turns.length))),
  ];
  return `${parts.join('\n\n')}\n`;
}

function missingPart({ turn, run, reason }: MissingTurn): string[] {
  return [`## Turn ${turn}`, `The run ${inline(run)} cannot be shown. ${inline(reason)}`];
}

function runPart(run: RunReport, index: number, runs: number): string[] {
  const { statistics: s, winner, final } = run;
  const head = runs > 1 ? `Turn ${index + 1}: ${inline(run.question)}` : 'Question';
  const agents = run.agents.map(({ id, model }) => `${inline(id)} (${inline(model)})`).join(', ');
  const time = new Date(run.startedAt).toISOString().slice(0, 19).replace('T', ' ');
  return [
    `## ${head}`,
    block(run.question),
    `${time} UTC, ${seconds(s.durationMs)}, ${count(s.tokens, 'token')}, ${money(s.cost)}. Agents: ${agents}.`,
    ...historyLines(run),
    '### Final answer',
    ...(final ? finalPart(final) : [whyNone(run)]),
    ...valueWords(run).map(inline),
    ...(winner
      ? [`Winner: ${winner.label} of ${inline(winner.id ?? '?')} by ${winner.rule}. ${inline(winner.reason)}`]
      : []),
    ...(run.ballots.length > 0 ? ['### Ballots', ballotTable(run)] : []),
    ...listPart('### What else happened', deedLines(run)),
    ...listPart('### Questions of agents', askedLines(run)),
    ...listPart('### Plans', planLines(run)),
    ...listPart('### Subagents', subagentLines(run)),
    ...(run.answers.length > 0 ? ['### Answers'] : []),
    ...run.answers.flatMap((answer) => {
      const { label, id, atMs, text } = answer;
      const head = [`${label} of ${inline(id)}`, `after ${seconds(atMs)}`, ...answerMarks(answer)];
      return [`#### ${head.join(', ')}`, block(text)];
    }),
    ...(run.unfinished.length > 0 ? ['### Not finished'] : []),
    ...run.unfinished.flatMap(({ id, kind, text }) => [
      `#### ${inline(id)} (${kind}), cut off: the text is not complete`,
      block(text),
    ]),
  ];
}

function listPart(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, block(lines.join('\n'))];
}

function finalPart({ notice, text }: NonNullable<RunReport['final']>): string[] {
  return notice === null ? [block(text)] : [inline(notice), block(text)];
}

function whyNone({ outcome, reason }: RunReport): string {
  const why = outcome === null ? 'The run is not over.' : `The run ended as ${outcome}: ${inline(reason ?? '')}`;
  return `There is none. ${why}`;
}

function ballotTable({ ballots }: RunReport): string {
  const rows = ballots.map(({ atMs, voterId, choice, choiceId, reason, voidedBy }) => {
    const fate = voidedBy === null ? 'counts' : `void since ${voidedBy}`;
    return `| ${seconds(atMs)} | ${inline(voterId)} | ${choice} of ${inline(choiceId ?? '?')} | ${inline(reason)} | ${fate} |`;
  });
  return ['| after | voter | for | reason | |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Text on one line in which nothing is Markdown or HTML. */
function inline(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>#|~&!]/g, '\\$&');
}

function block(text: string): string {
  const plain = plainText(text).trimEnd();
  const fence = codeFence(plain);
  return `${fence}text\n${plain}\n${fence}`;
}
