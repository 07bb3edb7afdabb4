import type { AssistantMessage, LoadedFile, Message, ToolMessage } from '../../events/message.ts';
import { textOfFile } from './user-files.ts';

/** Texts of the user that stand together, or one reply of the model with the results of its calls. */
export type ConversationTurn =
  | { role: 'user'; texts: string[]; files?: LoadedFile[] }
  | { role: 'assistant'; message: AssistantMessage; results: ToolMessage[] };

export interface Conversation {
  system: string | null;
  turns: ConversationTurn[];
}

/** Stands in for the result of a call that was never run: vendors refuse a call without a result. */
const NOT_RUN = 'This call was not run.';

/**
 * Brings messages into the order that every vendor accepts: user texts in a row are one turn, empty messages are
 * left out, each call has exactly one result, and results stand right after the reply that made the calls. A reply that
 * holds nothing but items of another protocol than `protocol` is empty.
 */
export function readConversation(messages: readonly Message[], protocol: string): Conversation {
  const system: string[] = [];
  const turns: ConversationTurn[] = [];
  const say = (text: string): void => {
    if (text.trim() === '') return;
    const last = turns.at(-1);
    if (last?.role === 'user') last.texts.push(text);
    else turns.push({ role: 'user', texts: [text] });
  };
  const show = (file: LoadedFile): void => {
    const last = turns.at(-1);
    if (last?.role === 'user') last.files = [...(last.files ?? []), file];
    else turns.push({ role: 'user', texts: [], files: [file] });
  };
  for (const message of messages) {
    if (message.role === 'system') {
      if (message.text.trim() !== '') system.push(message.text);
    } else if (message.role === 'user') {
      say(message.text);
      for (const file of message.files ?? []) {
        if (file.mediaType === 'text/plain') say(textOfFile(file));
        else show(file);
      }
    } else if (message.role === 'assistant') {
      if (!isEmpty(message, protocol)) turns.push({ role: 'assistant', message, results: [] });
    } else if (!attachResult(turns, message)) {
      say(`Result of ${message.name}:\n${message.output}`);
    }
  }
  for (const turn of turns) {
    if (turn.role === 'assistant') turn.results = completeResults(turn.message, turn.results);
  }
  return { system: system.length > 0 ? system.join('\n\n') : null, turns };
}

function isEmpty(message: AssistantMessage, protocol: string): boolean {
  return message.text.trim() === '' && message.calls.length === 0 && nativeItems(message, protocol) === null;
}

function attachResult(turns: ConversationTurn[], result: ToolMessage): boolean {
  const turn = turns.findLast(
    (t) =>
      t.role === 'assistant' &&
      t.message.calls.some((c) => c.id === result.callId) &&
      !t.results.some((r) => r.callId === result.callId),
  );
  if (turn?.role !== 'assistant') return false;
  turn.results.push(result);
  return true;
}

function completeResults(message: AssistantMessage, results: ToolMessage[]): ToolMessage[] {
  return message.calls.map(
    (call) =>
      results.find((r) => r.callId === call.id) ?? {
        role: 'tool',
        callId: call.id,
        name: call.name,
        output: NOT_RUN,
        isError: true,
      },
  );
}

/** The provider's own items of a reply, if this protocol wrote them; null if the reply must be rebuilt. */
export function nativeItems(message: AssistantMessage, protocol: string): AssistantMessage['native'] | null {
  const native = message.native;
  return native && native.protocol === protocol && native.items.length > 0 ? native : null;
}
