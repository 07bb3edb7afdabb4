import type { RunReport } from '../../sessions/run-report.ts';
import { count, money, seconds } from '../figures.ts';
import { escapeHtml } from '../escape-html.ts';
import { htmlPage } from '../html-page.ts';
import { answerMarks, valueWords } from './answer-words.ts';
import { askedLines, planLines, subagentLines } from './asked-lines.ts';
import { branchLine, titleOf, turnsOf, type ExportedConversation, type MissingTurn } from './export.ts';
import { deedLines } from './deed-lines.ts';
import { historyLines } from './history-lines.ts';
import { timelineSvg } from './timeline-svg.ts';

/** A run or a session as a page: questions, answers, ballots and a timeline. */
export function exportHtml(conversation: ExportedConversation): string {
  const turns = turnsOf(conversation);
  const sections = turns.map((each, index) =>
    'turn' in each ? missingSection(each) : runSection(each, turns.length > 1 ? index + 1 : null),
  );
  const branch = branchLine(conversation);
  const note = branch === null ? [] : [`<p class="note">${escapeHtml(branch)}</p>`];
  return htmlPage(titleOf(conversation), STYLE, [...note, ...sections].join('\n'));
}

function missingSection({ turn, run, reason }: MissingTurn): string {
  return `<section>
<h2>Turn ${turn}</h2>
<p class="note">The run ${escapeHtml(run)} cannot be shown. ${escapeHtml(reason)}</p>
</section>`;
}

function runSection(run: RunReport, turn: number | null): string {
  const { statistics: s, winner, final, outcome } = run;
  const time = new Date(run.startedAt).toISOString().slice(0, 19).replace('T', ' ');
  const figures = [
    `${time} UTC`,
    seconds(s.durationMs),
    count(s.tokens, 'token'),
    money(s.cost),
    outcome ?? 'not over',
  ].join(' · ');
  const end = final
    ? `${final.notice === null ? '' : `<p class="note">${escapeHtml(final.notice)}</p>`}<pre class="final">${escapeHtml(final.text)}</pre>`
    : `<p class="note">There is no final answer. ${escapeHtml(run.reason ?? '')}</p>`;
  const decision = winner
    ? `<p><b>${winner.label} of ${escapeHtml(winner.id ?? '?')}</b> wins by ${winner.rule}: ${escapeHtml(winner.reason)}</p>`
    : '';
  const value = valueWords(run).map((sentence) => `<p class="note">${escapeHtml(sentence)}</p>`);
  return `<section>
<h2>${turn === null ? 'Question' : `Turn ${turn}`}</h2>
<pre class="question">${escapeHtml(run.question)}</pre>
<p class="figures">${escapeHtml(figures)}</p>
${historyLines(run)
  .map((line) => `<p class="note">${escapeHtml(line)}</p>\n`)
  .join('')}<h3>Final answer</h3>
${end}
${value.join('')}
${decision}
<h3>Timeline</h3>
<figure>${timelineSvg(run)}<figcaption>${LEGEND}</figcaption></figure>
${run.ballots.length > 0 ? `<h3>Ballots</h3>\n${ballotTable(run)}` : ''}
${listPart('What else happened', deedLines(run))}${listPart('Questions of agents', askedLines(run))}${listPart('Plans', planLines(run))}${listPart('Subagents', subagentLines(run))}${run.answers.length + run.unfinished.length > 0 ? '<h3>Answers</h3>' : ''}
${run.answers.map(answerDetails).join('\n')}
${run.unfinished.map(unfinishedDetails).join('\n')}
<h3>Agents</h3>
${agentTable(run)}
</section>`;
}

function listPart(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<h3>${title}</h3>\n<pre>${escapeHtml(lines.join('\n'))}</pre>\n`;
}

function answerDetails(answer: RunReport['answers'][number]): string {
  const { label, id, atMs, text, isWinner } = answer;
  const head = [`${label} of ${escapeHtml(id)}`, `after ${seconds(atMs)}`, ...answerMarks(answer)].join(', ');
  return `<details${isWinner ? ' open' : ''}><summary>${head}</summary><pre>${escapeHtml(text)}</pre></details>`;
}

function unfinishedDetails({ id, kind, text }: RunReport['unfinished'][number]): string {
  return `<details class="unfinished"><summary>${escapeHtml(id)} (${kind}), cut off: the text is not complete</summary><pre>${escapeHtml(text)}</pre></details>`;
}

function ballotTable({ ballots }: RunReport): string {
  const rows = ballots.map(({ atMs, voterId, choice, choiceId, reason, voidedBy }) => {
    const fate = voidedBy === null ? 'counts' : `void since ${voidedBy}`;
    const cells = [seconds(atMs), voterId, `${choice} of ${choiceId ?? '?'}`, reason, fate];
    return `<tr${voidedBy === null ? '' : ' class="void"'}>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<table><tr><th>after</th><th>voter</th><th>for</th><th>reason</th><th></th></tr>\n${rows.join('\n')}\n</table>`;
}

function agentTable({ agents }: RunReport): string {
  const rows = agents.map((agent) => {
    const state = agent.standing === 'active' ? '' : `${agent.standing}: ${agent.trouble ?? ''}`;
    const cells = [
      agent.id,
      agent.model,
      count(agent.answers, 'answer'),
      count(agent.requests, 'request'),
      count(agent.tokens, 'token'),
      money(agent.cost),
      state,
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<table>\n${rows.join('\n')}\n</table>`;
}

const LEGEND =
  'Bars are turns: drafting, judging, presenting; a pale one was interrupted, cut off or failed. Circles are answers, the largest one won. Diamonds are votes; hollow ones are void. Dashed lines are what else happened.';

const STYLE = `
:root{color-scheme:light dark;--fg:#1c2024;--dim:#60646c;--bg:#fcfcfd;--box:#f0f0f3;--line:#d9d9e0;--draft:#3e63dd;--judge:#ab6400;--win:#18794e}
@media(prefers-color-scheme:dark){:root{--fg:#edeef0;--dim:#b0b4ba;--bg:#111113;--box:#212225;--line:#363a3f;--draft:#849dff;--judge:#ffca16;--win:#3dd68c}}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.5rem;overflow-wrap:anywhere}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}h3{margin:1.5rem 0 .5rem;font-size:1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--box);padding:.75rem 1rem;border-radius:6px;margin:.25rem 0;font:14px/1.5 ui-monospace,monospace}
pre.final{border-left:4px solid var(--win)}.figures,.note,figcaption{color:var(--dim);font-size:.875rem}
figure{margin:0}svg{width:100%;height:auto}.name{fill:var(--fg);font-size:15px}.time{fill:var(--dim);font-size:12px}.lane{stroke:var(--line)}
.turn{fill:var(--draft);opacity:.55}.turn.judge{fill:var(--judge)}.turn.present{fill:var(--win)}.turn.lost{opacity:.2}
.deed{stroke:var(--fg);stroke-dasharray:3 3;stroke-width:2;opacity:.6}
.answer{fill:var(--draft);stroke:var(--bg);stroke-width:2}.answer.winner{fill:var(--win)}.vote{fill:var(--judge);stroke:var(--bg)}.vote.void{fill:var(--bg);stroke:var(--judge)}
table{border-collapse:collapse;width:100%;font-size:.875rem}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}td:first-child{white-space:nowrap}
tr.void{color:var(--dim)}summary{cursor:pointer;padding:.25rem 0}
`;
