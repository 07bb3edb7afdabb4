import type { KeptPicture, Message, ToolMessage } from '../message.ts';
import type { Alias, RunEvent } from '../event.ts';

/**
 * What one agent's model is sent, rebuilt from the log: the messages of its next request, word for word. Keep one
 * per agent and give it every event of the run in order.
 */
export class Conversation {
  readonly #alias: Alias;
  #messages: Message[] = [];
  /** Calls of the last reply that have no result yet, by id. */
  #open = new Map<string, string>();

  constructor(alias: Alias) {
    this.#alias = alias;
  }

  /** The messages so far. Every call in them has its result, as providers demand; a call that never ended says so. */
  messages(): Message[] {
    return [...this.#messages, ...this.#interrupted()];
  }

  apply(event: RunEvent): void {
    if (event.agent !== this.#alias) return;
    switch (event.type) {
      case 'context.added':
        if (event.data.isReset) {
          this.#messages = [];
          this.#open.clear();
        }
        this.#closeCalls();
        this.#messages.push(...event.data.messages);
        return;
      case 'request.finished':
        this.#closeCalls();
        this.#messages.push(event.data.message);
        this.#open = new Map(event.data.message.calls.map((call) => [call.id, call.name]));
        return;
      case 'tool.finished':
        return this.#answerCall(event.data.callId, event.data.output, event.data.isError, event.data.pictures);
      case 'call.refused':
        if (event.data.callId === null) this.#messages.push({ role: 'user', text: event.data.message });
        else this.#answerCall(event.data.callId, event.data.message, true);
        return;
      case 'answer.submitted':
        if (event.data.callId !== null)
          this.#answerCall(event.data.callId, `Recorded as answer ${event.data.label}.`, false);
        return;
      case 'answer.evaluated':
        if (event.data.callId !== null) this.#answerCall(event.data.callId, 'Recorded.', false);
        return;
      case 'ballot.cast':
        return this.#answerCall(event.data.callId, `Recorded as a vote for ${event.data.choice}.`, false);
      default:
        return;
    }
  }

  #answerCall(callId: string, output: string, isError: boolean, pictures?: KeptPicture[]): void {
    const name = this.#open.get(callId);
    if (name === undefined) return;
    this.#open.delete(callId);
    this.#messages.push({ role: 'tool', callId, name, output, isError, ...(pictures && { pictures }) });
  }

  #interrupted(): ToolMessage[] {
    return [...this.#open].map(([callId, name]) => ({
      role: 'tool',
      callId,
      name,
      output: 'Interrupted before it ended.',
      isError: true,
    }));
  }

  #closeCalls(): void {
    this.#messages.push(...this.#interrupted());
    this.#open.clear();
  }
}
