import { createOutput } from '../headless/output.ts';
import { sessionsText, type SessionLine } from '../headless/report/sessions-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { EXIT, type ExitCode } from '../platform/errors.ts';
import { readHistory } from '../sessions/history.ts';
import { lastUsedAt, type Session } from '../sessions/session-store.ts';
import type { CommandContext } from './command-context.ts';
import { sessionStoreOf } from './continue-session.ts';

/** Lists sessions, the latest first: those of this folder, or all. */
export async function listSessions(
  { all, json }: { all: boolean; json: boolean },
  { environment, streams }: CommandContext,
): Promise<ExitCode> {
  const sessions = await sessionStoreOf(environment).list();
  const shown = all ? sessions : sessions.filter((session) => session.cwd === environment.cwd);
  const lines = await Promise.all(shown.map(lineOf));
  const out = createOutput(streams.stdout);
  out.write(json ? `${safeJson(JSON.stringify(lines, null, 2))}\n` : sessionsText(lines, all));
  await out.flush();
  if (!json && lines.length === 0) {
    const others = sessions.length > 0 ? ` ${sessions.length} of other folders: --all shows them.` : '';
    streams.stderr.write(`No session was begun in this folder so far.${others}\n`);
  }
  return EXIT.ok;
}

async function lineOf(session: Session): Promise<SessionLine> {
  const history = await readHistory(session);
  return {
    id: session.id,
    name: session.name,
    cwd: session.cwd,
    turns: session.runs.length,
    lastUsedAt: lastUsedAt(session),
    firstQuestion: history[0]?.question ?? '',
    lastOutcome: history.at(-1)?.outcome ?? null,
    parent: session.parent,
    runs: session.runs.map(({ run }) => run),
  };
}
