import { describe, expect, it } from 'vitest';
import { nearestWord } from '../../src/config/finding.ts';

describe('the word that was meant', () => {
  const WORDS = ['voting_rule', 'tie_break', 'updates', 'ui', 'agents'];

  it.each([
    ['voting_rul', 'voting_rule'],
    ['votingrule', 'voting_rule'],
    ['Voting-Rule', 'voting_rule'],
    ['agent', 'agents'],
    ['update', 'updates'],
    ['iu', null],
    ['colour', null],
    ['', null],
    ['x', null],
  ])('by %j is %j', (word, nearest) => {
    expect(nearestWord(word, WORDS)).toBe(nearest);
  });

  it('is none where there are none', () => {
    expect(nearestWord('x', [])).toBeNull();
  });
});
