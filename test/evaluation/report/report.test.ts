import { describe, expect, test } from 'vitest';
import { auditBias } from '../../../src/evaluation/report/bias-audit.ts';
import { compareTeams } from '../../../src/evaluation/report/compare-teams.ts';
import { chooseAnew, majority } from '../../../src/evaluation/report/count-anew.ts';
import { markdownReport } from '../../../src/evaluation/report/markdown-report.ts';
import { reportSuite } from '../../../src/evaluation/report/report-suite.ts';
import { reportTeam } from '../../../src/evaluation/report/report-team.ts';
import { isFigures, type ReportTable } from '../../../src/evaluation/report/tables.ts';
import type { TrialRecord } from '../../../src/evaluation/trials/trial-record.ts';
import { NO_USAGE } from '../../../src/events/usage.ts';
import { answersFrom, ballotsFrom, recordOf } from './records.ts';

const AGENTS = ['ann', 'ben', 'cleo'].map((id, index) => ({
  alias: `agent${index + 1}`,
  id,
  type: id === 'cleo' ? 'gemini' : 'openai',
  model: 'm',
  usage: NO_USAGE,
}));
const VIEW = ['agent1.1', 'agent2.1', 'agent3.1'];

/** ann is right, ben and cleo agree on something wrong; two of three ballots go to ben. */
const SPLIT = recordOf({
  agents: AGENTS,
  answers: answersFrom('agent1.1 yes A', 'agent2.1 no B', 'agent3.1 no B'),
  ballots: ballotsFrom(
    VIEW,
    'agent1: agent1.1 agent2.1 agent3.1',
    'agent2: agent2.1 agent1.1 agent3.1',
    'agent3: agent2.1 agent1.1 agent3.1',
  ),
  winner: 'agent2.1',
  rule: 'plurality',
});

describe('counting anew', () => {
  test('chooses by another rule from the same ballots', () => {
    const borda = {
      ...SPLIT,
      ballots: ballotsFrom(VIEW, 'agent1: agent1.1', 'agent2: agent2.1 agent1.1', 'agent3: agent3.1 agent1.1'),
    };
    expect([chooseAnew(borda, 'plurality')?.label, chooseAnew(borda, 'borda')?.label]).toEqual([
      'agent1.1',
      'agent1.1',
    ]);
    expect(chooseAnew(SPLIT, 'plurality')?.label).toBe('agent2.1');
  });

  test('leaves out an agent with its answers and its ballots', () => {
    expect(chooseAnew(SPLIT, 'plurality', 'agent2')?.label).toBe('agent1.1');
  });

  test('does not count ballots that are void', () => {
    const [first, ...rest] = SPLIT.ballots;
    const record = {
      ...SPLIT,
      ballots: [...rest.map((ballot) => ({ ...ballot, isCounting: false })), first].filter(
        (ballot) => ballot !== undefined,
      ),
    };
    expect(chooseAnew(record, 'plurality')?.label).toBe('agent1.1');
  });

  test('counts votes for oneself, and breaks ties, as the team does', () => {
    const voting = { tieBreak: 'earliest-answer', countSelfVotes: true, seed: 1 } as const;
    const chosen = (record: Partial<TrialRecord>): string | undefined =>
      chooseAnew({ ...SPLIT, ...record }, 'plurality')?.label;
    // Two vote for themselves, and for agent1 next.
    const selfish = {
      ballots: ballotsFrom(VIEW, 'agent1: agent3.1', 'agent2: agent2.1 agent1.1', 'agent3: agent3.1 agent1.1'),
    };
    expect([
      chosen({ ...selfish, voting }),
      chosen({ ...selfish, voting: { ...voting, countSelfVotes: false } }),
    ]).toEqual(['agent3.1', 'agent1.1']);
    const tied = {
      answers: answersFrom('agent3.1 no', 'agent2.1 no', 'agent1.1 yes').map((answer, i) => ({
        ...answer,
        tokens: [9, 5, 7][i] ?? 0,
      })),
      ballots: ballotsFrom(VIEW, 'agent1: agent2.1', 'agent2: agent3.1', 'agent3: agent1.1'),
    };
    const broken = (['earliest-answer', 'registration', 'fewest-tokens'] as const).map((tieBreak) =>
      chosen({ ...tied, voting: { ...voting, tieBreak } }),
    );
    expect(broken).toEqual(['agent3.1', 'agent1.1', 'agent2.1']);
  });

  test('takes the only answer where nobody voted, and none where there are several', () => {
    expect(chooseAnew({ ...SPLIT, ballots: [], answers: answersFrom('agent1.1 yes') }, 'borda')?.label).toBe(
      'agent1.1',
    );
    expect(chooseAnew({ ...SPLIT, ballots: [] }, 'borda')).toBeNull();
  });

  test('finds what most first drafts say, whatever was revised later', () => {
    const record = {
      ...SPLIT,
      answers: answersFrom('agent1.1 yes A', 'agent2.1 no B', 'agent3.1 no B', 'agent3.2 yes A'),
    };
    expect(majority(record)?.label).toBe('agent2.1');
  });
});

