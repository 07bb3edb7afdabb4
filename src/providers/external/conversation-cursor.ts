import type { Message } from '../../events/message.ts';

/** What an agent that keeps its own conversation has to be told next. */
export interface NextPart {
  /** The conversation is another one than before: the agent has to begin anew, and `messages` is all of it. */
  isNew: boolean;
  messages: readonly Message[];
}

/** Knows what an agent has been told, so that it is told only what is new. */
export class ConversationCursor {
  #known: readonly string[] | null = null;

  next(messages: readonly Message[]): NextPart {
    const known = this.#known;
    const marks = messages.map(markOf);
    const goesOn =
      known !== null && known.length <= marks.length && known.every((mark, index) => mark === marks[index]);
    return goesOn ? { isNew: false, messages: messages.slice(known.length) } : { isNew: true, messages };
  }

  /** The agent knows these messages now and, if it has replied, its own reply. */
  told(messages: readonly Message[], hasReplied: boolean): void {
    this.#known = [...messages.map(markOf), ...(hasReplied ? ['assistant'] : [])];
  }

  /** The agent has its memory back, up to its last reply in these messages. */
  remembered(messages: readonly Message[]): void {
    const last = messages.findLastIndex((message) => message.role === 'assistant');
    this.#known = messages.slice(0, last + 1).map(markOf);
  }

  /** The agent has lost its memory. */
  forget(): void {
    this.#known = null;
  }
}

/** Replies are known by their place: the agent remembers its own words, and the log may have hidden a secret in them. */
function markOf(message: Message): string {
  return message.role === 'system' || message.role === 'user' ? `${message.role} ${message.text}` : message.role;
}
