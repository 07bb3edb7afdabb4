import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { PlannedTask } from '../../events/event.ts';
import type { ModelErrorKind } from '../../events/model-error.ts';
import { NO_USAGE, type Usage } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CallSink } from '../external/agent-call.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { plannedTask } from '../external/planned-task.ts';
import type { TextTurn } from '../external/text-turn.ts';
import { TOOL_SERVER_NAME } from '../external/tool-server.ts';
import type { ModelEnd } from '../provider.ts';
import { arrayAt, numberAt, objectAt, stringAt } from '../wire/json-fields.ts';

/** Understands the messages of one query of the Agent SDK. */
export class MessageReader {
  readonly #turn: TextTurn;
  readonly #sink: CallSink;
  readonly #clock: Clock;
  readonly #uses = new Map<string, { id: string; name: string; startedAt: number }>();
  #result: JsonObject | null = null;
  #hasStreamed = false;
  session: string | null = null;

  constructor(turn: TextTurn, sink: CallSink, clock: Clock) {
    this.#turn = turn;
    this.#sink = sink;
    this.#clock = clock;
  }

  read(message: unknown): void {
    if (!isJsonObject(message)) return;
    this.session = stringAt(message, 'session_id') ?? this.session;
    switch (message.type) {
      case 'stream_event':
        return this.#readDelta(objectAt(message.event, 'delta'));
      case 'assistant':
        for (const block of arrayAt(message.message, 'content')) this.#readBlock(block);
        this.#hasStreamed = false;
        return;
      case 'user':
        for (const block of arrayAt(message.message, 'content')) this.#readResult(block);
        return;
      case 'result':
        this.#result = message;
        return;
      default:
        return;
    }
  }

  /** Throws an AgentFailure where the query has failed. */
  end(): ModelEnd {
    const result = this.#result;
    if (!result) throw new AgentFailure('protocol', 'Claude Code ended without a result.');
    const subtype = stringAt(result, 'subtype') ?? '';
    const said = stringAt(result, 'result');
    const usage = usageOf(result);
    const costUsd = numberAt(result, 'total_cost_usd');
    if (subtype !== 'success' || result.is_error === true) {
      const words =
        said ??
        arrayAt(result, 'errors')
          .filter((each) => typeof each === 'string')
          .join(' ');
      const failure = new AgentFailure(kindOf(words), `Claude Code failed (${subtype}): ${words}`);
      failure.spent = { ...(usage && { usage }), ...(costUsd !== null && { costUsd }) };
      throw failure;
    }
    return this.#turn.end({
      ...(said !== null && said !== '' && { text: said }),
      usage,
      costUsd,
      sentStopReason: stringAt(result, 'stop_reason') ?? subtype,
    });
  }

  #readDelta(delta: JsonObject | null): void {
    const [text, thought] = [stringAt(delta, 'text'), stringAt(delta, 'thinking')];
    if (text !== null) this.#turn.say(text);
    if (thought !== null) this.#sink.emit({ type: 'reasoning', text: thought });
    this.#hasStreamed ||= text !== null || thought !== null;
  }

  /** A whole block; what was streamed before has been told. */
  #readBlock(block: unknown): void {
    if (!isJsonObject(block)) return;
    if (block.type === 'text' && !this.#hasStreamed) this.#turn.say(stringAt(block, 'text') ?? '');
    if (block.type === 'thinking' && !this.#hasStreamed)
      this.#sink.emit({ type: 'reasoning', text: stringAt(block, 'thinking') ?? '' });
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

/** Its input counts leave cached tokens out; ours hold all of them. */
function usageOf(result: JsonObject): Usage | null {
  const usage = objectAt(result, 'usage');
  const [input, output] = [numberAt(usage, 'input_tokens'), numberAt(usage, 'output_tokens')];
  if (input === null || output === null) return null;
  const cachedInput = numberAt(usage, 'cache_read_input_tokens') ?? 0;
  const cacheWrite = numberAt(usage, 'cache_creation_input_tokens') ?? 0;
  return { ...NO_USAGE, input: input + cachedInput + cacheWrite, output, cachedInput, cacheWrite };
}

function kindOf(words: string): ModelErrorKind {
  if (/\b(401|403)\b|api key|login|log in|authenticat/i.test(words)) return 'auth';
  if (/\b429\b|rate.?limit/i.test(words)) return 'rate-limit';
  if (/credit|quota|billing/i.test(words)) return 'quota';
  return 'bad-request';
}