describe('the report on a team', () => {
  const report = reportTeam('team', [SPLIT, recordOf({ item: 'q2', isRight: true, kind: 'sums', agents: AGENTS })]);

  test('counts right answers with their interval, in all and by kind', () => {
    expect(report?.right).toEqual({
      hits: 1,
      of: 2,
      share: 0.5,
      interval: { low: expect.closeTo(0.0945, 3), high: expect.closeTo(0.9055, 3) },
    });
    expect(report?.byKind['sums']).toMatchObject({ hits: 1, of: 1 });
  });

  test('takes the seeds of one case for as much as they differ', () => {
    const asked = (seeds: number[]) =>
      reportTeam(
        'team',
        ['q1', 'q2', 'q3', 'q4'].flatMap((item, index) =>
          seeds.map((seed) => recordOf({ item, seed, isRight: index < 2 })),
        ),
      )?.right;
    expect(asked([1, 2, 3])).toEqual({ ...asked([1]), hits: 6, of: 12 });
  });

  test('draws the lines of the oracle, of single agents and of the majority', () => {
    expect(report?.lines).toMatchObject({
      oracle: { hits: 1, of: 2 },
      bestSingle: { id: 'ann', right: { hits: 1, of: 2 } },
      meanSingle: expect.closeTo(1 / 6),
      majority: { hits: 0, of: 2 },
      byRule: { plurality: { hits: 0, of: 2 }, copeland: { hits: 0, of: 2 } },
    });
  });

  test('says what the vote loses without an agent', () => {
    expect(report?.agents.map(({ id, isWorth }) => [id, isWorth])).toEqual([
      ['ann', 0],
      ['ben', -0.5],
      ['cleo', -0.5],
    ]);
  });

  test('counts what revisions turned', () => {
    const answers = answersFrom('agent1.1 no', 'agent2.1 yes', 'agent1.2 yes', 'agent2.2 no', 'agent1.3 yes');
    expect(reportTeam('team', [recordOf({ answers })])?.flips).toEqual({ revisions: 3, toRight: 1, toWrong: 1 });
  });

  test('is nothing for a team without trials', () => expect(reportTeam('other', [SPLIT])).toBeNull());
});

describe('the bias audit', () => {
  const bias = auditBias([SPLIT]);

  test('compares votes for oneself and for what was seen first with chance', () => {
    expect(bias.self).toEqual({
      found: expect.objectContaining({ hits: 2, of: 3 }) as unknown,
      expected: expect.closeTo(1 / 3),
    });
    expect(bias.firstSeen).toMatchObject({ found: { hits: 1, of: 3 } });
  });

  test('looks at vendors only where a vote could go to both', () => {
    // cleo has no other agent of its vendor; the other two voted for themselves.
    expect(bias.sameVendor.found.of).toBe(0);
  });

  test('tells whether the first ballot decides', () => {
    expect(bias.firstVoted.found).toMatchObject({ hits: 0, of: 1 });
  });

  test('knows no vote for oneself where it does not count', () => {
    const voting = { tieBreak: 'earliest-answer', countSelfVotes: false, seed: 1 } as const;
    const audit = auditBias([{ ...SPLIT, voting }]);
    expect(audit.self.found.of).toBe(0);
    // agent1 saw itself first, so agent2.1 was the first that it could choose; its vote went there.
    expect(audit.firstSeen).toEqual({
      found: expect.objectContaining({ hits: 2, of: 3 }) as unknown,
      expected: expect.closeTo(1 / 2) as number,
    });
  });

  test('correlates length with votes', () => {
    const answers = answersFrom('agent1.1 yes', 'agent2.1 no', 'agent3.1 no').map((answer, index) => ({
      ...answer,
      chars: [10, 30, 5][index] ?? 0,
    }));
    expect(auditBias([{ ...SPLIT, answers }]).length).toBeCloseTo(0.9449, 3);
  });
});

