import { limitText } from '../../coordination/budget.ts';
import { leftText } from '../../coordination/actions.ts';
import { hookText } from '../../coordination/hooks.ts';
import type { Alias, RunEvent } from '../../events/event.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import type { Tone } from './blocks.ts';

/** One line of the coordination timeline. */
export interface TimelineEntry {
  /** Milliseconds since the run began. */
  atMs: number;
  /** Number of the event. */
  seq: number;
  /** At most 8 letters. */
  word: string;
  tone: Tone;
  /** Null for the run as a whole. */
  alias: Alias | null;
  text: string;
  /** The same for narrow places; absent where the text is short anyway. */
  brief?: string;
}

/** What this event adds to the timeline, `atMs` into the run; null for the many that add nothing. Pure. */
export function timelineEntry(event: RunEvent, atMs: number): TimelineEntry | null {
  const made = describe(event);
  if (!made) return null;
  const [word, tone, text, brief] = made;
  return {
    atMs,
    seq: event.seq,
    word,
    tone,
    alias: event.agent ?? null,
    text: sanitizeLine(text),
    ...(brief !== undefined && { brief: sanitizeLine(brief) }),
  };
}

function count(answers: number): string {
  return answers === 1 ? 'one answer' : `${answers} answers`;
}

function nameOf(respondent: string): string {
  return respondent === 'user' ? 'you' : respondent;
}

/** Before what is asked for a subagent, after its agent's name. */
export function forPart({ subagent }: { subagent?: string }): string {
  return subagent === undefined ? '' : `▸ ${subagent}: `;
}

/** `3 files, 12 kB`. */
export function filesText(files: number, bytes: number): string {
  const size =
    bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;
  return `${files === 1 ? 'one file' : `${files} files`}, ${size}`;
}

const PREPARED = {
  personas: 'points of view',
  rewording: 'rewordings of the question',
  subtasks: 'parts of the work',
} as const;

const LIMITED = {
  noticed: 'told to finish its round',
  closed: 'has only its answer or vote left to give',
  stopped: 'its time for the round is over',
} as const;

