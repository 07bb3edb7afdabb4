/** `before`: the call has reached nobody. `during`: nobody knows whether it has taken effect. */
export type Loss = 'before' | 'during';

const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Whether the error of a call over HTTP means that its connection is of no use any more: the server is gone, or has
 * forgotten the session, as one that was started anew. Null for what a server says about the call itself.
 */
export function httpLossOf(error: unknown): Loss | null {
  if (!(error instanceof Error) || error.name === 'McpError' || error.name === 'UnauthorizedError') return null;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return UNREACHED.has(code) ? 'before' : 'during';
  const status = typeof code === 'number' ? code : Number(/\bHTTP (\d{3})\b/.exec(error.message)?.[1]);
  // The protocol says 404; many say 400 with a word about it.
  if (status === 404 || (status === 400 && /session/i.test(error.message))) return 'before';
  return Number.isInteger(status) ? null : 'during';
}
