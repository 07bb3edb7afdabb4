import { aliasOfLabel } from '../coordination/protocol.ts';
import { agentOf, elapsedMs } from '../coordination/views.ts';
import type { RunState } from '../coordination/state.ts';
import type { Alias, AnswerLabel, RunEvent, TurnKind } from '../events/event.ts';

/** What was done to a run beside answers and ballots: by its user, by a limit, or by whoever stopped it and went on. */
export interface DeedReport {
  atMs: number;
  /** `user`, `signal` and `caller` as in the log; `run` for its own limits and restarts. */
  by: 'user' | 'signal' | 'caller' | 'run';
  what: 'message' | 'veto' | 'override' | 'answer-now' | 'cancel' | 'resume' | 'restart' | 'limit';
  /** Goes on from the name of who did it: `vetoes agent1.1 of ann: Too long.` */
  text: string;
}

/** What a model had said when its turn was stopped or cut off; it is not complete. */
export interface UnfinishedText {
  alias: Alias;
  id: string;
  kind: TurnKind;
  /** When the turn began. */
  startMs: number;
  text: string;
}

/** Null for events that are no deeds, and for messages, which `messageDeeds` tells with what became of them. Pure. */
export function deedOf(event: RunEvent, state: RunState): DeedReport | null {
  const deed = (by: DeedReport['by'], what: DeedReport['what'], text: string): DeedReport => ({
    atMs: elapsedMs(state, event.at),
    by,
    what,
    text,
  });
  switch (event.type) {
    case 'answer.vetoed': {
      const { label, reason } = event.data;
      return deed('user', 'veto', `vetoes ${named(state, label)}${reason === '' ? '' : `: ${reason}`}`);
    }
    case 'vote.overridden':
      return deed('user', 'override', `chooses ${named(state, event.data.label)} as the winner`);
    case 'drafting.closed':
      return deed(event.data.by, 'answer-now', 'wants the answer now');
    case 'run.cancelled':
      return deed(event.data.by, 'cancel', 'cancels the run');
    case 'run.resumed':
      return deed('run', 'resume', 'is taken up again');
    case 'attempt.started':
      return deed('run', 'restart', `begins attempt ${event.data.attempt}: ${event.data.feedback.reason}`);
    case 'deadline.reached':
      return deed('run', 'limit', 'reaches its time limit');
    case 'budget.reached': {
      const { resource, limit } = event.data;
      const whose = event.agent === undefined ? 'its' : `${agentOf(state, event.agent).info.id}'s`;
      return deed('run', 'limit', `reaches ${whose} limit of ${limit} ${resource.replace('_', ' ')}`);
    }
    default:
      return null;
  }
}

/** What the user said to agents. Pure. */
export function messageDeeds(state: RunState): DeedReport[] {
  const ids = (aliases: readonly Alias[]): string => aliases.map((alias) => agentOf(state, alias).info.id).join(', ');
  return state.notes.map(({ at, to, text, pending }) => ({
    atMs: elapsedMs(state, at),
    by: 'user',
    what: 'message',
    text: `tells ${ids(to)}${pending.length > 0 ? ` (not delivered to ${ids(pending)})` : ''}: ${text}`,
  }));
}

function named(state: RunState, label: AnswerLabel): string {
  return `${label} of ${agentOf(state, aliasOfLabel(label)).info.id}`;
}

/** Texts of turns that were stopped by a cancel or a limit, or that a crash has cut off, oldest first. Pure. */
export function unfinishedTexts(events: readonly RunEvent[], state: RunState): UnfinishedText[] {
  /** What is said in each open turn since its last complete reply; pieces, since a text may come in thousands. */
  const open = new Map<string, { turn: UnfinishedText; pieces: string[] }>();
  const turnOf = new Map<string, string>();
  const found: UnfinishedText[] = [];
  const close = (name: string, isLost: boolean): void => {
    const each = open.get(name);
    open.delete(name);
    const text = each?.pieces.join('').trim() ?? '';
    if (each && isLost && text !== '') found.push({ ...each.turn, text });
  };
  const closeAll = (): void => [...open.keys()].forEach((name) => close(name, true));
  for (const event of events) {
    switch (event.type) {
      case 'turn.started': {
        const { turn, kind } = event.data;
        if (event.agent === undefined) break;
        const { alias, id } = agentOf(state, event.agent).info;
        open.set(turn, { turn: { alias, id, kind, startMs: elapsedMs(state, event.at), text: '' }, pieces: [] });
        break;
      }
      case 'request.started': {
        turnOf.set(event.data.request, event.data.turn);
        // Another try says all of it again.
        const each = open.get(event.data.turn);
        if (each) each.pieces = [];
        break;
      }
      case 'text.appended':
        open.get(turnOf.get(event.data.request) ?? '')?.pieces.push(event.data.text);
        break;
      case 'request.finished': {
        const each = open.get(event.data.turn);
        if (each) each.pieces = [];
        break;
      }
      case 'turn.finished':
        close(event.data.turn, event.data.outcome === 'aborted');
        break;
      case 'run.resumed':
        closeAll();
        break;
      default:
        break;
    }
  }
  closeAll();
  return found;
}
