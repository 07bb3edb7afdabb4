import type { Message } from '../events/message.ts';
import type { TurnContext } from './turn-context.ts';

/** The files of the question stand with its first text, also in a conversation that has begun anew. */
export async function withInputs(
  context: Pick<TurnContext, 'conversation' | 'loadInputs'>,
): Promise<{ messages: readonly Message[]; stores: readonly string[] }> {
  const messages = context.conversation();
  const { files = [], stores = [] } = (await context.loadInputs?.()) ?? {};
  if (files.length === 0) return { messages, stores };
  const at = messages.findIndex((message) => message.role === 'user');
  const whole = messages.map((message, index) =>
    index === at && message.role === 'user' ? { ...message, files } : message,
  );
  return { messages: whole, stores };
}
