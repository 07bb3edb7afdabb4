import type { ToolCall, ToolSpec } from '../../events/message.ts';
import { createToolCall } from '../wire/tool-call.ts';

/** Text without its blocks, and the calls that the blocks made. */
export interface ReadBlocks {
  text: string;
  calls: ToolCall[];
}

/**
 * How agents call tools that they cannot be given: a block in their text, between tags with a word that is drawn for
 * each conversation, so that no text of others can make a call.
 */
export class CallBlocks {
  readonly #open: string;
  readonly #close: string;

  constructor(word: string) {
    this.#open = `<massgen-${word}>`;
    this.#close = `</massgen-${word}>`;
  }

  /** What the agent is told about it, at the end of a prompt. `others` says how else the tools can be called. */
  instructions(tools: readonly ToolSpec[], others = ''): string {
    const listed = tools.map(
      ({ name, description, parameters }) => `- ${name}: ${description}\n  arguments: ${JSON.stringify(parameters)}`,
    );
    return [
      others,
      `${others === '' ? 'You call a tool' : 'Where you cannot do that, you call a tool'} by ending your reply with a block of exactly this form, tags included, with nothing after it:`,
      `${this.#open}{"tool": "NAME", "arguments": {…}}${this.#close}`,
      `It must be JSON on its own. The tools are:\n${listed.join('\n')}`,
    ]
      .filter(Boolean)
      .join('\n\n');
  }

  /** A block that is no call, or not closed, is a call whose arguments are broken: the agent is told so. */
  read(text: string, newId: () => string): ReadBlocks {
    const calls: ToolCall[] = [];
    let rest = '';
    let from = 0;
    for (;;) {
      const start = text.indexOf(this.#open, from);
      if (start < 0) break;
      const end = text.indexOf(this.#close, start);
      rest += text.slice(from, start);
      calls.push(readCall(text.slice(start + this.#open.length, end < 0 ? undefined : end), newId()));
      from = end < 0 ? text.length : end + this.#close.length;
    }
    return { text: (rest + text.slice(from)).trim(), calls };
  }

  /** Lets streamed text through without its blocks. Returns what may be shown of `text`, and at the end the rest. */
  filter(): { add(text: string): string; end(): string } {
    let held = '';
    const add = (text: string): string => {
      held += text;
      let shown = '';
      for (;;) {
        const start = held.indexOf(this.#open);
        if (start < 0) {
          const keep = overlap(held, this.#open);
          shown += held.slice(0, held.length - keep);
          held = held.slice(held.length - keep);
          return shown;
        }
        const end = held.indexOf(this.#close, start);
        shown += held.slice(0, start);
        held = end < 0 ? held.slice(start) : held.slice(end + this.#close.length);
        if (end < 0) return shown;
      }
    };
    return { add, end: () => (held.startsWith(this.#open) ? '' : held) };
  }
}

function readCall(body: string, id: string): ToolCall {
  const { args } = createToolCall(id, '', body.trim());
  const { tool, arguments: given } = args ?? {};
  const name = typeof tool === 'string' ? tool : 'unknown';
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  return { id, name, args: isObject ? given : null, rawArgs: isObject ? JSON.stringify(given) : body.trim() };
}

/** How much of the end of `text` may be the beginning of `tag`. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length -= 1) {
    if (tag.startsWith(text.slice(text.length - length))) return length;
  }
  return 0;
}