const many = (team: string, rightUpTo: number, more: Partial<TrialRecord> = {}): TrialRecord[] =>
  Array.from({ length: 20 }, (_, i) => recordOf({ team, item: `q${i}`, isRight: i < rightUpTo, ...more }));
const EXPENSIVE = { usage: { ...NO_USAGE, input: 900, output: 100 }, agents: AGENTS };

describe('a comparison', () => {
  const compare = (a: TrialRecord[], b: TrialRecord[]) => {
    const records = [...a, ...b];
    const [first, second] = [reportTeam(a[0]?.team ?? '', records), reportTeam(b[0]?.team ?? '', records)];
    return first && second && compareTeams(first, second, records);
  };

  test('is made on the trials that both have done', () => {
    expect(compare(many('a', 15), many('b', 5).slice(0, 10))).toMatchObject({
      trials: 10,
      onlyFirst: 5,
      onlySecond: 0,
      difference: 0.5,
      p: 0.0625,
      tokens: 1,
      usd: null,
    });
  });

  test('is nothing where no trial is shared', () => {
    const other = many('b', 5).map((record) => ({ ...record, item: `other-${record.item}` }));
    expect(compare(many('a', 15), other)).toBeNull();
  });
});

describe('the verdict', () => {
  const verdict = (...records: TrialRecord[][]): string => reportSuite('s', records.flat()).verdict[0] ?? '';

  test('prefers the cheaper one where no difference was found', () => {
    expect(verdict(many('team', 12, EXPENSIVE), many('one', 11))).toBe(
      'One agent (one) does as well as team at 10.0 % of its tokens, as far as these trials show: team is ahead by 5.0 points (95 %: 0.0 to 15.0, p = 1.000). To tell a difference of 5.0 points from chance takes about 155 trials; there are 20.',
    );
  });

  test('tells of the cost where all prices are known', () => {
    const priced = (usd: number): Partial<TrialRecord> => ({ cost: { usd, isComplete: true } });
    const team = many('team', 12, { ...EXPENSIVE, ...priced(0.03) });
    expect(verdict(team, many('one', 11, priced(0.01)))).toContain(
      'One agent (one) does as well as team at 10.0 % of its tokens and 33.3 % of its cost, ',
    );
    const unknown = many('one', 11, { cost: { usd: 0.01, isComplete: false } });
    expect(verdict(team, unknown)).toContain(' at 10.0 % of its tokens, as far');
  });

  test('says what the better one costs where a difference was found', () => {
    expect(verdict(many('team', 18, EXPENSIVE), many('one', 4))).toBe(
      'team is ahead of one by 70.0 points (95 %: 50.0 to 85.0, p < 0.001) at 10.0 times its tokens.',
    );
  });

  test('takes no best pair of many for a difference that one pair would not show', () => {
    // Six of six by chance happens to one pair in 32, and there are three.
    const three = [many('team', 9, EXPENSIVE), many('one', 3), many('two', 3)];
    expect(verdict(...three.slice(0, 2))).toMatch(/^team is ahead of one by 30\.0 points \(.*, p = 0\.031\)/);
    expect(verdict(...three)).toMatch(
      /^One agent \(one\) does as well as team .*, p = 0\.094 after correction for 3 pairs\)\. To tell .* about 32 trials/,
    );
    const { comparisons } = reportSuite('s', three.flat());
    expect(comparisons.map(({ p, pCorrected }) => [p.toFixed(5), pCorrected.toFixed(5)])).toEqual([
      ['0.03125', '0.09375'],
      ['0.03125', '0.09375'],
      ['1.00000', '1.00000'],
    ]);
  });

  test('takes no repetition of a few cases for a difference', () => {
    // One case makes all the difference, twelve times.
    const repeated = (team: string, right: string[], more: Partial<TrialRecord> = {}): TrialRecord[] =>
      ['q1', 'q2', 'q3', 'q4'].flatMap((item) =>
        Array.from({ length: 12 }, (_, seed) => recordOf({ team, item, seed, isRight: right.includes(item), ...more })),
      );
    expect(verdict(repeated('team', ['q1', 'q2'], EXPENSIVE), repeated('one', ['q1']))).toMatch(
      /^One agent \(one\) does as well as team .* \(95 %: 0\.0 to 75\.0, p < 0\.001\)/,
    );
  });

  test('says that one agent is as good where both are right as often, and what the team has lost', () => {
    const both = [...many('one', 1), { ...SPLIT, item: 'q1' }, ...many('team', 1, EXPENSIVE).slice(1)];
    expect(reportSuite('s', [...many('one', 0), ...many('team', 0, EXPENSIVE)]).verdict).toEqual([
      expect.stringMatching(
        /^One agent \(one\) does at least as well as team at 10\.0 % of its tokens, .*: both are right in as many of 20 trials/,
      ),
    ]);
    expect(reportSuite('s', both).verdict).toContainEqual(
      expect.stringMatching(/trials team had a right answer and did not/),
    );
  });

  test('says that votes lose right answers', () => {
    expect(reportSuite('s', [SPLIT]).verdict[1]).toBe(
      'In 100.0 % of its trials team had a right answer and did not choose it: the vote, not the agents, loses them.',
    );
  });

  test('of nothing is that there is nothing', () => expect(verdict()).toBe('There is no result yet.'));
});

