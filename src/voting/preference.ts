import type { Alias } from '../events/event.ts';
import type { Candidate, CastBallot } from './tally-input.ts';

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
  const places = candidates.map(() => listed.size);
  let place = 0;
  for (const index of listed) places[index] = place++;

  return {
    voter: ballot.voter,
    first,
    listed: [...listed],
    places,
    isSelfVote: candidates[first]?.alias === ballot.voter,
  };
}

/** Reads every ballot that names a candidate, in the given order. */
export function readPreferences(ballots: readonly CastBallot[], candidates: readonly Candidate[]): Preference[] {
  return ballots.flatMap((ballot) => readPreference(ballot, candidates) ?? []);
}
