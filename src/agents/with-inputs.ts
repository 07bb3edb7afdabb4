import type { Message } from '../events/message.ts';
import type { ModelError } from '../events/model-error.ts';
import { withPictures } from './tool-pictures.ts';
import type { TurnContext } from './turn-context.ts';

interface RequestInputs {
  messages: readonly Message[];
  stores: readonly string[];
}

type Inputs = Pick<TurnContext, 'conversation' | 'loadInputs' | 'loadPicture'>;

/** The files of the question stand with its first text, also in a conversation that has begun anew; pictures of tools with their results. */
export async function withInputs(context: Inputs): Promise<RequestInputs> {
  const messages = await withPictures(context.conversation(), context.loadPicture);
  const { files = [], stores = [] } = (await context.loadInputs?.()) ?? {};
  if (files.length === 0) return { messages, stores };
  const at = messages.findIndex((message) => message.role === 'user');
  const whole = messages.map((message, index) =>
    index === at && message.role === 'user' ? { ...message, files } : message,
  );
  return { messages: whole, stores };
}

/** As `withInputs`, for a turn that may be interrupted while files are uploaded. Never rejects. */
export async function inputsOfTurn(
  context: Inputs & Pick<TurnContext, 'signal'>,
): Promise<RequestInputs | { error: ModelError }> {
  const { signal } = context;
  const stopped = Promise.withResolvers<{ error: ModelError }>();
  const stop = (): void => stopped.resolve({ error: { kind: 'aborted', message: 'The turn was interrupted.' } });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const gone: ModelError = { kind: 'bad-request', message: 'The files of the question cannot be read any more.' };
  const loading = withInputs(context).catch(() => ({ error: gone }));
  return Promise.race([stopped.promise, loading]).finally(() => signal.removeEventListener('abort', stop));
}