describe('columns of a report', () => {
  const table = (...cells: string[]): ReportTable => ({
    title: '',
    head: ['a', 'b'],
    rows: cells.map((cell) => ['x', cell]),
  });

  test.each([
    ['1.000', '< 0.001'],
    ['-7.0 to 0.0', '–'],
    ['62.3 % to 86.8 %', '–'],
    ['76.7 % (one)', '3 (3, 0)'],
    ['at least 0.0100', 'unknown', ''],
    ['× 35.38', '336'],
  ])('hold figures: %s', (...cells) => expect(isFigures(table(...cells), 1)).toBe(true));

  test.each(['3 agents', '4o-mini', 'one', '-x'])('hold words, though they begin like a figure: %s', (name) => {
    expect(isFigures(table('12', name), 1)).toBe(false);
  });
});

describe('the Markdown report', () => {
  test('holds every team, pair and agent, and no sign of theirs that Markdown knows', () => {
    const text = markdownReport(reportSuite('a|b', [SPLIT, ...many('one*', 3)]));
    expect(text).toContain('# Evaluation: a\\|b');
    expect(text).toContain('| one\\* | 1 | 15.0 % |');
    expect(text.split('\n').filter((line) => line.startsWith('| team | ann'))).toHaveLength(1);
  });

  test('shows the corrected p of pairs beside the exact one, where there are several', () => {
    const teams = [many('team', 9), many('one', 3), many('two', 3)];
    const text = markdownReport(reportSuite('s', teams.flat()));
    expect(text).toContain('| p | p (Holm) |');
    expect(text).toMatch(/\| team \| one \|.*\| 0\.031 \| 0\.094 \|/);
    expect(markdownReport(reportSuite('s', teams.slice(1).flat()))).not.toContain('| p (Holm) |');
  });

  test('shows what costs little as little', () => {
    const cheap = {
      ...recordOf({ team: 'x' }),
      usage: { ...NO_USAGE, input: 10 },
      cost: { usd: 0.000_01, isComplete: true },
    };
    expect(markdownReport(reportSuite('s', [cheap]))).toMatch(/\| x \|.*\| \\< 0.0001 \|/);
  });

  test('shows an unknown price as unknown and no price as none', () => {
    const unpriced = recordOf({ team: 'x', cost: { usd: 0, isComplete: false } });
    const text = markdownReport(reportSuite('s', [SPLIT, unpriced]));
    expect(text).toMatch(/\| x \|.*\| unknown \|/);
    expect(text).toMatch(/\| team \| 3 \|.*\| – \|/);
  });
});
