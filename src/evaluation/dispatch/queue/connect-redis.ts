import type { Redis, RedisOptions } from 'ioredis';
import { EXIT, MassgenError } from '../../../platform/errors.ts';

/** Where the queue is. */
export interface RedisAddress {
  /** For people: host and port or path, never a user or a password. */
  shown: string;
  /** For the client; may hold a password. */
  options: Pick<RedisOptions, 'host' | 'port' | 'db' | 'path' | 'username' | 'password' | 'tls'>;
}

const FIRST_WAIT_MS = 50;
const MAX_WAIT_MS = 2_000;

/**
 * Reads `redis://[[user]:password@]host[:port][/db]`, `rediss://…` (TLS), `unix:/path` or `/path`. Throws a MassgenError
 * that does not repeat what was given, since it may hold a password.
 */
export function readRedisAddress(text: string): RedisAddress {
  const socket = /^(?:unix:(?:\/\/)?)?(\/.+)$/.exec(text)?.[1];
  if (socket !== undefined) return { shown: socket, options: { path: socket } };
  const url = URL.parse(text);
  const db = url ? Number(url.pathname.slice(1) || '0') : Number.NaN;
  const [username, password] = [decoded(url?.username ?? ''), decoded(url?.password ?? '')];
  const isRedis = url !== null && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '';
  if (!isRedis || !Number.isInteger(db) || username === null || password === null) {
    throw new MassgenError(
      'bad-queue',
      'The address of the queue must be redis://host:6379, rediss://user:password@host:6379/0, or unix:/path/to/redis.sock; a % in the password is %25.',
    );
  }
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const port = Number(url.port || '6379');
  return {
    shown: `${url.hostname}:${port}`,
    options: {
      host,
      port,
      db,
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
      ...(url.protocol === 'rediss:' && { tls: { servername: host } }),
    },
  };
}

/** Null for a % that begins no character. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/**
 * Connects, and connects again for as long as it takes once it has been connected; what is sent in between waits. Rejects
 * with a MassgenError when nobody answers at first. Whoever calls it disconnects.
 */
export async function connectRedis({ shown, options }: RedisAddress): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  let hasBeen = false;
  const all = {
    // The shape of replies that the queue's library knows.
    protocol: 2 as const,
    ...options,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (tries: number) =>
      hasBeen ? Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10)) : null,
  };
  const client = new Client(all);
  // Without a listener a lost connection would end the process; it comes back by itself.
  let cause: unknown = null;
  client.on('error', (error) => (cause = error));
  try {
    await client.connect();
    hasBeen = true;
    return client;
  } catch (error) {
    client.disconnect();
    const reason = cause ?? error;
    const code = reason instanceof Error && 'code' in reason ? String(reason.code) : 'no answer, or a wrong password';
    throw new MassgenError(
      'no-queue',
      `The queue at ${shown} cannot be used (${code}). Start Redis there ("redis-server"), or check address and password.`,
      { exitCode: EXIT.execution, cause: reason },
    );
  }
}
