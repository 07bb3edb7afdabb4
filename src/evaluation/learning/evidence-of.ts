import { agentsOf, countingBallots, currentAnswers } from '../../coordination/views.ts';
import type { RunState } from '../../coordination/state.ts';
import type { TrialRecord } from '../trials/trial-record.ts';
import { drafts } from '../report/count-anew.ts';
import type { Evidence } from './evidence.ts';

/**
 * What graders say of a trial: of the team, of how many agents it had, of how they got points of view, and of each model by
 * its first draft. Trials that
 * could not be run say nothing.
 */
export function evidenceOf(record: TrialRecord, at: number): Evidence[] {
  if (record.run === '') return [];
  const { kind, run, agents } = record;
  const about = (arm: string, reward: number): Evidence => ({ v: 1, at, kind, arm, reward, source: 'grader', run });
  const reward = record.final?.isRight === true ? 1 : 0;
  const written = drafts(record);
  return [
    about(`team:${record.team}`, reward),
    about(`size:${agents.length}`, reward),
    ...(record.personas === undefined ? [] : [about(`personas:${record.personas}`, reward)]),
    ...meanByModel(
      agents.flatMap(({ alias, model }) => {
        const draft = written.find((answer) => answer.alias === alias);
        return draft ? [{ model, reward: draft.grade.isRight ? 1 : 0 }] : [];
      }),
    ).map(([model, mean]) => about(`model:${model}`, mean)),
  ];
}

/**
 * What the user's thumb and the votes say of a run that has ended, and that one that failed was worth nothing; a run that the user
 * cancelled says nothing. `kind` is what the user calls this sort of task.
 */
export function evidenceOfRun(state: RunState, kind: string): Evidence[] {
  const { run, updatedAt: at, rating } = state;
  const base = { v: 1 as const, at, kind, run };
  const ofAll = (reward: number, source: Evidence['source']): Evidence[] =>
    armsOf(state).map((arm) => ({ ...base, arm, reward, source }));
  if (hasFailed(state)) return ofAll(0, 'outcome');
  const thumbs = rating === null ? [] : ofAll(rating === 'up' ? 1 : 0, 'user');
  const ballots = countingBallots(state);
  const answers = currentAnswers(state);
  if (ballots.length === 0 || answers.length < 2) return thumbs;
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
  return [...thumbs, ...byModel];
}

function hasFailed({ end, final }: RunState): boolean {
  return final === null && end !== null && end.outcome !== 'cancelled';
}

/** What was chosen for a run as a whole; where one agent works alone, its model is all there is to choose. */
function armsOf(state: RunState): string[] {
  const { team, order, settings } = state;
  const whole = [`team:${team}`, `size:${order.length}`];
  if (order.length > 1) return [...whole, `personas:${settings.personas?.strategy ?? 'none'}`];
  return [...whole, ...agentsOf(state).flatMap(({ info }) => (info.model === '' ? [] : [`model:${info.model}`]))];
}

/** Several agents of one model are one piece of evidence; agents without a model are none. */
function meanByModel(found: readonly { model: string; reward: number }[]): [model: string, reward: number][] {
  const groups = Map.groupBy(
    found.filter(({ model }) => model !== ''),
    ({ model }) => model,
  );
  return [...groups].map(([model, all]) => [model, all.reduce((sum, { reward }) => sum + reward, 0) / all.length]);
}
