import type { Alias } from '../../events/event.ts';
import { agentOf, hasCountingBallot, latestAnswer, statusOf } from '../../coordination/views.ts';
import type { AgentStatus, RunState } from '../../coordination/state.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { Glyphs } from './glyphs.ts';

const STYLES: Record<AgentStatus, StyleId> = {
  waiting: style('dim'),
  streaming: style('accent'),
  tool: style('info'),
  retrying: style('warn'),
  answered: style('ok'),
  voted: style('ok'),
  failed: style('err'),
  abstained: style('warn'),
  completed: style('ok'),
};

/** What an agent is doing: a sign, a word and a colour, so that none of them is needed alone. */
export function describeStatus(
  state: RunState,
  alias: Alias,
  now: number,
  glyphs: Glyphs,
  /** Why the next model call waits. */
  wait?: string,
): { sign: string; word: string; style: StyleId } {
  const asks = asksFor(state, alias);
  if (asks !== null) return { sign: '!', word: asks, style: style('warn', ['bold']) };
  const status = statusOf(state, alias);
  const sign = glyphs.status[status];
  if (status === 'completed' && isStopped(state, alias)) return { sign, word: 'stopped', style: style('dim') };
  return { sign, word: wordOf(state, alias, status, now, glyphs, wait), style: STYLES[status] };
}

/** What the agent waits for, where that is the user. */
function asksFor(state: RunState, alias: Alias): string | null {
  if (state.end) return null;
  if (state.approvals.some((each) => each.alias === alias)) return 'asks leave';
  const isAsking = state.questions.some((each) => each.alias === alias && each.waitsFor.includes('user'));
  if (isAsking) return 'asks you';
  const asked = state.questions.find((each) => each.alias === alias)?.waitsFor;
  return asked ? `asks ${asked.join(', ')}` : null;
}

/** A call that has to wait is no new try. */
function retryWord(seconds: number, wait: string | undefined): string {
  return wait === undefined ? `retry in ${seconds} s` : `${wait}, ${seconds} s`;
}

/** The run ended without an answer, and the agent had more to do. */
function isStopped(state: RunState, alias: Alias): boolean {
  return state.end?.outcome !== 'answered' && !state.winner && !hasCountingBallot(agentOf(state, alias));
}

function wordOf(
  state: RunState,
  alias: Alias,
  status: AgentStatus,
  now: number,
  glyphs: Glyphs,
  wait: string | undefined,
): string {
  const agent = agentOf(state, alias);
  switch (status) {
    case 'streaming':
      return agent.turn?.kind === 'judge' ? 'judging' : agent.turn?.kind === 'present' ? 'presenting' : 'writing';
    case 'tool': {
      const [name = ''] = Object.values(agent.turn?.tools ?? {});
      return `tool ${sanitizeLine(name)}`;
    }
    case 'retrying':
      return retryWord(Math.max(0, Math.ceil(((agent.turn?.retryAt ?? now) - now) / 1000)), wait);
    case 'voted':
      return `voted${glyphs.arrow}${agent.ballot?.choice ?? ''}`;
    case 'answered':
      return `answered ${latestAnswer(agent)?.label ?? ''}`.trim();
    case 'completed':
      return state.winner && latestAnswer(agent)?.label === state.winner.label ? 'winner' : 'done';
    case 'waiting':
    case 'failed':
    case 'abstained':
      return status;
  }
}
