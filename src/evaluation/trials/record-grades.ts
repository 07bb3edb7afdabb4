import { foldEvents } from '../../coordination/apply.ts';
import { gradeOf } from '../../coordination/grades.ts';
import type { RunState } from '../../coordination/state.ts';
import type { EventDraft } from '../../events/event.ts';
import type { Clock } from '../../platform/clock.ts';
import { EXIT, MassgenError } from '../../platform/errors.ts';
import { adoptRunLog } from '../../runlog/open-run-log.ts';
import { readAll } from '../../runlog/read-run-log.ts';
import { createRedactor } from '../../runlog/redact.ts';
import type { Trial } from '../suite/suite.ts';
import type { TrialRecord } from './trial-record.ts';

type GradeDraft = Extract<EventDraft, { type: 'answer.graded' }>;

/**
 * Writes what the grader says to the log of the trial's run, which has ended and stays so; what stands there already is not
 * written again. The log is taken over for it, so `isOurs` is asked first: a worker that lost the trial must not cut off
 * the one that has it. Rejects with a MassgenError where it was lost, or the log cannot be written.
 */
export async function recordGrades(
  trial: Trial,
  record: TrialRecord,
  { clock, isOurs }: { clock: Clock; isOurs: () => Promise<boolean> },
): Promise<void> {
  const before = foldEvents(await readAll(record.dir));
  if (before === null || draftsOf(trial, record, before).length === 0) return;
  if (!(await isOurs())) {
    throw new MassgenError('trial-taken', 'The trial was given to another worker while it was graded.', {
      exitCode: EXIT.execution,
    });
  }
  // Names of a suite and of graders are no secrets.
  const { log, events } = await adoptRunLog(record.dir, { clock, redact: createRedactor({ secrets: [] }) });
  try {
    const state = foldEvents(events);
    const committed = state ? draftsOf(trial, record, state).map((draft) => log.append(draft).committed) : [];
    await Promise.all(committed);
  } finally {
    await log.close();
  }
}

/** What is not said in the log yet. No answer counts as a wrong one. Nothing where the run goes on after all. */
function draftsOf({ item, team }: Trial, { final, answers }: TrialRecord, state: RunState): GradeDraft[] {
  if (!state.end) return [];
  const about = { grader: item.check.type, team: team.name, kind: item.kind };
  const all = [{ label: null, grade: final }, ...answers];
  return all.flatMap(({ label, grade }): GradeDraft[] => {
    const score = grade?.isRight === true ? 1 : 0;
    if (gradeOf(state, label)?.score === score) return [];
    return [{ type: 'answer.graded', data: { label, score, ...about } }];
  });
}
