import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { PlannedTask } from '../../events/event.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CallSink } from '../external/agent-call.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { plannedTask } from '../external/planned-task.ts';
import type { TextTurn } from '../external/text-turn.ts';
import { TOOL_SERVER_NAME } from '../external/tool-server.ts';
import type { ModelEnd } from '../provider.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';
import { addSpent, failureOf, spentOf, vainRetryOf, type Spent } from './result.ts';

/** Understands the messages of one query of the Agent SDK. */
export class MessageReader {
  readonly #turn: TextTurn;
  readonly #sink: CallSink;
  readonly #clock: Clock;
  readonly #uses = new Map<string, { id: string; name: string; startedAt: number }>();
  #result: JsonObject | null = null;
  #spent: Spent | null = null;
  #hasStreamed = false;
  session: string | null = null;

  constructor(turn: TextTurn, sink: CallSink, clock: Clock) {
    this.#turn = turn;
    this.#sink = sink;
    this.#clock = clock;
  }

  /** True once the query has told how it ended. */
  get hasEnded(): boolean {
    return this.#result !== null;
  }

  /** Throws an AgentFailure where going on is in vain. */
  read(message: unknown): void {
    if (!isJsonObject(message)) return;
    this.session = stringAt(message, 'session_id') ?? this.session;
    const isSubagent = stringAt(message, 'parent_tool_use_id') !== null;
    switch (message.type) {
      case 'system':
        return message.subtype === 'api_retry' ? this.#readRetry(message) : undefined;
      case 'stream_event':
        return isSubagent ? undefined : this.#readDelta(objectAt(message.event, 'delta'));
      case 'assistant':
        // Claude Code's own words for an error of the API, which the result says again.
        if (stringAt(message.message, 'model') === '<synthetic>') return;
        for (const block of arrayAt(message.message, 'content')) this.#readBlock(block, isSubagent);
        if (!isSubagent) this.#hasStreamed = false;
        return;
      case 'user':
        for (const block of arrayAt(message.message, 'content')) this.#readResult(block);
        return;
      case 'result':
        this.#result = message;
        this.#spent = this.#spent ? addSpent(this.#spent, spentOf(message)) : spentOf(message);
        return;
      default:
        return;
    }
  }

  /** Throws an AgentFailure where the query has failed. */
  end(): ModelEnd {
    const result = this.#result;
    if (!result) throw new AgentFailure('protocol', 'Claude Code ended without a result.');
    const { usage, costUsd } = this.#spent ?? spentOf(result);
    const failure = failureOf(result);
    if (failure) {
      failure.spent = { ...(usage && { usage }), ...(costUsd !== null && { costUsd }) };
      throw failure;
    }
    const said = stringAt(result, 'result');
    return this.#turn.end({
      ...(said !== null && said !== '' && { text: said }),
      usage,
      costUsd,
      sentStopReason: stringAt(result, 'stop_reason') ?? stringAt(result, 'subtype'),
    });
  }

  /** It tries again by itself, for minutes: that is told, since nothing else is heard from it meanwhile. */
  #readRetry(retry: JsonObject): void {
    const failure = vainRetryOf(retry);
    if (failure) throw failure;
    const [why, status] = [stringAt(retry, 'error') ?? 'unknown', numberAt(retry, 'error_status')];
    const seconds = Math.ceil((numberAt(retry, 'retry_delay_ms') ?? 0) / 1000);
    const words = `Its request failed (${why}${status === null ? '' : `, HTTP ${status}`}); it tries again in ${seconds} s.`;
    this.#sink.emit({ type: 'reasoning', text: `${words}\n` });
  }

  #readDelta(delta: JsonObject | null): void {
    const [text, thought] = [stringAt(delta, 'text'), stringAt(delta, 'thinking')];
    if (text !== null) this.#turn.say(text);
    if (thought !== null) this.#sink.emit({ type: 'reasoning', text: thought });
    this.#hasStreamed ||= text !== null || thought !== null;
  }

  /** A whole block; what was streamed before has been told. The words of a subagent are no words of the agent. */
  #readBlock(block: unknown, isSubagent: boolean): void {
    if (!isJsonObject(block)) return;
    const [text, thought] = [stringAt(block, 'text'), stringAt(block, 'thinking')];
    if (isSubagent && text !== null) this.#sink.emit({ type: 'reasoning', text: `${text}\n` });
    else if (text !== null && !this.#hasStreamed) this.#turn.say(text);
    if (thought !== null && (isSubagent || !this.#hasStreamed)) this.#sink.emit({ type: 'reasoning', text: thought });
    if (block.type !== 'tool_use') return;
    const name = stringAt(block, 'name') ?? 'tool';
    // The run tells of its own tools itself.
    if (name.startsWith(`mcp__${TOOL_SERVER_NAME}__`)) return;
    this.#turn.breakOff();
    const id = this.#turn.newUseId();
    this.#uses.set(stringAt(block, 'id') ?? '', { id, name, startedAt: this.#clock.now() });
    const args = objectAt(block, 'input') ?? {};
    const steps = name === 'TodoWrite' ? arrayAt(args, 'todos') : [];
    if (steps.length > 0) this.#sink.emit({ type: 'plan', tasks: steps.map(taskOf) });
    this.#sink.emit({ type: 'own-tool', call: { id, name, args, rawArgs: JSON.stringify(args) } });
  }

  #readResult(block: unknown): void {
    const use = this.#uses.get(stringAt(block, 'tool_use_id') ?? '');
    if (!use || !isJsonObject(block)) return;
    const { id: callId, name, startedAt } = use;
    const parts = arrayAt(block, 'content').map((part) => stringAt(part, 'text') ?? '');
    const output = stringAt(block, 'content') ?? parts.join('\n');
    const isError = block.is_error === true;
    this.#sink.emit({ type: 'own-result', callId, name, output, isError, durationMs: this.#clock.now() - startedAt });
  }
}

function taskOf(todo: unknown, index: number): PlannedTask {
  return plannedTask(stringAt(todo, 'content') ?? '', stringAt(todo, 'status') ?? '', index);
}