function describe(event: RunEvent): [word: string, tone: Tone, text: string, brief?: string] | null {
  switch (event.type) {
    case 'run.started': {
      const count = event.data.agents.length;
      return ['START', 'plain', count === 1 ? 'one agent' : `${count} agents`];
    }
    case 'run.resumed':
      return ['RESUME', 'warn', 'another process went on with the run'];
    case 'run.cancelled':
      return ['CANCEL', 'warn', `by ${event.data.by === 'user' ? 'you' : event.data.by}`];
    case 'deadline.reached':
      return ['DEADLINE', 'warn', `the limit of ${Math.round(event.data.limitMs / 1000)} s is over`, 'time is up'];
    case 'preparation.started':
      return ['PREPARE', 'dim', PREPARED[event.data.what]];
    case 'preparation.finished': {
      const { what, problem } = event.data;
      if (problem !== null) return ['PREPARE', 'warn', `${PREPARED[what]}: ${problem}`];
      return ['PREPARE', 'ok', `${PREPARED[what]} ready`];
    }
    case 'deadline.neared': {
      const tools = event.data.stage === 'closed' ? ', no further tools' : '';
      return ['TIME', 'warn', `the time limit is ${Math.round(event.data.leftMs / 1000)} s away${tools}`];
    }
    case 'turn.limited':
      return ['TIME', 'warn', LIMITED[event.data.stage]];
    case 'budget.warned':
      return ['BUDGET', 'warn', `${event.data.percent} % of ${limitText(event.data)} used`];
    case 'budget.reached':
      return ['BUDGET', 'warn', `${limitText(event.data)} used up`];
    case 'budget.unpriced':
      return ['BUDGET', 'warn', event.data.message];
    case 'drafting.closed':
      return ['NOW', 'warn', `answer now, asked by ${event.data.by === 'user' ? 'you' : event.data.by}`];
    case 'message.sent':
      return ['MESSAGE', 'info', `to ${event.data.to.join(', ')}: ${event.data.text}`];
    case 'message.delivered':
      return ['MESSAGE', 'dim', 'delivered'];
    case 'vote.added':
      return ['VOTE', 'info', `yours, for ${event.data.choice}`];
    case 'answer.vetoed':
      return ['VETO', 'warn', `yours, of ${event.data.label}`];
    case 'vote.overridden':
      return ['OVERRIDE', 'warn', `you chose ${event.data.label}`];
    case 'request.delayed':
      return ['WAIT', 'dim', `${Math.ceil(event.data.ms / 1000)} s: ${event.data.detail}`];
    case 'model.switched':
      return [
        'SWITCH',
        'warn',
        `${event.data.from} → ${event.data.to} (${event.data.error.kind})`,
        `to ${event.data.to}`,
      ];
    case 'answer.evaluated':
      if (event.data.isGood) return ['CHECK', 'ok', 'finds the final answer good', 'good'];
      return ['CHECK', 'warn', `finds the final answer wanting: ${event.data.reason}`, 'wanting'];
    case 'attempt.started':
      return [
        'RESTART',
        'warn',
        `attempt ${event.data.attempt}${keptText(event.data.kept)}: ${event.data.feedback.instructions}`,
        `attempt ${event.data.attempt}`,
      ];
    case 'tools.prepared': {
      const [problem, ...more] = event.data.problems;
      if (problem === undefined) return null;
      return ['TOOLS', 'warn', more.length > 0 ? `${problem} (and ${more.length} more)` : problem];
    }
    case 'snapshot.taken': {
      const { label, files, bytes, problem } = event.data;
      if (problem !== null) return ['FILES', 'warn', `of ${label}: ${problem}`];
      return files === 0 ? null : ['FILES', 'dim', `${filesText(files, bytes)} kept with ${label}`];
    }
    case 'snapshot.restored': {
      const { label, problem } = event.data;
      if (problem !== null) return ['FILES', 'warn', `of ${label} not given back: ${problem}`];
      return ['FILES', 'dim', `of ${label} are back in the workspace`, `of ${label}`];
    }
    case 'approval.requested':
      return [
        'ASKS',
        'warn',
        `${forPart(event.data)}leave for ${event.data.tool}: ${event.data.target}`,
        `${forPart(event.data)}${event.data.tool}`,
      ];
    case 'approval.decided': {
      const { request, isAllowed, by, tool, edited } = event.data;
      const reason = edited === undefined ? event.data.reason : `as ${edited}`;
      // What a rule lets through is no news.
      if (request === null && isAllowed) return null;
      const who = by === 'user' ? 'you' : by;
      const text = `${forPart(event.data)}${tool} by ${who}${reason === '' ? '' : `: ${reason}`}`;
      return [isAllowed ? 'ALLOWED' : 'DENIED', isAllowed ? 'info' : 'warn', text, tool];
    }
    case 'actions.left':
      return ['LEFT', 'warn', leftText(event.data), `${event.data.actions.length} planned`];
    case 'risk.judged': {
      const { tool, risk, reason } = event.data;
      if (risk === 'low' || risk === 'medium') return null;
      return ['RISK', 'warn', `${tool}: ${risk ?? 'not judged'}: ${reason}`, tool];
    }
    case 'hook.finished': {
      const text = hookText(event.data);
      return text === null ? null : ['HOOK', event.data.outcome === 'failed' ? 'err' : 'warn', text, event.data.hook];
    }
    case 'question.asked':
      if (event.data.server !== undefined) return ['ASKS', 'dim', event.data.text, event.data.text];
      return [
        'ASKS',
        'warn',
        `${forPart(event.data)}${event.data.to.map(nameOf).join(', ')}: ${event.data.text}`,
        `${forPart(event.data)}${event.data.text}`,
      ];
    case 'question.answered': {
      const { by, outcome, choices, text } = event.data;
      const said = [...choices, text].filter((part) => part !== '').join(', ');
      return ['REPLY', 'dim', `${nameOf(by)}: ${outcome === 'answered' ? said : outcome}`, nameOf(by)];
    }
    case 'subagent.started':
      return ['PART', 'dim', `${event.data.subagent} begins: ${event.data.task}`, event.data.subagent];
    case 'subagent.finished': {
      const { subagent, outcome, text, reason } = event.data;
      const isDone = outcome === 'answered';
      return ['PART', isDone ? 'info' : 'warn', `${subagent} ${outcome}: ${isDone ? text : reason}`, subagent];
    }
    case 'changes.proposed':
      if (event.data.files.length === 0) return null;
      return ['FILES', 'info', `${event.data.files.length} changed by ${event.data.label}, waiting for you`];
    case 'changes.decided':
      return ['FILES', 'info', `${event.data.paths.length} accepted by ${event.data.by === 'user' ? 'you' : 'policy'}`];
    case 'changes.applied':
      return ['FILES', 'ok', `${event.data.paths.length} written to your folder`];
    case 'changes.undone':
      return ['FILES', 'warn', `${event.data.paths.length} brought back to what they were`];
    case 'turn.interrupted':
      return ['STOP', 'dim', 'its turn was told to stop', 'told to stop'];
    case 'run.finished':
      return [
        'END',
        event.data.outcome === 'answered' ? 'ok' : 'warn',
        event.data.reason || event.data.outcome,
        event.data.outcome,
      ];
    case 'turn.started':
      if (event.data.kind === 'judge') return ['JUDGE', 'dim', `sees ${count(event.data.view.length)}`];
      if (event.data.kind === 'evaluate') return ['CHECK', 'dim', 'checks the final answer', 'final answer'];
      if (event.data.kind === 'present') return ['PRESENT', 'info', 'writes the final answer', 'final answer'];
      return ['DRAFT', 'dim', event.data.kind === 'solo' ? 'works alone' : 'begins'];
    case 'update.delivered':
      return ['UPDATE', 'info', `now sees ${count(event.data.view.length)}`];
    case 'request.failed': {
      const { error, retryInMs } = event.data;
      if (error.kind === 'aborted') return null;
      if (retryInMs === null) return ['ERROR', 'err', `${error.kind}: ${error.message}`, error.kind];
      return ['RETRY', 'warn', `in ${Math.ceil(retryInMs / 1000)} s: ${error.kind}`, error.kind];
    }
    case 'tool.started':
      return ['TOOL', 'dim', event.data.call.name];
    case 'tool.finished':
      return event.data.isError ? ['TOOL', 'warn', `${event.data.name} failed`] : null;
    case 'builtin.used':
      return ['TOOL', 'dim', event.data.name];
    case 'builtin.returned':
      return event.data.isError ? ['TOOL', 'warn', `${event.data.name} failed`] : null;
    case 'file.received':
      return event.data.path === null ? null : ['FILE', 'info', event.data.path];
    case 'call.refused':
      return ['REFUSED', 'warn', event.data.message, event.data.code.replaceAll('-', ' ')];
    case 'answer.submitted':
      return ['ANSWER', 'ok', event.data.label + (event.data.isCut ? ' (cut off)' : '')];
    case 'ballot.cast':
      return ['VOTE', 'info', `for ${event.data.choice}`];
    case 'agent.failed':
      return ['FAILED', 'err', event.data.error.message, event.data.error.kind];
    case 'agent.abstained':
      return ['ABSTAIN', 'warn', event.data.reason, 'does not vote'];
    case 'winner.chosen':
      return [
        'WINNER',
        'ok',
        `${event.data.label} (${event.data.rule}${event.data.tie ? ', after a tie' : ''})`,
        `${event.data.label}${event.data.tie ? ', a tie' : ''}`,
      ];
    case 'answer.presented':
      return [
        'FINAL',
        'ok',
        event.data.notice ?? (event.data.source === 'presenter' ? 'presented' : 'the winning answer'),
      ];
    default:
      return null;
  }
}

function keptText(kept: readonly string[] = []): string {
  return kept.length > 0 ? ` (${kept.join(', ')} ${kept.length === 1 ? 'stays' : 'stay'})` : '';
}
