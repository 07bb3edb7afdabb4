import type { JsonObject } from '../../events/json.ts';
import type { Message } from '../../events/message.ts';
import type { CallSink } from '../external/agent-call.ts';
import type { TextTurn, TurnEnd } from '../external/text-turn.ts';
import type { ModelRequest } from '../provider.ts';
import { userWords } from '../wire/user-files.ts';

/** One of the run's tools, as a module of the user's gets it. */
export interface AgentTool {
  name: string;
  description: string;
  /** JSON Schema of type object. */
  parameters: JsonObject;
  /** Runs it, or notes it where it is a workflow tool. Never rejects. */
  execute: (args: JsonObject) => Promise<string>;
}

/** A message as most frameworks take it. */
export interface PlainMessage {
  role: 'user' | 'assistant';
  content: string;
}

/** One call of an agent of a framework. */
export interface FrameworkTurn {
  request: ModelRequest;
  sink: CallSink;
  turn: TextTurn;
  /** The whole conversation; the last message says how the run's tools are called. */
  messages: PlainMessage[];
  tools: AgentTool[];
  /** The user's module. */
  module: string;
  now(): number;
  signal: AbortSignal;
}

/** What drives the agents of one framework. It knows them by their shape, since the package is the user's own. */
export type FrameworkRunner = (agent: unknown, call: FrameworkTurn) => Promise<TurnEnd>;

/**
 * The conversation without the words that only models with tools know. Neighbours of one role are joined. Without
 * `tellsCalls` an agent's own calls are only told where they hold an answer, since a small model would copy their form.
 */
export function plainMessages(messages: readonly Message[], instructions: string, tellsCalls = true): PlainMessage[] {
  const plain: PlainMessage[] = [];
  const add = (role: PlainMessage['role'], content: string): void => {
    const last = plain.at(-1);
    if (content === '') return;
    if (last?.role === role) last.content += `\n\n${content}`;
    else plain.push({ role, content });
  };
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        add('user', message.text);
        break;
      case 'user':
        add('user', userWords(message).join('\n\n'));
        break;
      case 'tool':
        if (!tellsCalls && !message.isError) break;
        add('user', `The result of ${message.name}${message.isError ? ' (an error)' : ''}:\n${message.output}`);
        break;
      case 'assistant': {
        const calls = message.calls.map((call) =>
          tellsCalls ? `(You called ${call.name} with ${call.rawArgs}.)` : textField(call.args, 'content'),
        );
        add('assistant', [...new Set([message.text, ...calls])].filter(Boolean).join('\n'));
        break;
      }
    }
  }
  add('user', instructions);
  return plain;
}

/** Tells the uses of the agent's own tools, and that what it said before them is not its reply. */
export class UseTeller {
  readonly #call: FrameworkTurn;
  readonly #open = new Map<string, { id: string; name: string; startedAt: number }>();

  constructor(call: FrameworkTurn) {
    this.#call = call;
  }

  /** Workflow calls and the run's other tools are told by the run itself. */
  begin(key: string, name: string, input: unknown): void {
    if (this.#open.has(key) || this.#call.tools.some((tool) => tool.name === name)) return;
    this.#call.turn.breakOff();
    const id = this.#call.turn.newUseId();
    this.#open.set(key, { id, name, startedAt: this.#call.now() });
    const args = objectOf(input);
    this.#call.sink.emit({ type: 'own-tool', call: { id, name, args, rawArgs: JSON.stringify(args) } });
  }

  end(key: string, output: unknown, isError = false): void {
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    const { id: callId, name, startedAt } = open;
    const durationMs = this.#call.now() - startedAt;
    this.#call.sink.emit({ type: 'own-result', callId, name, output: wordsOf(output), isError, durationMs });
  }
}

/** Anything as a JSON object; arguments may come as text. */
export function objectOf(input: unknown): JsonObject {
  try {
    const value: unknown = typeof input === 'string' ? JSON.parse(input) : JSON.parse(JSON.stringify(input ?? {}));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : { input: value as string };
  } catch {
    return { input: String(input) };
  }
}

const MAX_WORDS = 30_000;

export function wordsOf(output: unknown): string {
  const words = typeof output === 'string' ? output : (JSON.stringify(output) ?? '');
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}

/** A function of something that came from the user's module, or null. */
export function methodOf(value: unknown, name: string): ((...args: unknown[]) => unknown) | null {
  if (typeof value !== 'object' || value === null) return null;
  const method = (value as Record<string, unknown>)[name];
  return typeof method === 'function' ? (method.bind(value) as (...args: unknown[]) => unknown) : null;
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

export function textField(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}
