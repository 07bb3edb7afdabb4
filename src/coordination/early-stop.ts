import { canNoLongerChange } from '../voting/certainty.ts';
import { leadLikelihood } from '../voting/likelihood.ts';
import type { TallyInput } from '../voting/tally-input.ts';
import type { RunState } from './state.ts';
import { agentsOf, countingBallots, currentAnswers, hasCountingBallot, isActive, mayAnswer } from './views.ts';

/** The vote as it stands: the current answers and the ballots that count. */
export function electionOf(state: RunState): TallyInput {
  return {
    candidates: currentAnswers(state).map(({ label, alias, seq, tokens }) => ({ label, alias, seq, tokens })),
    ballots: countingBallots(state),
    rule: state.settings.votingRule,
    tieBreak: state.settings.tieBreak,
    countSelfVotes: state.settings.countSelfVotes,
    seed: state.seed,
  };
}

/**
 * Why the ballots that are still owed need not be waited for; null where they do. With `safe`, the winner is the same as
 * if they came: whatever they say, and whether they come at all. A new answer would void the vote, so `safe` waits for
 * everybody who may still hand one in.
 */
export function whySettled(state: RunState): string | null {
  const { earlyStop, earlyStopProbability } = state.settings;
  if (earlyStop === 'never') return null;
  if (earlyStop === 'probable' && leadLikelihood(electionOf(state)) >= earlyStopProbability)
    return `The ballots so far make it at least ${Math.floor(earlyStopProbability * 1000) / 10} % likely that most prefer the leading answer.`;
  const owing = agentsOf(state).filter((agent) => isActive(agent) && !hasCountingBallot(agent));
  if (earlyStop === 'safe' && owing.some((agent) => mayAnswer(state, agent))) return null;
  return canNoLongerChange(electionOf(state), owing.length)
    ? 'No ballot that is missing could change the winner.'
    : null;
}
