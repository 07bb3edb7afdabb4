import type { SessionUpdate, ToolCall as AcpToolCall, ToolCallContent, ToolCallUpdate } from '@agentclientprotocol/sdk';
import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { Clock } from '../../platform/clock.ts';
import { plannedTask } from '../external/planned-task.ts';
import type { StreamedEvent } from '../wire/model-call.ts';

/** What a call is known by until it is over. */
interface OpenCall {
  id: string;
  name: string;
  startedAt: number;
  /** Asked when it is over: a terminal in it goes on writing. */
  output: () => string;
}

const MAX_OUTPUT_CHARS = 30_000;

/**
 * Understands what one prompt's agent tells. It says nothing in the agent's name: what it does not know, it ignores, so
 * that a newer agent does not break it.
 */
export class UpdateReader {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #isOurs: (update: AcpToolCall | ToolCallUpdate) => boolean;
  readonly #calls = new Map<string, OpenCall | 'done' | 'ours'>();
  readonly #terminalText: (id: string) => string | null;
  /** What the agent said between its uses of tools. */
  #segments: string[] = [''];
  #isApart = false;
  #thoughts = '';
  #costUsd: number | null = null;

  constructor(options: {
    clock: Clock;
    /** Ids that are unique in the agent's conversation, which those of its sessions are not. */
    newId: () => string;
    isOurs: (update: AcpToolCall | ToolCallUpdate) => boolean;
    /** What a terminal of the agent has written; null for one that there is not. */
    terminalText: (id: string) => string | null;
  }) {
    this.#clock = options.clock;
    this.#newId = options.newId;
    this.#isOurs = options.isOurs;
    this.#terminalText = options.terminalText;
  }

  read(update: SessionUpdate): StreamedEvent[] {
    switch (update.sessionUpdate) {
      case 'agent_message_chunk': {
        const text = update.content.type === 'text' ? update.content.text : '';
        if (text === '') return [];
        this.#segments.push((this.#segments.pop() ?? '') + text);
        const isApart = this.#isApart;
        this.#isApart = false;
        return [{ type: 'text', text: isApart ? `\n\n${text}` : text }];
      }
      case 'agent_thought_chunk': {
        const text = update.content.type === 'text' ? update.content.text : '';
        this.#thoughts += text;
        return text === '' ? [] : [{ type: 'reasoning', text }];
      }
      case 'tool_call':
      case 'tool_call_update':
        return this.#readCall(update);
      case 'plan':
        return [
          { type: 'plan', tasks: update.entries.map(({ content, status }, at) => plannedTask(content, status, at)) },
        ];
      case 'usage_update':
        if (update.cost?.currency === 'USD') this.#costUsd = update.cost.amount;
        return [];
      default:
        return [];
    }
  }

  /** Uses that the agent has not told the end of; they have ended with its turn. */
  end(): StreamedEvent[] {
    return [...this.#calls].flatMap(([key, call]) =>
      typeof call === 'string' ? [] : this.#finish(key, call, 'failed', call.output() || 'The agent told no result.'),
    );
  }

  /** The last thing that the agent said is its reply; what it said while it worked is how it came to it. */
  get text(): string {
    return this.#spoken.at(-1) ?? '';
  }

  get reasoning(): string {
    return [this.#thoughts, ...this.#spoken.slice(0, -1)].filter(Boolean).join('\n\n');
  }

  /** What the session has cost so far, in USD, if the agent tells. */
  get costUsd(): number | null {
    return this.#costUsd;
  }

  get #spoken(): string[] {
    return this.#segments.map((segment) => segment.trim()).filter(Boolean);
  }

  #breakOff(): void {
    if (this.#segments.at(-1) !== '') this.#segments.push('');
  }

  #readCall(update: AcpToolCall | ToolCallUpdate): StreamedEvent[] {
    const key = update.toolCallId;
    const known = this.#calls.get(key);
    if (known === 'ours' || known === 'done') return [];
    if (this.#isOurs(update)) {
      this.#calls.set(key, 'ours');
      this.#breakOff();
      // The run tells of it elsewhere, so nothing here stands between the words before and after it.
      this.#isApart = this.#spoken.length > 0;
      return [];
    }
    const events: StreamedEvent[] = [];
    let call = known;
    if (!call) {
      this.#breakOff();
      this.#isApart = false;
      call = { id: this.#newId(), name: nameOf(update), startedAt: this.#clock.now(), output: () => '' };
      this.#calls.set(key, call);
      const args = argumentsOf(update);
      events.push({ type: 'own-tool', call: { id: call.id, name: call.name, args, rawArgs: JSON.stringify(args) } });
    }
    const output = (): string => outputOf(update, this.#terminalText);
    if (output() !== '' || update.content?.some(({ type }) => type === 'terminal') === true) call.output = output;
    const { status } = update;
    if (status !== 'completed' && status !== 'failed') return events;
    return [...events, ...this.#finish(key, call, status, call.output())];
  }

  #finish(key: string, call: OpenCall, status: 'completed' | 'failed', output: string): StreamedEvent[] {
    this.#calls.set(key, 'done');
    const durationMs = this.#clock.now() - call.startedAt;
    const { id: callId, name } = call;
    return [{ type: 'own-result', callId, name, output, isError: status === 'failed', durationMs }];
  }
}

/** Agents name their tools in titles for people; the kind says what it comes to. */
function nameOf({ kind, name, title }: AcpToolCall | ToolCallUpdate): string {
  return (name || (kind && kind !== 'other' ? kind : '') || title || 'tool').slice(0, 60);
}

function argumentsOf({ title, rawInput, locations }: AcpToolCall | ToolCallUpdate): JsonObject {
  const input: unknown = rawInput === undefined ? undefined : JSON.parse(JSON.stringify(rawInput));
  const paths = (locations ?? []).map(({ path }) => path);
  return {
    ...(title ? { title } : {}),
    ...(isJsonObject(input) ? input : {}),
    ...(isJsonObject(input) || paths.length === 0 ? {} : { paths }),
  };
}

function outputOf(
  { content, rawOutput }: AcpToolCall | ToolCallUpdate,
  terminalText: (id: string) => string | null,
): string {
  const said = (content ?? [])
    .map((part) => contentText(part, terminalText))
    .filter(Boolean)
    .join('\n');
  const text = said || (typeof rawOutput === 'string' ? rawOutput : '');
  return text.length > MAX_OUTPUT_CHARS ? `${text.slice(0, MAX_OUTPUT_CHARS)}…` : text;
}

function contentText(part: ToolCallContent, terminalText: (id: string) => string | null): string {
  switch (part.type) {
    case 'content':
      return part.content.type === 'text' ? part.content.text : `(${part.content.type})`;
    case 'diff':
      return diffText(part.path, part.oldText ?? '', part.newText);
    case 'terminal':
      return terminalText(part.terminalId) ?? '(a terminal)';
    default:
      return '';
  }
}

/** The lines that differ, without those that both have at the beginning and the end. */
export function diffText(path: string, before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const removed = before === '' ? [] : old.slice(head, old.length - tail).map((line) => `-${line}`);
  const added = fresh.slice(head, fresh.length - tail).map((line) => `+${line}`);
  return [`--- ${path}`, `+++ ${path}`, `@@ line ${head + 1} @@`, ...removed, ...added].join('\n');
}
