import type { Alias } from '../events/event.ts';
import type { Candidate, CastBallot, TallyInput } from './tally-input.ts';

/** A ballot with candidates as indexes, so that every rule reads the same thing. */
export interface Preference {
  voter: Alias;
  /** Index of the first choice. */
  first: number;
  /** Listed candidates, best first, each once. */
  listed: readonly number[];
  /** Per candidate its place, 0 is best. All unlisted candidates share the place after the last listed one. */
  places: readonly number[];
  /** The first choice is the voter's own answer. */
  isSelfVote: boolean;
}

/**
 * Reads a ballot against the candidates. Labels that are no candidates and repeated labels are passed over;
 * null when the choice itself is no candidate. Never throws.
 */
export function readPreference(ballot: CastBallot, candidates: readonly Candidate[]): Preference | null {
  const indexOf = new Map(candidates.map((candidate, index) => [candidate.label, index]));
  const first = indexOf.get(ballot.choice);
  if (first === undefined) return null;

  const listed = new Set([first]);
  for (const label of ballot.ranking) {
    const index = indexOf.get(label);
    if (index !== undefined) listed.add(index);
  }
  return preferenceFor(ballot.voter, first, [...listed], candidates);
}

/** Reads every ballot that names a candidate, in the given order. */
export function readPreferences(ballots: readonly CastBallot[], candidates: readonly Candidate[]): Preference[] {
  return ballots.flatMap((ballot) => readPreference(ballot, candidates) ?? []);
}

/**
 * The ballots as they count. Where self-votes do not, voters choose among the others: their own answer is passed over
 * wherever they list it, and a ballot that lists nothing else is left out.
 */
export function countedPreferences(input: Pick<TallyInput, 'ballots' | 'candidates' | 'countSelfVotes'>): Preference[] {
  const { candidates } = input;
  const cast = readPreferences(input.ballots, candidates);
  if (input.countSelfVotes) return cast;
  return cast.flatMap(({ voter, listed }) => {
    const others = listed.filter((index) => candidates[index]?.alias !== voter);
    const [first] = others;
    return first === undefined ? [] : [preferenceFor(voter, first, others, candidates)];
  });
}

function preferenceFor(
  voter: Alias,
  first: number,
  listed: readonly number[],
  candidates: readonly Candidate[],
): Preference {
  const places = candidates.map(() => listed.length);
  listed.forEach((index, place) => (places[index] = place));
  return { voter, first, listed, places, isSelfVote: candidates[first]?.alias === voter };
}
