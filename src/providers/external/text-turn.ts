import type { ToolCall } from '../../events/message.ts';
import type { StopReason } from '../../events/model-error.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import { randomHex } from '../../platform/entropy.ts';
import type { ModelEnd, ModelRequest, SentUsage } from '../provider.ts';
import type { CallSink } from './agent-call.ts';
import { CallBlocks } from './call-block.ts';
import { OwnTools } from './own-tools.ts';

/** What is known about a turn when it is over, beside what was said. */
export interface TurnEnd {
  /** The reply, where it is another text than all that was said. */
  text?: string;
  stopReason?: StopReason;
  usage?: Usage | null;
  sentStopReason?: string | null;
  costUsd?: number | null;
}

/** One turn of an agent that gives text, and calls the run's tools by blocks in it, or itself where it can. */
export class TextTurn {
  /** The run's tools for agents that can be given some. */
  readonly tools: OwnTools;
  readonly #request: ModelRequest;
  readonly #sink: CallSink;
  readonly #blocks = new CallBlocks(randomHex(3));
  readonly #shown: ReturnType<CallBlocks['filter']>;
  #segments: string[] = [''];
  #uses = 0;
  #callsHeard = 0;

  constructor(request: ModelRequest, sink: CallSink) {
    this.tools = new OwnTools(request);
    this.#request = request;
    this.#sink = sink;
    this.#shown = this.#blocks.filter();
  }

  /** What the agent is told about the run's tools; empty where it needs none. `others` is another way to call them. */
  instructions(others = ''): string {
    const { tools, toolChoice, purpose } = this.#request;
    if (tools.length === 0 || toolChoice === 'none' || purpose === 'present') return '';
    return this.#blocks.instructions(tools, others);
  }

  /** The agent says something. Words before and after a call of the run's tools do not run into one another. */
  say(text: string): void {
    const isApart = this.tools.count > this.#callsHeard && this.#segments.join('').trim() !== '';
    this.#callsHeard = this.tools.count;
    if (isApart) this.breakOff();
    this.#segments.push((this.#segments.pop() ?? '') + text);
    const shown = this.#shown.add(isApart ? `\n\n${text}` : text);
    if (shown !== '') this.#sink.emit({ type: 'text', text: shown });
  }

  /** The agent does something between its words: what it said before is how it came to its reply, not the reply. */
  breakOff(): void {
    if (this.#segments.at(-1)?.trim()) this.#segments.push('');
  }

  /** An id for a use of a tool of the agent's own. */
  newUseId(): string {
    this.#uses += 1;
    return `own_${this.#request.messages.length}_${this.#uses}`;
  }

  end({ text, stopReason = 'end', usage = null, sentStopReason = null, costUsd = null }: TurnEnd = {}): ModelEnd {
    const rest = this.#shown.end();
    if (rest !== '') this.#sink.emit({ type: 'text', text: rest });
    const said = this.#segments.map((segment) => segment.trim()).filter(Boolean);
    const reply = text ?? said.at(-1) ?? '';
    const written = this.#blocks.read(reply, () => this.tools.newId());
    const calls: ToolCall[] = this.tools.calls.length > 0 ? this.tools.calls : written.calls;
    for (const call of calls) this.#sink.emit({ type: 'tool-call', call });
    const before = text === undefined ? said.slice(0, -1).join('\n\n') : '';
    return {
      type: 'finished',
      message: { role: 'assistant', text: written.text, ...(before && { reasoning: before }), calls },
      stopReason: calls.length > 0 ? 'tool-calls' : stopReason,
      usage: usage ?? NO_USAGE,
      sent: { stopReason: sentStopReason, usage: usage && sentUsageOf(usage) },
      ...(costUsd !== null && { costUsd }),
    };
  }
}

/** The counts as an agent told them. */
export function sentUsageOf({ input, output, cachedInput, cacheWrite, reasoning }: Usage): SentUsage {
  return { input, output, cached: cachedInput, cacheWrite, reasoning, total: input + output };
}
