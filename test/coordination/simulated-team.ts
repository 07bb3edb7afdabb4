import { applyEvent } from '../../src/coordination/apply.ts';
import { decide, isUpdateDue, viewFor } from '../../src/coordination/decide.ts';
import { isWorkflowCall } from '../../src/coordination/protocol.ts';
import { toolRefusal } from '../../src/coordination/tool-refusal.ts';
import { settleFailure, settleInterruption, settleReply } from '../../src/coordination/settle.ts';
import { commandEvents } from '../../src/coordination/step-in.ts';
import type { RunState } from '../../src/coordination/state.ts';
import { agentOf } from '../../src/coordination/views.ts';
import type { Alias, EventDraft, PreparedText, RunEvent } from '../../src/events/event.ts';
import type { ToolCall } from '../../src/events/message.ts';
import type { StopReason } from '../../src/events/model-error.ts';
import type { Command } from '../../src/events/run-handle.ts';
import { DEFAULT_SETTINGS, type CoordinationSettings, type Limits } from '../../src/events/settings.ts';
import { NO_USAGE } from '../../src/events/usage.ts';

const USAGE = { ...NO_USAGE, input: 8, output: 2 };

/** What a simulated agent does when it is its turn to move. */
export type Move =
  /** `beside` is said in the same reply. */
  | { do: 'answer'; text: string; beside?: string }
  | { do: 'vote'; for: Alias; ranking?: Alias[]; reason?: string; beside?: string }
  | { do: 'say'; text: string; stopReason?: StopReason }
  | { do: 'call'; calls: [name: string, args: ToolCall['args']][] }
  /** Asks these and waits; its next move, whatever it is, is the answers that come. */
  | { do: 'ask'; to: Alias[] }
  | { do: 'fail'; message?: string };

/**
 * A team without models, clock or disk: moves are made one at a time by whoever the test says, and all that follows
 * from them is recorded at once, as the engine does.
 */
export class SimulatedTeam {
  readonly events: RunEvent[] = [];
  state: RunState;
  #calls = 0;
  #requests = 0;
  /** What agents have asked and wait for, with the call that did it. */
  readonly #open = new Map<Alias, { turn: string; question: string; to: Alias[]; call: ToolCall }>();

  /** `own` are limits of every agent's own. Every model call costs 10 tokens and one cent. */
  constructor(agents: number, settings: Partial<CoordinationSettings> = {}, seed = 1, own: Limits | null = null) {
    const infos = Array.from({ length: agents }, (_, i) => ({
      alias: `agent${i + 1}`,
      id: `member-${i + 1}`,
      type: 'scripted',
      model: 'simulated',
      isModel: false,
      ...(own && { limits: own }),
    }));
    const data = {
      question: 'What is it?',
      team: 'simulated',
      agents: infos,
      settings: { ...DEFAULT_SETTINGS, finalAnswer: 'reuse' as const, ...settings },
      seed,
      version: '0.0.0',
    };
    this.state = this.#append({ type: 'run.started', data });
    this.#advance();
  }

  /** Aliases with an open turn, in the order of the config. */
  get working(): Alias[] {
    return this.state.order.filter((alias) => agentOf(this.state, alias).turn !== null);
  }

  get types(): string[] {
    return this.events.map((event) => event.type);
  }

  kindOf(alias: Alias): string | null {
    return agentOf(this.state, alias).turn?.kind ?? null;
  }

  /** The agent's model replies. An interrupted turn ends instead. */
  move(alias: Alias, move: Move): void {
    const { turn } = agentOf(this.state, alias);
    if (!turn) throw new Error(`${alias} has no open turn`);
    const open = this.#open.get(alias);
    this.#open.delete(alias);
    if (open?.turn === turn.turn) this.#hear(alias, open, turn.isInterrupted);
    if (turn.isInterrupted) return this.#breakOff(alias, turn.turn);
    if (open?.turn === turn.turn) return this.#goOn(alias, open.call);
    const request = `request-${(this.#requests += 1)}`;
    this.record({ type: 'request.started', agent: alias, data: { turn: turn.turn, request, tools: [] } });
    if (move.do === 'fail') {
      return this.record(
        ...settleFailure(this.state, alias, { kind: 'auth', message: move.message ?? 'The key is wrong.' }),
      );
    }
    const text = move.do === 'say' ? move.text : 'beside' in move ? (move.beside ?? '') : '';
    const calls = this.#callsOf(move);
    const message = { role: 'assistant' as const, text, calls };
    const stopReason: StopReason = move.do === 'say' ? (move.stopReason ?? 'end') : 'tool-calls';
    const data = { turn: turn.turn, request, message, stopReason, usage: USAGE, costUsd: 0.01, durationMs: 1 };
    this.record({ type: 'request.finished', agent: alias, data });
    const [first] = calls;
    if (move.do === 'ask' && first && this.#ask(alias, turn.turn, first, move.to)) return;
    for (const call of calls) if (!isWorkflowCall(call) && !this.state.end) this.#runTool(alias, turn.turn, call);
    this.record(...settleReply(this.state, alias, { message, stopReason }));
  }

  /** True when the agent now waits for answers. */
  #ask(alias: Alias, turn: string, call: ToolCall, to: Alias[]): boolean {
    const agent = agentOf(this.state, alias);
    const others = [...new Set(to)].filter((each) => each !== alias && this.state.order.includes(each));
    if (agent.turn?.isInterrupted || toolRefusal(this.state, agent) || others.length === 0 || this.state.end)
      return false;
    this.record({ type: 'tool.started', agent: alias, data: { turn, call } });
    const question = `question-${this.state.asked.length + 1}`;
    const about = { text: 'Which?', options: [], isMultiple: false, allowsText: true, timeoutMs: null };
    this.record({ type: 'question.asked', agent: alias, data: { question, turn, to: others, ...about } });
    if (!this.state.end) this.#open.set(alias, { turn, question, to: others, call });
    return true;
  }

