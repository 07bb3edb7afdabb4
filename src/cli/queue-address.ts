import type { RedisAddress } from '../evaluation/dispatch/queue/connect-redis.ts';
import { MassgenError } from '../platform/errors.ts';

/** The variable that names the queue, for addresses with a password, which others could read in the list of processes. */
const QUEUE_VARIABLE = 'MASSGEN_QUEUE';

/** The variables that runs may know: the queue is none of their business, and its password not either. */
export function withoutQueue<T>(variables: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name !== QUEUE_VARIABLE));
}

/** Where the queue is: what the flag says, else the variable. Rejects with a MassgenError when neither is an address. */
export async function queueAddress(
  flag: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<RedisAddress> {
  const text = flag ?? variables[QUEUE_VARIABLE] ?? '';
  if (text === '') {
    throw new MassgenError('usage', `Name the queue: --queue redis://host:6379, or set ${QUEUE_VARIABLE}.`);
  }
  const { readRedisAddress } = await import('../evaluation/dispatch/queue/connect-redis.ts');
  return readRedisAddress(text);
}
