import { hookText } from '../coordination/hooks.ts';
import type { EventOf, Risk, RunEvent } from '../events/event.ts';

/** One call of an agent: what it was for, who decided, and what came of it. */
export interface AuditEntry {
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  /** The agent's id in the config. */
  agent: string;
  /** Who works for that agent and makes the call, whose run has a log of its own; absent for a call of the agent's. */
  subagent?: string;
  turn: string;
  callId: string;
  /** The call whose code made this one; absent for a call of the agent's own. */
  parent?: string;
  tool: string;
  action: string;
  /** What it was done to, word for word. */
  target: string;
  /** Null where nobody had to judge it. */
  risk: Risk | null;
  /** `free` needed no leave; `planned` was held back until the winner acts; `open` was never decided. */
  verdict: 'allowed' | 'denied' | 'free' | 'planned' | 'refused' | 'open';
  /** Null where nobody decided. */
  by: EventOf<'approval.decided'>['data']['by'] | 'run' | null;
  scope: EventOf<'approval.decided'>['data']['scope'] | null;
  reason: string;
  /** What it would change, as it was shown to whoever decided; null where that was not known. */
  diff: string | null;
  /** What hooks have said to it, besides nothing. */
  hooks: string[];
  /** `unknown` is a call whose end is not in the log; `elsewhere` one that the agent's own program, or a subagent, makes. */
  effect: 'done' | 'failed' | 'none' | 'unknown' | 'elsewhere';
}

interface AuditedCall {
  turn: string;
  callId: string;
  subagent?: string;
  tool: string;
  target: string;
}

/** Every call of a run with its decision, in the order in which they began. Pure. */
export function auditRun(events: readonly RunEvent[]): AuditEntry[] {
  const ids = new Map<string, string>();
  const entries = new Map<string, AuditEntry>();
  const entryOf = (event: RunEvent, { subagent, ...call }: AuditedCall): AuditEntry => {
    // A program that gives its calls no ids of their own is told apart by what it asks.
    const name = [
      event.agent,
      subagent,
      call.turn,
      call.callId === call.tool ? `${call.callId}/${call.target}` : call.callId,
    ].join('\0');
    const known = entries.get(name);
    if (known) return known;
    const agent = ids.get(event.agent ?? '') ?? event.agent ?? '';
    const fresh: AuditEntry = {
      seq: event.seq,
      at: event.at,
      agent,
      ...(subagent !== undefined && { subagent }),
      ...call,
      action: call.tool,
      risk: null,
      verdict: 'free',
      by: null,
      scope: null,
      reason: '',
      diff: null,
      hooks: [],
      effect: 'elsewhere',
    };
    entries.set(name, fresh);
    return fresh;
  };
  for (const event of events) note(event, entryOf, ids, entries);
  return [...entries.values()];
}

function note(
  event: RunEvent,
  entryOf: (event: RunEvent, call: AuditedCall) => AuditEntry,
  ids: Map<string, string>,
  entries: ReadonlyMap<string, AuditEntry>,
): void {
  switch (event.type) {
    case 'run.started':
      for (const { alias, id } of event.data.agents) ids.set(alias, id);
      return;
    case 'tool.started': {
      const { turn, call, parent } = event.data;
      const target = call.args ? JSON.stringify(call.args) : '';
      const entry = entryOf(event, { turn, callId: call.id, tool: call.name, target });
      Object.assign(entry, { effect: 'unknown', ...(parent !== undefined && { parent }) });
      return;
    }
    case 'approval.requested':
    case 'approval.decided': {
      const { action, target, risk } = event.data;
      const entry = entryOf(event, event.data);
      Object.assign(entry, { action, target, risk, verdict: 'open' });
      if (event.type === 'approval.requested') {
        entry.diff = event.data.diff;
        return;
      }
      const { isAllowed, by, scope, edited } = event.data;
      const reason = edited === undefined ? event.data.reason : `Changed to: ${edited}`;
      Object.assign(entry, { verdict: isAllowed ? 'allowed' : 'denied', by, scope, reason });
      return;
    }
    case 'hook.finished': {
      const { turn, callId, tool, outcome, point, reason } = event.data;
      const text = hookText(event.data);
      if (turn === null || callId === null || tool === null || text === null) return;
      const entry = entryOf(event, { turn, callId, tool, target: '' });
      entry.hooks.push(text);
      if (outcome === 'denied' && point === 'pre_tool') Object.assign(entry, { verdict: 'denied', by: 'hook', reason });
      return;
    }
    case 'action.proposed': {
      const open = [...entries.values()].findLast(
        (each) => each.turn === event.data.turn && each.tool === event.data.tool && each.effect === 'unknown',
      );
      const reason = 'Agents only planned at that time.';
      if (open) Object.assign(open, { verdict: 'planned', by: 'run', reason });
      return;
    }
    case 'call.refused': {
      const { turn, callId, name, message } = event.data;
      if (callId === null) return;
      const entry = entryOf(event, { turn, callId, tool: name ?? '', target: '' });
      Object.assign(entry, { verdict: 'refused', by: 'run', reason: message, effect: 'none' });
      return;
    }
    case 'tool.finished': {
      const { turn, callId, name, isError, isHeld = false, output } = event.data;
      const entry = entryOf(event, { turn, callId, tool: name, target: '' });
      entry.effect = isHeld || entry.verdict === 'denied' ? 'none' : isError ? 'failed' : 'done';
      if (entry.effect === 'none' && entry.verdict === 'free') {
        Object.assign(entry, { verdict: 'refused', by: 'run', reason: output });
      }
      return;
    }
    default:
      return;
  }
}
