import type { RunReport } from '../../sessions/run-report.ts';

/** What is exported: one run, or the runs of a session in their order. */
export interface ExportedConversation {
  /** Null for a single run. */
  session: { id: string; name: string | null } | null;
  runs: RunReport[];
}

/** For a heading: the session's name, else the first question. */
export function titleOf({ session, runs }: ExportedConversation): string {
  return session?.name ?? runs[0]?.question ?? session?.id ?? '';
}
