import { addUsage, NO_USAGE, type Usage } from '../../events/usage.ts';
import { randomHex } from '../../platform/entropy.ts';
import { AgentFailure } from '../external/agent-failure.ts';
import { field, methodOf, textField, UseTeller, type FrameworkRunner, type FrameworkTurn } from './framework-turn.ts';
import { readUsage } from './usage.ts';

/** A compiled graph of LangGraph.js whose state has `messages`. */
export const runLangGraph: FrameworkRunner = async (graph, call) => {
  const stream = methodOf(graph, 'stream');
  if (!stream) throw new AgentFailure('bad-request', 'The export is no compiled graph: it has no stream().');
  const options = {
    streamMode: ['messages', 'updates'],
    signal: call.signal,
    // A graph that keeps its states wants a name for them; every call is told all of the conversation.
    configurable: { thread_id: `massgen-${randomHex(8)}` },
  };
  const chunks = (await stream({ messages: call.messages }, options)) as AsyncIterable<[string, unknown]>;
  const reader = new GraphReader(call);
  for await (const [mode, chunk] of chunks) {
    call.sink.touch();
    if (mode === 'messages') reader.readMessage(chunk);
    if (mode === 'updates') reader.readUpdates(chunk);
  }
  return reader.end();
};

class GraphReader {
  readonly #call: FrameworkTurn;
  readonly #uses: UseTeller;
  #node = '';
  #reply: string | null = null;
  #usage: Usage | null = null;

  constructor(call: FrameworkTurn) {
    this.#call = call;
    this.#uses = new UseTeller(call);
  }

  /** A piece of what a model says, or a whole message of a node, with the node that it comes from. */
  readMessage(chunk: unknown): void {
    const [message, from] = Array.isArray(chunk) ? (chunk as unknown[]) : [];
    if (kindOf(message) !== 'ai') return;
    const node = textField(from, 'langgraph_node');
    if (node !== this.#node) this.#call.turn.breakOff();
    this.#node = node;
    const text = contentOf(message);
    if (text !== '') this.#call.turn.say(text);
  }

  /** What the nodes of one step have changed. */
  readUpdates(chunk: unknown): void {
    if (typeof chunk !== 'object' || chunk === null) return;
    for (const [node, update] of Object.entries(chunk)) {
      this.#call.sink.emit({ type: 'reasoning', text: `${node}\n` });
      const messages: unknown = field(update, 'messages');
      for (const message of Array.isArray(messages) ? (messages as unknown[]) : [messages]) this.#readWhole(message);
    }
  }

  end(): { text?: string; usage: Usage | null } {
    return { ...(this.#reply !== null && { text: this.#reply }), usage: this.#usage };
  }

  #readWhole(message: unknown): void {
    const kind = kindOf(message);
    if (kind === 'tool') {
      const isError = field(message, 'status') === 'error';
      return this.#uses.end(textField(message, 'tool_call_id'), contentOf(message), isError);
    }
    if (kind !== 'ai') return;
    this.#reply = contentOf(message) || this.#reply;
    const usage = readUsage(field(message, 'usage_metadata'));
    if (usage) this.#usage = addUsage(this.#usage ?? NO_USAGE, usage);
    const calls = field(message, 'tool_calls');
    for (const use of Array.isArray(calls) ? (calls as unknown[]) : []) {
      this.#uses.begin(textField(use, 'id'), textField(use, 'name'), field(use, 'args'));
    }
  }
}

function kindOf(message: unknown): string {
  const kind =
    methodOf(message, 'getType')?.() ??
    methodOf(message, '_getType')?.() ??
    field(message, 'type') ??
    field(message, 'role');
  return kind === 'assistant' ? 'ai' : String(kind);
}

function contentOf(message: unknown): string {
  const content = field(message, 'content');
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => textField(part, 'text')).join('') : '';
}
