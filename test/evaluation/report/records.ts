import { NO_COST, NO_USAGE } from '../../../src/events/usage.ts';
import type { TrialAnswer, TrialBallot, TrialRecord } from '../../../src/evaluation/trials/trial-record.ts';

const right = { isRight: true, reason: 'As expected.' };
const wrong = { isRight: false, reason: 'It is not.' };

/** `agent1.2 yes` is the second answer of agent1, which is right; `voter: ranking` is a ballot. */
export function answersFrom(...written: string[]): TrialAnswer[] {
  const all = written.map((each) => {
    const [label = '', mark = '', value = mark] = each.split(' ');
    const alias = label.split('.')[0] ?? '';
    return { label, alias, isCurrent: true, chars: 10, grade: mark === 'yes' ? right : wrong, value };
  });
  return all.map((answer, index) => ({
    ...answer,
    isCurrent: !all.slice(index + 1).some(({ alias }) => alias === answer.alias),
  }));
}

export function ballotsFrom(view: string[], ...written: string[]): TrialBallot[] {
  return written.map((each) => {
    const [voter = '', ranking = ''] = each.split(': ');
    return { voter, ranking: ranking.split(' '), view, isCounting: true };
  });
}

export function recordOf(partial: Partial<TrialRecord> & { isRight?: boolean }): TrialRecord {
  const { isRight = false, ...given } = partial;
  const { team = 'team', item = 'q1', seed = 1 } = given;
  return {
    v: 1,
    key: `${team}/${item}/${seed}`,
    team,
    item,
    kind: 'own',
    seed,
    run: 'run',
    dir: '/runs/run',
    outcome: 'answered',
    problem: '',
    final: isRight ? right : wrong,
    agents: [{ alias: 'agent1', id: 'ann', type: 'openai', model: 'gpt', usage: NO_USAGE }],
    answers: [],
    ballots: [],
    winner: null,
    rule: null,
    wasTie: false,
    usage: { ...NO_USAGE, input: 90, output: 10 },
    cost: NO_COST,
    requests: 1,
    wastedTokens: 0,
    durationMs: 1000,
    ...given,
  };
}
