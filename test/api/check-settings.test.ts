import { describe, expect, it } from 'vitest';
import { checkSettings, WORDS } from '../../src/api/check-settings.ts';
import { DEFAULT_SETTINGS, type CoordinationSettings } from '../../src/events/settings.ts';

describe('settings of a program', () => {
  it('may be all the usual ones, and every word that there is', () => {
    expect(checkSettings(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
    for (const [key, words] of Object.entries(WORDS)) {
      for (const word of words) expect(checkSettings({ [key]: word })).toEqual({ [key]: word });
    }
  });

  it('have words where the usual one is a word', () => {
    const keys = Object.entries(DEFAULT_SETTINGS).flatMap(([key, value]) => (typeof value === 'string' ? key : []));
    expect(Object.keys(WORDS).toSorted()).toEqual(keys.toSorted());
  });

  it('leave the usual ones alone where they are undefined', () => {
    expect(checkSettings({ votingRule: undefined, quorum: null } as unknown as Partial<CoordinationSettings>)).toEqual({
      quorum: null,
    });
  });

  it('need not name every limit', () => {
    const settings = checkSettings({ limits: { usd: 1 } } as unknown as Partial<CoordinationSettings>);
    expect(settings).toEqual({ limits: { usd: 1, tokens: null, seconds: null, toolCalls: null } });
  });

  it.each([
    [{ votingRule: 'bordo' }, 'settings.votingRule: it must be one of copeland, borda, plurality, approval.'],
    [{ votingRule: 1 }, 'settings.votingRule: it must be one of copeland, borda, plurality, approval.'],
    [{ countSelfVotes: 'no' }, 'settings.countSelfVotes: it must be true or false.'],
    [{ timeoutMs: -1 }, 'settings.timeoutMs: it must be a number from 0, or null.'],
    [{ timeoutMs: NaN }, 'settings.timeoutMs: it must be a number from 0, or null.'],
    [{ maxToolRounds: null }, 'settings.maxToolRounds: it must be a number from 0.'],
    [
      { limits: null },
      'settings.limits: it must be an object with usd, tokens, seconds, toolCalls: numbers from 0, or null.',
    ],
    [{ limits: { usd: 'much' } }, expect.stringContaining('numbers from 0')],
    [{ limits: { dollars: 1 } }, expect.stringContaining('numbers from 0')],
    [{ voting_rule: 'borda' }, expect.stringMatching(/^settings\.voting_rule: there is no such setting\. /)],
    [{ constructor: 1 }, expect.stringMatching(/^settings\.constructor: there is no such setting\. /)],
  ])('are refused when they are %j', (settings, message) => {
    const check = (): unknown => checkSettings(settings as Partial<CoordinationSettings>);
    expect(check).toThrow(expect.objectContaining({ name: 'MassgenError', code: 'usage', message }));
  });
});
