import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PendingApproval, PendingQuestion, RunState } from '../../coordination/state.ts';
import type { Command, RunHandle } from '../../events/run-handle.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Clock } from '../../platform/clock.ts';
import { readDropped } from '../../platform/read-dropped.ts';
import { followRun } from '../follow-run.ts';
import { oneLine } from '../plain-text.ts';
import { safeJson } from '../safe-json.ts';
import { readCommand } from './read-command.ts';

/** Folders inside the run's folder. */
const REQUESTS = 'requests';
const RESPONSES = 'responses';

const POLL_MS = 200;
const MAX_BYTES = 64 * 1024;
/** What does not parse may be half written; it is looked at so often before it is set aside. */
const MAX_LOOKS = 5;

export interface AnswerFilesOptions {
  /** The wall clock. */
  clock: Clock;
  /** After so long without an answer a question is declined and a call denied. */
  timeoutMs: number;
  /** Told, in a full sentence, what was wrong with a response, or that a file could not be written. */
  onProblem: (message: string) => void;
}

/** Something that waits for a program. */
interface Waiting {
  id: string;
  file: Record<string, unknown>;
  /** What a response says besides its own keys. */
  command: (response: object) => unknown;
  late: Command;
  timeoutMs: number;
}

interface Open extends Waiting {
  stopTimer: () => void;
  looks: number;
  isAnswered: boolean;
}

/**
 * Lets programs answer what agents ask: each call and question that waits stands in `requests/ID.json`, and is answered
 * by `responses/ID.json`, which is looked for five times a second while something waits. Both are removed once it is
 * settled. A response that is wrong is renamed to `ID.rejected.json`, and another one may follow. Resolves after the
 * end of the run, when nothing is left. Never rejects.
 */
export async function keepAnswerFiles(handle: RunHandle, options: AnswerFilesOptions): Promise<void> {
  const { clock, onProblem } = options;
  const requests = join(handle.dir, REQUESTS);
  const responses = join(handle.dir, RESPONSES);
  const open = new Map<string, Open>();
  let state: RunState | null = null;
  let stopPolling: (() => void) | null = null;
  let work: Promise<void> = Promise.resolve();
  const guarded = (step: () => Promise<void>): void => {
    work = work.then(step).catch((error: unknown) => onProblem(troubleOf(handle.dir, error)));
  };
  guarded(() => prepare([requests, responses]));

  const poll = (): void => {
    stopPolling = null;
    guarded(async () => {
      for (const each of open.values()) if (!each.isAnswered) await look(each);
      plan();
    });
  };
  const plan = (): void => {
    if (open.size > 0) stopPolling ??= clock.after(POLL_MS, poll);
  };

  const look = async (each: Open): Promise<void> => {
    const dropped = await readDropped(responses, `${each.id}.json`, MAX_BYTES);
    if (dropped === null || !state) return;
    const read = 'fault' in dropped ? dropped : commandIn(dropped.text, each, state);
    if (read === null) {
      each.looks += 1;
      if (each.looks < MAX_LOOKS) return;
    }
    if (read && 'command' in read) {
      each.isAnswered = true;
      return handle.send(read.command);
    }
    each.looks = 0;
    const why = read?.fault ?? 'It is not valid JSON.';
    onProblem(`${join(RESPONSES, `${each.id}.json`)} was set aside: ${oneLine(why)}`);
    await rename(join(responses, `${each.id}.json`), join(responses, `${each.id}.rejected.json`));
  };

  const stop = followRun(handle, (_event, now) => {
    state = now;
    const waiting = waitingIn(now, options.timeoutMs, clock.now());
    for (const [id, { stopTimer }] of open) {
      if (waiting.some((each) => each.id === id)) continue;
      open.delete(id);
      stopTimer();
      guarded(async () => {
        for (const folder of [requests, responses]) await rm(join(folder, `${id}.json`), { force: true });
      });
    }
    for (const each of waiting) {
      if (open.has(each.id)) continue;
      const stopTimer = clock.after(each.timeoutMs, () => handle.send(each.late));
      open.set(each.id, { ...each, stopTimer, looks: 0, isAnswered: false });
      const text = safeJson(`${JSON.stringify(each.file, null, 2)}\n`);
      guarded(() => writeFileAtomic(join(requests, `${each.id}.json`), text));
    }
    plan();
  });
  await stop.catch(() => null);
  (stopPolling as (() => void) | null)?.();
  for (const { stopTimer } of open.values()) stopTimer();
  await work;
}

