import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../src/api/check-settings.ts';
import { DEFAULT_SETTINGS, type CoordinationSettings } from '../../src/events/settings.ts';

describe('settings of a program', () => {
  it('may be all the usual ones', () => {
    expect(checkSettings(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
  });

  it.each<Partial<CoordinationSettings>>([
    { personas: { strategy: 'adversarial', diversity: 'perspective', guidelines: '', persists: true } },
    { rewording: { variants: 2, strategy: 'diverse', threshold: 0.8, thinks: false, temperatures: [0.1, 0.9] } },
    { subtasks: 'asked-for', planning: { instruction: '' }, applyChanges: 'never' },
    {
      subagents: {
        timeoutMs: 1000,
        maxAtOnce: 1,
        maxPerAgent: 2,
        maxPerRun: 3,
        roundLimits: DEFAULT_SETTINGS.roundLimits,
        kinds: { critic: 'Find what is wrong.' },
      },
    },
  ])('may be whole ones: %j', (settings) => {
    expect(checkSettings(settings)).toEqual(settings);
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

  it('need not name every limit of rounds', () => {
    const settings = checkSettings({ roundLimits: { laterMs: 5 } } as unknown as Partial<CoordinationSettings>);
    expect(settings).toEqual({ roundLimits: { ...DEFAULT_SETTINGS.roundLimits, laterMs: 5 } });
  });

  it.each([
    [{ votingRule: 'bordo' }, 'settings.votingRule: it must be one of copeland, borda, plurality, approval.'],
    [{ votingRule: 1 }, 'settings.votingRule: it must be one of copeland, borda, plurality, approval.'],
    [{ countSelfVotes: 'no' }, 'settings.countSelfVotes: it must be true or false.'],
    [{ timeoutMs: -1 }, 'settings.timeoutMs: it must be a number from 0, or null.'],
    [{ timeoutMs: NaN }, 'settings.timeoutMs: it must be a number from 0, or null.'],
    [{ maxToolRounds: null }, 'settings.maxToolRounds: it must be a whole number from 1.'],
    [{ maxAnswersPerAgent: 0 }, 'settings.maxAnswersPerAgent: it must be a whole number from 1, or null.'],
    [{ quorum: 1.5 }, 'settings.quorum: it must be a whole number from 1, or null.'],
    [{ earlyStopProbability: 2 }, 'settings.earlyStopProbability: it must be a number from 0.5 to 1.'],
    [{ subtasks: 3 }, 'settings.subtasks: it must be one of given, asked-for, or null.'],
    [{ planning: {} }, 'settings.planning: it must be an object with instruction: a text; isPart?: true, or null.'],
    [{ personas: { strategy: 'wild' } }, expect.stringContaining('strategy: one of complementary, ')],
    [
      { rewording: { variants: 1, strategy: 'diverse', threshold: 2, thinks: true } },
      expect.stringContaining('0 to 1'),
    ],
    [{ limits: null }, expect.stringContaining('usd?: a number from 0, or null; tokens?')],
    [{ limits: { usd: 'much' } }, expect.stringContaining('usd?: a number from 0')],
    [{ limits: { dollars: 1 } }, expect.stringContaining('usd?: a number from 0')],
    [{ voting_rule: 'borda' }, expect.stringMatching(/^settings\.voting_rule: there is no such setting\. /)],
    [{ constructor: 1 }, expect.stringMatching(/^settings\.constructor: there is no such setting\. /)],
  ])('are refused when they are %j', (settings, message) => {
    const check = (): unknown => checkSettings(settings as Partial<CoordinationSettings>);
    expect(check).toThrow(expect.objectContaining({ name: 'MassgenError', code: 'usage', message }));
  });
});
