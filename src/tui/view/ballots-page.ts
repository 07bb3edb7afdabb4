import type { Ballot, RunState } from '../../coordination/state.ts';
import { agentsOf, countingBallots, elapsedMs } from '../../coordination/views.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { formatClock, plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { nameSpan, nameText } from './names.ts';
import { voteLines } from './timeline-view.ts';
import { behind, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const WARN = style('warn');

/** The result under the rule first, then every ballot that was ever cast, void ones marked. */
export function ballotsPage(model: Model, state: RunState): BrowserPage {
  const counting = new Set(countingBallots(state).map((ballot) => ballot.id));
  const { ballots } = state;
  return {
    title: plural(ballots.length, 'ballot'),
    count: ballots.length + 1,
    empty: '',
    start: 0,
    row: (index) => {
      const ballot = ballots[index - 1];
      if (!ballot) return [span('result', style('heading', ['bold'])), span(`  ${state.winner?.label ?? 'open'}`, FG)];
      const isVoid = !counting.has(ballot.id);
      return [
        span(`${formatClock(elapsedMs(state, ballot.at))} `, DIM),
        nameSpan(state, ballot.voter, ['bold']),
        span(` ${model.glyphs.arrow} ${ballot.choice}`, isVoid ? DIM : FG),
        span(isVoid ? '  void' : '', WARN),
      ];
    },
    detailTitle: (index) => {
      const ballot = ballots[index - 1];
      return ballot ? `ballot of ${nameText(state, ballot.voter)}` : `result by ${state.settings.votingRule}`;
    },
    detail: (index, width) => {
      const ballot = ballots[index - 1];
      const room = Math.min(width, 90);
      return ballot ? ballotLines(state, ballot, counting.has(ballot.id), room) : resultLines(model, state, room);
    },
  };
}

function ballotLines(state: RunState, ballot: Ballot, isCounting: boolean, width: number): Line[] {
  const lines: Line[] = [];
  const row = (label: string, text: string, id: StyleId = FG): void => {
    lines.push(...behind(span(label.padEnd(10), DIM), wrappedLines(text, width - 10, id)));
  };
  row('for', ballot.choice + (isOwn(state, ballot) ? ', its own answer' : ''));
  row('ranking', ballot.ranking.join(' > ') || 'only its choice');
  row('has seen', ballot.view.join(', '));
  if (isCounting) row('counts', 'yes', style('ok'));
  else row('counts', `no: ${voidReason(state, ballot)}`, WARN);
  lines.push([]);
  row('reason', sanitizeLine(ballot.reason) || 'none given');
  return lines;
}

function isOwn(state: RunState, ballot: Ballot): boolean {
  return state.agents[ballot.voter]?.answers.some((answer) => answer.label === ballot.choice) ?? false;
}

function voidReason(state: RunState, ballot: Ballot): string {
  if (ballot.voidedBy !== null && Object.hasOwn(state.vetoes, ballot.voidedBy)) return `you vetoed ${ballot.voidedBy}`;
  if (ballot.voidedBy !== null) return `${ballot.voidedBy} came later`;
  return 'a later ballot of the same voter took its place';
}

function resultLines(model: Model, state: RunState, width: number): Line[] {
  const { winner } = state;
  const lines: Line[] = [];
  const say = (text: string, id: StyleId = FG): void => {
    lines.push(...wrappedLines(text, width, id));
  };
  if (!winner) say(undecided(state), DIM);
  else {
    say(`${winner.label} wins${ruleText(winner.rule)}.`, style('ok', ['bold']));
    if (winner.reason !== '') say(sanitizeLine(winner.reason));
    // Most reasons tell of the tie themselves.
    if (winner.tie && !/\btied?\b/.test(winner.reason))
      say(`Tie of ${winner.tie.labels.join(', ')}: ${winner.tie.decidedBy.replaceAll('-', ' ')} decided.`, WARN);
  }
  lines.push([], ...voteLines(state, Math.min(width, 60), model.glyphs));
  if (winner && winner.scores.length > 0) {
    lines.push([], [span('score under the rule', DIM)]);
    const size = Math.max(...winner.scores.map((score) => score.label.length));
    for (const { label, score, firstChoices } of winner.scores) {
      const points = Number.isInteger(score) ? String(score) : score.toFixed(2);
      lines.push([
        span(label.padEnd(size + 2), FG),
        span(points.padStart(6), FG),
        span(`  ${plural(firstChoices, 'first choice')}`, DIM),
      ]);
    }
  }
  return lines;
}

function undecided(state: RunState): string {
  const what = state.end ? 'Nothing was decided.' : 'Nothing is decided yet.';
  if (agentsOf(state).every((agent) => agent.answers.length === 0)) return `${what} There is no answer yet.`;
  return `${what} These are the votes that count now:`;
}

function ruleText(rule: string): string {
  if (rule === 'only-answer') return ', the only answer';
  if (rule === 'division') return ', putting the parts together';
  if (rule === 'fallback') return ' as a fallback, no vote decided';
  return rule === 'override' ? ', as you chose' : ` by ${rule}`;
}
