import type { Environment as Variables } from '../../config/env.ts';
import type { TeamSpec } from '../../config/team.ts';
import { foldEvents } from '../../coordination/apply.ts';
import type { RunEvent } from '../../events/event.ts';
import { addCost, addUsage } from '../../events/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import { MassgenError, messageOf } from '../../platform/errors.ts';
import type { SharedLimits } from '../../providers/limits/shared-limiter.ts';
import type { RunTrial, TrialHome } from '../dispatch/dispatcher.ts';
import { followToEnd } from '../follow-to-end.ts';
import { gradeByJudge } from '../graders/grade-by-judge.ts';
import { gradeByTests } from '../graders/grade-by-tests.ts';
import { gradeExactly, type Grade } from '../graders/grade-exactly.ts';
import type { Trial } from '../suite/suite.ts';
import { assessRun } from './assess-run.ts';
import { failedRecord } from './failed-record.ts';
import { openRun } from './open-run.ts';
import { recordGrades } from './record-grades.ts';
import type { Spending, TrialRecord } from './trial-record.ts';

export interface TrialSurroundings {
  /** Where the runs' folders are made, absolute. */
  runsDir: string;
  cwd: string;
  home: string;
  /** The whole environment, keys included. */
  variables: Variables;
  /** Of this process, for programs that grade. */
  path: string;
  clock: Clock;
  version: string;
  rateLimit: boolean;
  /** Rate limits that all trials keep to together, wherever they run. */
  sharedLimits: SharedLimits;
  /** The config of who judges, absolute; null where nobody does. */
  judge: string | null;
}

/** Of errors that say nothing about the trial: nobody could run it here, or somebody else runs it now. */
const NO_RESULT: ReadonlySet<string> = new Set(['no-sandbox', 'run-adopted', 'run-busy', 'trial-taken']);

/** A way to run trials here: each a run of its own, with a log that can be inspected and replayed. */
export function createTrialRunner(surroundings: TrialSurroundings): RunTrial {
  const teams = new Map<string, Promise<TeamSpec>>();
  const teamOf = (config: string): Promise<TeamSpec> => {
    const known = teams.get(config) ?? loadTeam(config, surroundings);
    teams.set(config, known);
    return known;
  };
  return async (trial, signal, home) => {
    const team = await teamOf(trial.team.config);
    const asked = { question: trial.item.question, seed: trial.seed };
    let judging: Spending | null = null;
    const onJudged = (events: readonly RunEvent[]): void => {
      const state = foldEvents(events);
      if (state) judging = sumOf(judging, state);
    };
    let events: readonly RunEvent[] = [];
    let record: TrialRecord;
    try {
      const ended = await runToEnd(team, asked, surroundings, signal, home);
      events = ended.events;
      record = await assessRun(trial, ended, (text) => grade(trial, text, signal, onJudged));
      await tellRun(trial, record, home, surroundings.clock);
    } catch (error) {
      // What cannot work for any trial ends them all; what went wrong in this one is its result.
      if (signal.aborted || (error instanceof MassgenError && NO_RESULT.has(error.code))) throw error;
      record = failedRecord(trial, messageOf(error), foldEvents(events));
    }
    return judging === null ? record : { ...record, judging };
  };

  async function grade(
    { item, seed }: Trial,
    text: string,
    signal: AbortSignal,
    onJudged: (events: readonly RunEvent[]) => void,
  ): Promise<Grade> {
    const { check, question } = item;
    if (check.type === 'unit-tests') return gradeByTests(check, text, surroundings.clock, surroundings.path);
    if (check.type === 'json-schema') return (await import('../graders/grade-json.ts')).gradeJson(check.schema, text);
    if (check.type !== 'judge') return gradeExactly(check, text);
    const { judge } = surroundings;
    if (judge === null) throw new MassgenError('no-judge', `${item.id} asks for a judge, and the suite names none.`);
    return gradeByJudge({ question, rubric: check.rubric, answer: text }, async (prompt) => {
      const asked = { question: prompt, seed };
      const { events } = await runToEnd(await teamOf(judge), asked, surroundings, signal);
      onJudged(events);
      return events.findLast((event) => event.type === 'answer.presented')?.data.text ?? '';
    });
  }
}

/** Rejects only where the trial is somebody else's: the record tells the grades too, so a log that is gone costs none. */
async function tellRun(trial: Trial, record: TrialRecord, home: TrialHome | undefined, clock: Clock): Promise<void> {
  const isOurs = home ? () => home.isOurs() : () => Promise.resolve(true);
  await recordGrades(trial, record, { clock, isOurs }).catch((error: unknown) => {
    if (!(error instanceof MassgenError) || NO_RESULT.has(error.code)) throw error;
  });
}

function sumOf(before: Spending | null, { usage, cost }: Spending): Spending {
  if (before === null) return { usage, cost };
  return { usage: addUsage(before.usage, usage), cost: addCost(before.cost, cost.usd, cost.isComplete) };
}

/** Rejects with a MassgenError that lists everything in the way. */
export async function loadTeam(
  config: string,
  { variables, cwd }: Pick<TrialSurroundings, 'variables' | 'cwd'>,
): Promise<TeamSpec> {
  const [{ loadConfig }, { resolveTeam }] = await Promise.all([
    import('../../config/load.ts'),
    import('../../config/resolve.ts'),
  ]);
  return resolveTeam(await loadConfig(config, { env: variables, cwd }), { env: variables, overrides: {} });
}

/** Rejects when the run cannot begin or its log cannot be written, and, after it has ended, when it was aborted. */
async function runToEnd(
  team: TeamSpec,
  { question, seed }: { question: string; seed: number },
  surroundings: TrialSurroundings,
  signal: AbortSignal,
  place?: TrialHome,
): Promise<{ events: RunEvent[]; dir: string }> {
  signal.throwIfAborted();
  const { runsDir, cwd, home, variables, version, rateLimit, sharedLimits } = surroundings;
  const launch = { team, seed, speed: Infinity, runsDir, cwd, home, variables, version, rateLimit, sharedLimits };
  const { handle } = await openRun(launch, question, place);
  const events: RunEvent[] = [];
  await followToEnd(handle, (event) => void events.push(event), signal);
  return { events, dir: handle.dir };
}
