import type { LoadedFile, Message } from '../../events/message.ts';
import { userWords } from '../wire/user-files.ts';
import type { NextPart } from './conversation-cursor.ts';

/**
 * A part of a conversation in one text, for agents that take a prompt. An agent that begins anew is told its own
 * earlier words too; one that goes on knows them, and only hears which of its calls were not accepted. Files that are
 * texts stand in it; `shows` tells which others go along in another way, and the agent is told of the rest.
 */
export function toldText({ isNew, messages }: NextPart, shows: (file: LoadedFile) => boolean = () => false): string {
  const parts = messages.flatMap((message) => partsOf(message, isNew, shows));
  return parts.length > 0 ? parts.join('\n\n') : 'Go on.';
}

function partsOf(message: Message, isNew: boolean, shows: (file: LoadedFile) => boolean): string[] {
  switch (message.role) {
    case 'system':
      return [message.text];
    case 'user':
      return userWords(message, shows);
    case 'tool':
      if (!isNew && !message.isError && message.output.startsWith('Recorded')) return [];
      return [`The result of ${message.name}${message.isError ? ' (an error)' : ''}:\n${message.output}`];
    case 'assistant': {
      if (!isNew) return [];
      const calls = message.calls.map((call) => `(You called ${call.name} with ${call.rawArgs}.)`);
      const said = [message.text, ...calls].filter(Boolean);
      return said.length > 0 ? [`You said:\n${said.join('\n')}`] : [];
    }
  }
}
