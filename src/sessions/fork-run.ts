import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TeamSpec } from '../config/team.ts';
import { applyEvent, isOver } from '../coordination/apply.ts';
import type { RunState } from '../coordination/state.ts';
import { readLaunchRecord, writeLaunchRecord } from '../engine/launch-record.ts';
import type { UnknownEvent } from '../events/codec.ts';
import { encodeEvent } from '../events/codec.ts';
import type { AgentInfo, EventData, RunEvent } from '../events/event.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Clock } from '../platform/clock.ts';
import { MassgenError, messageOf } from '../platform/errors.ts';
import { createRunLog } from '../runlog/create-run-log.ts';
import { readLogLines } from '../runlog/read-run-log.ts';
import { createRedactor } from '../runlog/redact.ts';

export interface ForkOptions {
  /** The folder of the run to branch off. */
  dir: string;
  /** The last event that the branch takes over; null takes everything before the decision. */
  at: number | null;
  /** Where the branch's folder is made. */
  runsDir: string;
  clock: Clock;
  /** Another team, whose agents have the ids of the run's; null keeps the run's own. */
  team: TeamSpec | null;
  /** Where the command was started. */
  cwd: string;
  /** The session that the branch belongs to. */
  session: string;
}

/** What ends the open part of a run; a branch begins before the first of them unless told otherwise. */
const CLOSING: ReadonlySet<string> = new Set([
  'drafting.closed',
  'vote.overridden',
  'budget.reached',
  'deadline.neared',
  'deadline.reached',
  'winner.chosen',
  'run.cancelled',
  'run.finished',
]);

/**
 * Makes a new run that has the beginning of another one, ready to be gone on with. The other one is not changed.
 * Resolves with the branch's folder and the last event that it took over. Rejects with a MassgenError.
 */
export async function forkRun(options: ForkOptions): Promise<{ dir: string; at: number }> {
  const { dir, at, runsDir, clock, team, cwd, session } = options;
  const record = await readLaunchRecord(dir);
  const kept = await readBeginning(dir, at);
  const [first] = kept;
  const last = kept.at(-1);
  if (first?.type !== 'run.started' || !last) {
    throw new MassgenError('empty-run', `The run in ${dir} has no event before that point, so nothing can branch off.`);
  }
  const origin = team ? team.origin : record.origin;
  if (!origin)
    throw new MassgenError('team-changed', 'The team of the branch cannot be made again, so it cannot be used.');
  const started = (first as Extract<RunEvent, { type: 'run.started' }>).data;
  const data: EventData['run.started'] = {
    ...started,
    ...(team && {
      team: team.name,
      settings: team.settings,
      agents: started.agents.map((info) => replace(info, team)),
    }),
    session,
    parent: { run: basename(dir), seq: last.seq },
  };
  const redact = createRedactor({ secrets: [] });
  const log = await createRunLog({ runsDir, clock, redact });
  await log.close();
  // The question's own files; a branch whose log is there has them.
  if (started.inputs) await copyInputs(dir, log.dir);
  const events = [{ ...first, data }, ...kept.slice(1)].map((event) => ({ ...event, run: log.runId }) as RunEvent);
  // Atomic, so that a run that is not whole is never found.
  await writeFileAtomic(join(log.dir, 'run.jsonl'), events.map(encodeEvent).join(''), { fsync: true });
  await writeLaunchRecord(log.dir, { ...record, origin, pid: null, ...(team && { cwd }) }, redact);
  return { dir: log.dir, at: last.seq };
}

async function copyInputs(from: string, to: string): Promise<void> {
  await cp(join(from, 'inputs'), join(to, 'inputs'), { recursive: true }).catch((error: unknown) => {
    const message = `The files that went along with the question of the run in ${from} cannot be copied: ${messageOf(error)}`;
    throw new MassgenError('fork-files', message);
  });
}

/** The events up to that one, those of unknown types included. */
async function readBeginning(dir: string, at: number | null): Promise<(RunEvent | UnknownEvent)[]> {
  const kept: (RunEvent | UnknownEvent)[] = [];
  let state: RunState | null = null;
  let seq = 0;
  for await (const { event, envelope } of readLogLines(join(dir, 'run.jsonl'))) {
    seq = envelope.seq;
    if (at === null ? CLOSING.has(envelope.type) : seq > at) break;
    kept.push(envelope);
    if (event) state = applyEvent(state, event);
  }
  if (at !== null && at > seq) {
    throw new MassgenError('fork-point', `The run in ${dir} has ${seq} events, so nothing can branch off at ${at}.`);
  }
  if (state && isOver(state)) {
    const hint = 'Name an earlier one, or none: then it branches off before the decision.';
    throw new MassgenError('fork-point', `At event ${at ?? seq} the run in ${dir} is over. ${hint}`);
  }
  return kept;
}

function replace(info: AgentInfo, team: TeamSpec): AgentInfo {
  const spec = team.agents.find((agent) => agent.id === info.id);
  if (!spec) {
    const ids = team.agents.map((agent) => agent.id).join(', ');
    throw new MassgenError(
      'team-changed',
      `The run has an agent ${info.id}, which ${team.name} lacks (it has ${ids}).`,
    );
  }
  const { type, model, protocol } = spec.backend;
  return { ...info, type, model, isModel: protocol !== 'demo' && protocol !== 'scripted' };
}
