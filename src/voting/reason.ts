import { assertNever } from '../events/event.ts';
import type { VotingRule } from '../events/settings.ts';
import type { Preference } from './preference.ts';
import type { Candidate } from './tally-input.ts';
import type { TieRound } from './tie-break.ts';

/** A decided count. Numbers are candidate indexes unless said otherwise. */
export interface Decision {
  candidates: readonly Candidate[];
  rule: VotingRule;
  winner: number;
  /** Per candidate index, by `rule`. */
  scores: readonly number[];
  /** Best under the rule; more than one is a tie. */
  leaders: readonly number[];
  rounds: readonly TieRound[];
  /** Borda points per candidate index, where they were asked. */
  borda: readonly number[] | null;
  counted: readonly Preference[];
  /** Self-votes that do not count as such, but for their voters' next choices. */
  passedOn: number;
  /** Self-votes that do not count at all. */
  leftOut: number;
}

/** Says in one plain sentence why the winner won: by which rule, by how much, and what broke a tie. */
export function explainWinner(decision: Decision): string {
  const [only] = decision.counted;
  if (decision.candidates.length === 1)
    return `${label(decision, decision.winner)} was the only answer${note(decision)}.`;
  if (decision.counted.length === 1 && only && decision.leaders.length === 1) {
    const ballot = only.isSelfVote
      ? `${only.voter}'s vote for its own answer (self-vote)`
      : `cast by ${only.voter}${note(decision)}`;
    return `${label(decision, decision.winner)} won with the only ballot, ${ballot}.`;
  }
  return `${decision.leaders.length > 1 ? explainTie(decision) : explainLead(decision)}${note(decision)}.`;
}

function explainLead(decision: Decision): string {
  const { candidates, rule, winner, scores, counted } = decision;
  const name = label(decision, winner);
  const score = scores[winner] ?? 0;
  const second = Math.max(...scores.filter((_, index) => index !== winner));
  switch (rule) {
    case 'copeland':
      return score === candidates.length - 1
        ? `${name} beat every other answer in pairwise comparison`
        : `${name} scored highest in pairwise comparison (${score} of ${candidates.length - 1} points, the next has ${second})`;
    case 'borda':
      return `${name} has the most Borda points (${score}, the next has ${second})`;
    case 'plurality':
      return `${name} got ${score} of ${counted.length} votes, the next ${second}`;
    case 'approval':
      return `${name} was approved on ${score} of ${counted.length} ballots, the next on ${second}`;
    default:
      return assertNever(rule);
  }
}

function explainTie(decision: Decision): string {
  const { leaders, rounds, winner } = decision;
  const tried: string[] = [];
  let before = leaders;
  for (const round of rounds.slice(0, -1)) {
    const left =
      round.left.length === before.length ? 'did not separate them' : `left ${list(names(decision, round.left))}`;
    tried.push(`${STEP_SUBJECT[round.by]} ${left}`);
    before = round.left;
  }
  const last = rounds.at(-1);
  const broken = last
    ? [`the tie was broken by ${breaker(decision, last, before)}, so ${label(decision, winner)} won`]
    : [];
  return [`${list(names(decision, leaders))} tied with ${points(decision)}`, ...tried, ...broken].join('; ');
}

const STEP_SUBJECT: Record<TieRound['by'], string> = {
  borda: 'Borda points',
  'earliest-answer': 'the time of submission',
  'fewest-tokens': 'tokens used',
  random: 'the lot',
  registration: "the team's order",
};

/** What broke the tie between the candidates `before`. */
function breaker(decision: Decision, round: TieRound, before: readonly number[]): string {
  const isPair = before.length === 2;
  const [winner = 0] = round.left;
  const others = before.filter((index) => index !== winner);
  switch (round.by) {
    case 'borda': {
      const next = Math.max(...others.map((index) => decision.borda?.[index] ?? 0));
      return `Borda points (${decision.borda?.[winner] ?? 0} against ${next})`;
    }
    case 'earliest-answer':
      return isPair ? 'the earlier answer' : 'the earliest answer';
    case 'fewest-tokens': {
      const next = Math.min(...others.map((index) => decision.candidates[index]?.tokens ?? 0));
      return `${isPair ? 'fewer' : 'the fewest'} tokens used (${decision.candidates[winner]?.tokens ?? 0} against ${next})`;
    }
    case 'random':
      return "a lot drawn from the run's seed";
    case 'registration':
      return 'the order of the agents in the team';
    default:
      return assertNever(round.by);
  }
}

function points(decision: Decision): string {
  const score = decision.scores[decision.winner] ?? 0;
  switch (decision.rule) {
    case 'copeland':
      return `${count(score, 'point')} each in pairwise comparison`;
    case 'borda':
      return `${count(score, 'Borda point')} each`;
    case 'plurality':
      return `${count(score, 'vote')} each`;
    case 'approval':
      return `${count(score, 'approval')} each`;
    default:
      return assertNever(decision.rule);
  }
}

/** Self-votes are reported whether they count or not. */
function note({ counted, passedOn, leftOut }: Decision): string {
  const selfVotes = counted.filter((preference) => preference.isSelfVote).length;
  const parts = [
    ...(selfVotes > 0 ? [`${count(selfVotes, 'self-vote')} counted`] : []),
    ...(passedOn > 0 ? [`${count(passedOn, 'self-vote')} counted for the next choice`] : []),
    ...(leftOut > 0 ? [`${count(leftOut, 'self-vote')} left out`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function label({ candidates }: Decision, index: number): string {
  return candidates[index]?.label ?? '';
}

function names(decision: Decision, indexes: readonly number[]): string[] {
  return indexes.map((index) => label(decision, index));
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}
