import type { Alias, RunEvent } from '../../events/event.ts';

/** What an agent does over a stretch of time. Nothing is what it does between them. */
export type SpanKind = 'draft' | 'tool' | 'wait' | 'ask';

/** Milliseconds since the run began; `toMs` is null while it goes on. */
export interface LaneSpan {
  kind: SpanKind;
  fromMs: number;
  toMs: number | null;
}

export type MarkKind =
  | 'answer'
  | 'ballot'
  | 'void'
  | 'update'
  | 'message'
  | 'refused'
  | 'retry'
  | 'error'
  | 'out'
  | 'restart';

export interface LaneMark {
  kind: MarkKind;
  atMs: number;
}

/** One agent's time. Both lists are in the order of their beginnings. */
export interface Lane {
  spans: LaneSpan[];
  marks: LaneMark[];
}

/** Who did what when: a fold of the events, for the lanes of the timeline. */
export class Lanes {
  readonly #lanes = new Map<Alias, Lane>();
  /** Open spans of a lane by what they wait for: a model call, a tool call, a pause. */
  readonly #open = new Map<Alias, Map<string, LaneSpan>>();
  /** How many have not answered a question yet, by its id. */
  readonly #unanswered = new Map<string, number>();

  lane(alias: Alias): Lane {
    let lane = this.#lanes.get(alias);
    if (!lane) this.#lanes.set(alias, (lane = { spans: [], marks: [] }));
    return lane;
  }

  mark(alias: Alias, kind: MarkKind, atMs: number): void {
    this.lane(alias).marks.push({ kind, atMs });
  }

  /** `atMs` is how long the run had worked at the event. */
  apply(event: RunEvent, atMs: number): void {
    if (event.type === 'run.finished' || event.type === 'run.resumed') {
      for (const alias of this.#open.keys()) this.#endAll(alias, atMs);
    }
    if (event.type === 'attempt.started') for (const alias of this.#lanes.keys()) this.mark(alias, 'restart', atMs);
    const alias = event.agent;
    if (alias === undefined) return;
    switch (event.type) {
      case 'request.started':
        this.#end(alias, 'wait', atMs);
        return this.#begin(alias, 'draft', 'draft', atMs);
      case 'request.finished':
        return this.#end(alias, 'draft', atMs);
      case 'request.failed': {
        const { error, retryInMs } = event.data;
        this.#end(alias, 'draft', atMs);
        if (error.kind === 'aborted') return;
        this.mark(alias, retryInMs === null ? 'error' : 'retry', atMs);
        if (retryInMs !== null) this.#begin(alias, 'wait', 'wait', atMs);
        return;
      }
      case 'request.delayed':
        return this.#begin(alias, 'wait', 'wait', atMs);
      case 'tool.started':
        return this.#begin(alias, `tool ${event.data.call.id}`, 'tool', atMs);
      case 'tool.finished':
        return this.#end(alias, `tool ${event.data.callId}`, atMs);
      case 'subagent.started':
        return this.#begin(alias, `tool ${event.data.subagent}`, 'tool', atMs);
      case 'subagent.finished':
        return this.#end(alias, `tool ${event.data.subagent}`, atMs);
      case 'builtin.used':
        return this.#begin(alias, `tool ${event.data.use}`, 'tool', atMs);
      case 'builtin.returned':
        return this.#end(alias, `tool ${event.data.use}`, atMs);
      case 'approval.requested':
        return this.#begin(alias, `approval ${event.data.request}`, 'ask', atMs);
      case 'approval.decided':
        return this.#end(alias, `approval ${event.data.request}`, atMs);
      case 'question.asked':
        this.#unanswered.set(event.data.question, event.data.to.length);
        return this.#begin(alias, `question ${event.data.question}`, 'ask', atMs);
      case 'question.answered': {
        const left = (this.#unanswered.get(event.data.question) ?? 1) - 1;
        this.#unanswered.set(event.data.question, left);
        return left > 0 ? undefined : this.#end(alias, `question ${event.data.question}`, atMs);
      }
      case 'turn.finished':
        return this.#endAll(alias, atMs);
      case 'answer.submitted':
        return this.mark(alias, 'answer', atMs);
      case 'ballot.cast':
        return this.mark(alias, 'ballot', atMs);
      case 'update.delivered':
        return this.mark(alias, 'update', atMs);
      case 'message.delivered':
        return this.mark(alias, 'message', atMs);
      case 'call.refused':
        return this.mark(alias, 'refused', atMs);
      case 'agent.failed':
      case 'agent.abstained':
        this.#endAll(alias, atMs);
        return this.mark(alias, 'out', atMs);
      default:
        return;
    }
  }

  #begin(alias: Alias, key: string, kind: SpanKind, atMs: number): void {
    const open = this.#open.get(alias) ?? new Map<string, LaneSpan>();
    this.#open.set(alias, open);
    const before = open.get(key);
    if (before) before.toMs = atMs;
    const span: LaneSpan = { kind, fromMs: atMs, toMs: null };
    open.set(key, span);
    this.lane(alias).spans.push(span);
  }

  #end(alias: Alias, key: string, atMs: number): void {
    const open = this.#open.get(alias);
    const span = open?.get(key);
    if (!span) return;
    span.toMs = atMs;
    open?.delete(key);
  }

  #endAll(alias: Alias, atMs: number): void {
    const open = this.#open.get(alias);
    for (const span of open?.values() ?? []) span.toMs = atMs;
    open?.clear();
  }
}
