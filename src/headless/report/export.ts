import type { RunReport } from '../../sessions/run-report.ts';
import { oneLine } from '../plain-text.ts';

/** What is exported: one run, or the runs of a session in their order. */
export interface ExportedConversation {
  /** Null for a single run. */
  session: ExportedSession | null;
  runs: RunReport[];
  /** Turns of the session whose logs are gone or damaged, in their order; absent where there are none. */
  missing?: MissingTurn[];
}

export interface MissingTurn {
  /** From 1, among all turns of the session. */
  turn: number;
  run: string;
  /** Why it cannot be shown, in a sentence. */
  reason: string;
}

export interface ExportedSession {
  id: string;
  name: string | null;
  /** The session that it branched off, and how many turns it took over; absent or null for one of its own. */
  parent?: { session: string; turns: number } | null;
}

/** Where the session comes from, in a sentence; null for one of its own, and for a single run. */
export function branchLine({ session }: ExportedConversation): string | null {
  const parent = session?.parent;
  if (!parent) return null;
  const turns = parent.turns === 1 ? 'its first turn' : `its first ${parent.turns} turns`;
  return `This session branched off the session ${oneLine(parent.session)} after ${turns}.`;
}

/** For a heading: the session's name, else the first question. */
export function titleOf({ session, runs }: ExportedConversation): string {
  return session?.name ?? runs[0]?.question ?? session?.id ?? '';
}

/** All turns in their order, those included that cannot be shown. */
export function turnsOf({ runs, missing = [] }: ExportedConversation): (RunReport | MissingTurn)[] {
  const turns: (RunReport | MissingTurn)[] = [...runs];
  for (const each of missing) turns.splice(each.turn - 1, 0, each);
  return turns;
}
