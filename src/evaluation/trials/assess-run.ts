import { foldEvents } from '../../coordination/apply.ts';
import { electionOf } from '../../coordination/early-stop.ts';
import { agentsOf, allAnswersOf, currentAnswers, elapsedMs } from '../../coordination/views.ts';
import type { RunEvent } from '../../events/event.ts';
import { countWaste } from '../../coordination/wasted-tokens.ts';
import { finalLine } from '../cases/final-line.ts';
import type { Grade } from '../graders/grade-exactly.ts';
import type { Trial } from '../suite/suite.ts';
import { namedTrial } from './named-trial.ts';
import type { TrialRecord } from './trial-record.ts';

const VALUE_CHARS = 200;

/** Makes the record of a run that has ended. `grade` judges one text; equal texts are judged once. */
export async function assessRun(
  trial: Trial,
  { events, dir }: { events: readonly RunEvent[]; dir: string },
  grade: (text: string) => Promise<Grade>,
): Promise<TrialRecord> {
  const state = foldEvents(events);
  if (!state) throw new Error('a run that ended has events');
  const grades = new Map<string, Promise<Grade>>();
  const gradeOnce = (text: string): Promise<Grade> => {
    const known = grades.get(text) ?? grade(text);
    grades.set(text, known);
    return known;
  };
  const current = new Set(currentAnswers(state).map(({ label }) => label));
  const all = agentsOf(state)
    .flatMap((agent) => allAnswersOf(agent))
    .toSorted((a, b) => a.seq - b.seq);
  const answers: TrialRecord['answers'] = [];
  for (const { label, alias, text, tokens } of all) {
    const value = finalLine(text).slice(0, VALUE_CHARS);
    answers.push({
      label,
      alias,
      isCurrent: current.has(label),
      chars: text.length,
      tokens,
      grade: await gradeOnce(text),
      value,
    });
  }
  const { tieBreak, countSelfVotes, seed } = electionOf(state);
  return {
    ...namedTrial(trial),
    run: state.run,
    dir,
    outcome: state.end?.outcome ?? 'failed',
    problem: state.final ? '' : (state.end?.reason ?? 'The run did not end.'),
    final: state.final ? await gradeOnce(state.final.text) : null,
    agents: agentsOf(state).map(({ info, usage }) => ({
      alias: info.alias,
      id: info.id,
      type: info.type,
      model: info.model,
      usage,
    })),
    ...(state.order.length > 1 && { personas: state.settings.personas?.strategy ?? 'none' }),
    answers,
    ballots: state.ballots.map(({ voter, ranking, view, voidedBy }) => ({
      voter,
      ranking,
      view,
      isCounting: voidedBy === null,
    })),
    winner: state.winner?.label ?? null,
    rule: state.winner?.rule ?? null,
    wasTie: (state.winner?.tie ?? null) !== null,
    voting: { tieBreak, countSelfVotes, seed },
    usage: state.usage,
    cost: state.cost,
    requests: agentsOf(state).reduce((sum, agent) => sum + agent.requests, 0),
    wastedTokens: countWaste(events),
    durationMs: elapsedMs(state, state.updatedAt),
  };
}
