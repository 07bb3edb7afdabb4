import type { Message } from '../events/message.ts';
import type { TurnContext } from './turn-context.ts';

/** The files of the question stand with its first text, also in a conversation that has begun anew. */
export async function withInputs(
  context: Pick<TurnContext, 'conversation' | 'loadInputs'>,
): Promise<readonly Message[]> {
  const messages = context.conversation();
  const files = await context.loadInputs?.();
  if (!files || files.length === 0) return messages;
  const at = messages.findIndex((message) => message.role === 'user');
  return messages.map((message, index) => (index === at && message.role === 'user' ? { ...message, files } : message));
}
