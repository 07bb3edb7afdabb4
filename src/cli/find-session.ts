import { MassgenError } from '../platform/errors.ts';
import type { Session, SessionStore } from '../sessions/session-store.ts';

/** The session of that id, that name, or that beginning of an id. Throws a MassgenError when several begin so. */
export async function findSession(store: SessionStore, word: string): Promise<Session | null> {
  const sessions = await store.list();
  const exact = sessions.find((session) => session.id === word || session.name === word);
  if (exact) return exact;
  const begun = sessions.filter((session) => session.id.startsWith(word));
  if (begun.length > 1) {
    throw new MassgenError('no-session', `Several sessions begin with ${word}. Write more of the id.`);
  }
  return begun[0] ?? null;
}
