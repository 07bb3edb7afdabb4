import { gradeOf } from '../../coordination/grades.ts';
import { agentsOf, allAnswersOf, countingBallots, currentAnswers } from '../../coordination/views.ts';
import type { RunState } from '../../coordination/state.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import { drafts } from '../report/count-anew.ts';
import type { Evidence } from './evidence.ts';

/** What graders say of a trial. One that could not be run says nothing. */
export function evidenceOf(record: TrialRecord, at: number): Evidence[] {
  if (record.run === '') return [];
  const { run, kind, team, agents, personas } = record;
  const written = drafts(record);
  return ofGrader({
    base: { v: 1, at, kind, run },
    team,
    size: agents.length,
    personas,
    reward: record.final?.isRight === true ? 1 : 0,
    drafts: agents.flatMap(({ alias, model }) => {
      const draft = written.find((answer) => answer.alias === alias);
      return draft ? [{ model, reward: draft.grade.isRight ? 1 : 0 }] : [];
    }),
  });
}

/** The same from the log of its run; nothing where nobody has graded it. */
function evidenceOfGrades(state: RunState, kind: string): Evidence[] {
  const final = gradeOf(state, null);
  if (!final) return [];
  return ofGrader({
    base: { v: 1, at: state.updatedAt, kind, run: state.run },
    team: final.team,
    size: state.order.length,
    personas: personasOf(state),
    reward: final.score,
    drafts: agentsOf(state).flatMap((agent) => {
      const [draft] = allAnswersOf(agent);
      const grade = draft && gradeOf(state, draft.label);
      return grade ? [{ model: agent.info.model, reward: grade.score }] : [];
    }),
  });
}

interface Graded {
  base: Pick<Evidence, 'v' | 'at' | 'kind' | 'run'>;
  team: string;
  size: number;
  personas: string | undefined;
  /** Of the presented answer. */
  reward: number;
  /** The first answer of each agent. */
  drafts: { model: string; reward: number }[];
}

/** Of the team, of how many agents it had, of how they got points of view, and of each model by its first draft. */
function ofGrader({ base, team, size, personas, reward, drafts: written }: Graded): Evidence[] {
  const about = (arm: string, found: number): Evidence => ({ ...base, arm, reward: found, source: 'grader' });
  return [
    about(`team:${team}`, reward),
    about(`size:${size}`, reward),
    ...(personas === undefined ? [] : [about(`personas:${personas}`, reward)]),
    ...meanByModel(written).map(([model, mean]) => about(`model:${model}`, mean)),
  ];
}

/**
 * What a grader, the user's thumb and, where nobody has graded it, the votes say of a run that has ended, and that one that failed was worth nothing; a run
 * that the user cancelled says nothing. `kind` is what this sort of task is called.
 */
export function evidenceOfRun(state: RunState, kind: string): Evidence[] {
  const { run, updatedAt: at, rating } = state;
  const base = { v: 1 as const, at, kind, run };
  const ofAll = (reward: number, source: Evidence['source']): Evidence[] =>
    armsOf(state).map((arm) => ({ ...base, arm, reward, source }));
  const graded = evidenceOfGrades(state, kind);
  // A grader counts no answer as wrong, which is not to be said twice.
  if (hasFailed(state)) return graded.length > 0 ? graded : ofAll(0, 'outcome');
  const said = rating === null ? graded : [...graded, ...ofAll(rating === 'up' ? 1 : 0, 'user')];
  const ballots = countingBallots(state);
  const answers = currentAnswers(state);
  // Who knows what is right need not ask what agents think.
  if (graded.length > 0 || ballots.length === 0 || answers.length < 2) return said;
  const votes = agentsOf(state).flatMap(({ info }) => {
    const label = answers.find(({ alias }) => alias === info.alias)?.label;
    // What an agent says of itself is no evidence.
    const judged = ballots.filter(({ voter }) => voter !== info.alias);
    if (label === undefined || judged.length === 0) return [];
    return [{ model: info.model, reward: judged.filter(({ choice }) => choice === label).length / judged.length }];
  });
  const byModel = meanByModel(votes).map(([model, reward]) => ({
    ...base,
    arm: `model:${model}`,
    reward,
    source: 'votes' as const,
  }));
  return [...said, ...byModel];
}

function hasFailed({ end, final }: RunState): boolean {
  return final === null && end !== null && end.outcome !== 'cancelled';
}

/** What was chosen for a run as a whole; where one agent works alone, its model is all there is to choose. */
function armsOf(state: RunState): string[] {
  const personas = personasOf(state);
  const whole = [`team:${state.team}`, `size:${state.order.length}`];
  if (personas !== undefined) return [...whole, `personas:${personas}`];
  return [...whole, ...agentsOf(state).flatMap(({ info }) => (info.model === '' ? [] : [`model:${info.model}`]))];
}

/** How points of view were made for the agents of a team; undefined for one agent. */
function personasOf({ order, settings }: RunState): string | undefined {
  return order.length > 1 ? (settings.personas?.strategy ?? 'none') : undefined;
}

/** Several agents of one model are one piece of evidence; agents without a model are none. */
function meanByModel(found: readonly { model: string; reward: number }[]): [model: string, reward: number][] {
  const groups = Map.groupBy(
    found.filter(({ model }) => model !== ''),
    ({ model }) => model,
  );
  return [...groups].map(([model, all]) => [model, all.reduce((sum, { reward }) => sum + reward, 0) / all.length]);
}
