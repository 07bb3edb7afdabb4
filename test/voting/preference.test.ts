import { describe, expect, it } from 'vitest';
import { readPreference, readPreferences } from '../../src/voting/preference.ts';
import { ballot, candidates } from './elections.ts';

describe('reading a ballot', () => {
  it('gives every candidate its place, and all unlisted ones the place after the last', () => {
    expect(readPreference(ballot('agent9', '31'), candidates(4))).toEqual({
      voter: 'agent9',
      first: 2,
      listed: [2, 0],
      places: [1, 2, 0, 2],
      isSelfVote: false,
    });
  });

  it('puts the choice first, though the ranking does not begin with it', () => {
    const odd = { voter: 'agent1', choice: 'agent2.1', ranking: ['agent1.1', 'agent2.1'] };
    expect(readPreference(odd, candidates(2))).toEqual({
      voter: 'agent1',
      first: 1,
      listed: [1, 0],
      places: [1, 0],
      isSelfVote: false,
    });
  });

  it('knows a vote for the own answer', () => {
    expect(readPreference(ballot('agent2', '2'), candidates(2))?.isSelfVote).toBe(true);
  });

  it('passes over repeated labels, and labels that are no candidates', () => {
    expect(readPreference(ballot('agent1', '29121'), candidates(2))?.listed).toEqual([1, 0]);
  });

  it('is not possible when the choice is no candidate', () => {
    const ballots = [ballot('agent1', '9'), ballot('agent2', '1')];
    expect(readPreferences(ballots, candidates(2)).map((preference) => preference.voter)).toEqual(['agent2']);
  });
});