  /** Copies of the others have answered, or were stopped; both is paid for. */
  #hear(alias: Alias, { question, to }: { question: string; to: Alias[] }, isStopped: boolean): void {
    const outcome = isStopped ? ('declined' as const) : ('answered' as const);
    for (const by of to) {
      const data = { question, by, outcome, choices: [], text: 'This.', reason: '', usage: USAGE, costUsd: 0.01 };
      this.record({ type: 'question.answered', agent: alias, data });
    }
  }

  #goOn(alias: Alias, call: ToolCall): void {
    const { turn } = agentOf(this.state, alias);
    if (!turn || this.state.end) return;
    const done = { turn: turn.turn, callId: call.id, name: call.name, output: '', isError: false, durationMs: 0 };
    this.record({ type: 'tool.finished', agent: alias, data: done });
    const message = { role: 'assistant' as const, text: '', calls: [call] };
    // What was answered may have used up a budget.
    if (agentOf(this.state, alias).turn?.isInterrupted) return this.record(...settleInterruption(this.state, alias));
    this.record(...settleReply(this.state, alias, { message, stopReason: 'tool-calls' }));
  }

  /** A call in flight is cut; what it had used by then is paid for. */
  #breakOff(alias: Alias, turn: string): void {
    const request = `request-${(this.#requests += 1)}`;
    const error = { kind: 'aborted' as const, message: '' };
    const data = { turn, request, error, usage: USAGE, costUsd: 0.01, retryInMs: null };
    this.record({ type: 'request.started', agent: alias, data: { turn, request, tools: [] } });
    this.record({ type: 'request.failed', agent: alias, data });
    this.record(...settleInterruption(this.state, alias));
  }

  /** What is being prepared comes to its end. */
  finishPreparation(texts: Record<Alias, PreparedText>): void {
    const [what] = this.state.preparing;
    if (!what) throw new Error('nothing is being prepared');
    const data = { what, texts, problem: null, usage: USAGE, costUsd: 0.01 };
    this.record({ type: 'preparation.finished', data });
  }

  /** What a user does, as the engine takes it. */
  send(command: Command): void {
    this.record(...commandEvents(this.state, command, `message-${this.state.notes.length + 1}`));
  }

  #runTool(alias: Alias, turn: string, call: ToolCall): void {
    const agent = agentOf(this.state, alias);
    if (agent.turn?.isInterrupted) return;
    const refusal = toolRefusal(this.state, agent);
    if (refusal) {
      const data = { turn, callId: call.id, name: call.name, ...refusal };
      return this.record({ type: 'call.refused', agent: alias, data });
    }
    this.record({ type: 'tool.started', agent: alias, data: { turn, call } });
    const result = { output: '', isError: false, durationMs: 0 };
    this.record({ type: 'tool.finished', agent: alias, data: { turn, callId: call.id, name: call.name, ...result } });
  }

  /** The safe point before a model call, as the engine does it. */
  update(alias: Alias): void {
    const { turn } = agentOf(this.state, alias);
    if (!turn || !isUpdateDue(this.state, turn)) return;
    this.record({
      type: 'update.delivered',
      agent: alias,
      data: { turn: turn.turn, view: viewFor(this.state, alias) },
    });
  }

  record(...drafts: EventDraft[]): void {
    for (const draft of drafts) if (!this.state.end) this.state = this.#append(draft);
    this.#advance();
  }

  #callsOf(move: Move): ToolCall[] {
    const named = ((): [string, ToolCall['args']][] => {
      if (move.do === 'answer') return [['new_answer', { content: move.text }]];
      if (move.do === 'vote') {
        const ranking = move.ranking ? { ranking: move.ranking } : {};
        return [['vote', { agent_id: move.for, reason: move.reason ?? 'best', ...ranking }]];
      }
      if (move.do === 'ask') return [['ask_others', { question: 'Which?' }]];
      return move.do === 'call' ? move.calls : [];
    })();
    return named.map(([name, args]) => ({
      id: `call-${(this.#calls += 1)}`,
      name,
      args,
      rawArgs: JSON.stringify(args),
    }));
  }

  #append(draft: EventDraft): RunState {
    const seq = this.events.length + 1;
    const event = { v: 1, seq, at: seq * 1000, run: 'simulated', attempt: 1, epoch: 1, ...draft } as RunEvent;
    this.events.push(event);
    return applyEvent(this.state ?? null, event);
  }

  #advance(): void {
    for (let effect = decide(this.state); effect; effect = decide(this.state)) {
      if (effect.do === 'record') this.state = this.#append(effect.event);
      else if (effect.do === 'prepare')
        this.state = this.#append({ type: 'preparation.started', data: { what: effect.what } });
      else if (effect.do === 'interrupt-turn') {
        this.state = this.#append({ type: 'turn.interrupted', agent: effect.alias, data: { turn: effect.turn } });
      } else if (effect.do === 'change-files') {
        this.state = this.#append({ type: 'changes.begun', data: { step: effect.step } });
      } else {
        const turn = `${effect.alias}-turn${agentOf(this.state, effect.alias).turns + 1}`;
        const data = { turn, kind: effect.kind, view: effect.view };
        this.state = this.#append({ type: 'turn.started', agent: effect.alias, data });
      }
    }
  }
}