/** What an earlier process left there is void. A link in the place of a folder is removed, not followed. */
async function prepare(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
  }
}

/** Null for a text that may be half written. */
function commandIn(text: string, { command }: Waiting, state: RunState): ReturnType<typeof readCommand> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? readCommand(command(value), state)
      : { fault: 'It is no JSON object.' };
  } catch {
    return null;
  }
}

/** Everything that waits for a user now. Times are seconds since 1970. */
function waitingIn(state: RunState, timeoutMs: number, now: number): Waiting[] {
  const idOf = (alias: string): string => state.agents[alias]?.info.id ?? alias;
  const times = (limitMs: number): object => ({ asked_at: now / 1000, expires_at: (now + limitMs) / 1000 });
  const reason = `No answer came within ${timeoutMs / 1000} seconds.`;
  const approvals = state.approvals.map((each: PendingApproval): Waiting => {
    const { request: id, tool, action, target, risk, detail, diff, alias, subagent } = each;
    return {
      id,
      file: {
        v: 1,
        kind: 'approval',
        id,
        agent: idOf(alias),
        ...(subagent !== undefined && { subagent }),
        tool,
        action,
        target,
        risk,
        detail,
        diff,
        ...times(timeoutMs),
      },
      command: (response) => ({ ...response, type: 'decide', request: id }),
      late: { type: 'decide', request: id, isAllowed: false, scope: 'once', by: 'timeout', reason },
      timeoutMs,
    };
  });
  const questions = state.questions
    .filter(({ waitsFor }) => waitsFor.includes('user'))
    .map((each: PendingQuestion): Waiting => {
      const { question: id, text, options, isMultiple, allowsText, alias, subagent } = each;
      const who = { agent: idOf(alias), ...(subagent !== undefined && { subagent }) };
      const limitMs = Math.min(timeoutMs, each.timeoutMs ?? timeoutMs);
      const file = { v: 1, kind: 'question', id, ...who, text, options, multiple: isMultiple };
      return {
        id,
        file: { ...file, allow_text: allowsText, ...times(limitMs) },
        command: (response) => ({
          ...response,
          type: 'decline' in response && response.decline === true ? 'decline' : 'reply',
          question: id,
        }),
        late: { type: 'decline', question: id, outcome: 'declined', reason, by: 'policy' },
        timeoutMs: limitMs,
      };
    });
  return [...approvals, ...questions, ...reviewIn(state, timeoutMs, times(timeoutMs))];
}

/** The changed files that wait for a decision. Without one nothing is written. */
function reviewIn({ changes }: RunState, timeoutMs: number, times: object): Waiting[] {
  if (changes?.state !== 'proposed') return [];
  const { label, base: folder, patch, files } = changes;
  const id = `review-${label}`;
  return [
    {
      id,
      file: { v: 1, kind: 'review', id, label, folder, patch, files, ...times },
      command: (response) => ({ ...response, type: 'review' }),
      late: {
        type: 'review',
        paths: [],
        comment: `No decision came within ${timeoutMs / 1000} seconds.`,
        by: 'policy',
      },
      timeoutMs,
    },
  ];
}

function troubleOf(dir: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return `The files of what agents ask could not be kept in ${oneLine(dir)} (${code}); what waits is declined when its time is over.`;
}
