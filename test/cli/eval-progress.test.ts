import { describe, expect, test } from 'vitest';
import { limitText, typeLimit } from '../../src/cli/type-limit.ts';
import { barLines } from '../../src/cli/eval-run-bars.ts';
import { tellInBars } from '../../src/cli/eval-run-progress.ts';
import type { SuiteProgress } from '../../src/evaluation/run-suite.ts';
import { createManualClock } from '../providers/manual-clock.ts';

const progress = (done: number): SuiteProgress => {
  const tally = { done, total: 10, right: Math.floor(done / 2), spentUsd: done / 100, tokens: done * 1_000 };
  return { ...tally, teams: [{ ...tally, name: 'trio' }] };
};
const VIEW = { columns: 70, rows: 24, isUtf8: true, leftMs: 90_000, budgetUsd: 5 };

describe('bars', () => {
  test('tell of each team and of all, with budget and time', () => {
    expect(barLines(progress(5), VIEW)).toEqual([
      'trio  ███████████████░░░░░░░░░░░░░░░░  5/10  40 % right  $0.0500',
      '5 of 10 trials · $0.0500 of $5.00 · 5000 tokens · 2 min left',
    ]);
  });

  test('name no money where none is known to be spent, unless there is a budget', () => {
    const free = { ...progress(5), spentUsd: 0, teams: [{ ...progress(5), spentUsd: 0, name: 'trio' }] };
    const last = (budgetUsd: number | null): string | undefined =>
      barLines(free, { ...VIEW, leftMs: null, budgetUsd }).at(-1);
    expect([barLines(free, VIEW)[0]?.includes('$'), last(null), last(5)]).toEqual([
      false,
      '5 of 10 trials · 5000 tokens',
      '5 of 10 trials · $0.00 of $5.00 · 5000 tokens',
    ]);
  });

  test.each([20, 30, 80, 200])('fit into %i columns', (columns) => {
    const teams = [{ ...progress(5), name: 'a name that is longer than it should be\u001b[2J' }];
    const lines = barLines({ ...progress(5), teams }, { ...VIEW, columns, isUtf8: false });
    expect(lines.filter((line) => line.length >= columns || line.includes('\u001b'))).toEqual([]);
  });
});

describe('bars of more teams than the terminal has rows', () => {
  const teams = Array.from({ length: 6 }, (_, index) => ({ ...progress(5), name: `team${index}` }));
  const names = (lines: string[]): (string | undefined)[] => lines.map((line) => line.split(' ')[0]);

  test.each([
    [7, ['team0', 'team1', 'team2', 'team3', 'team4', 'team5', '5']],
    [6, ['team0', 'team1', 'team2', 'team3', 'and', '5']],
    [3, ['team0', 'and', '5']],
    [1, ['5']],
  ])('fit into %i rows, and the others are counted', (rows, first) => {
    expect(names(barLines({ ...progress(5), teams }, { ...VIEW, rows }))).toEqual(first);
  });

  test('go up by no more lines than there are, and show all teams in the end', () => {
    const drawn: string[] = [];
    const write = (text: string): void => void drawn.push(text);
    const clock = createManualClock();
    const teller = tellInBars({ write, columns: () => 80, rows: () => 5, isUtf8: true, clock, budgetUsd: null });
    teller.update({ ...progress(5), teams }, null);
    teller.end();
    expect(drawn.map((text) => [text.startsWith('\u001b[4A'), text.split('\n').length - 1])).toEqual([
      [false, 4],
      [true, 7],
    ]);
  });
});

describe('bars on a terminal', () => {
  test('are drawn at most ten times a second, the last state always', () => {
    const clock = createManualClock();
    const drawn: string[] = [];
    const write = (text: string): void => void drawn.push(text);
    const teller = tellInBars({ write, columns: () => 80, rows: () => 24, isUtf8: true, clock, budgetUsd: null });
    for (let done = 0; done <= 10; done += 1) {
      teller.update(progress(done), null);
      clock.advance(20);
    }
    const before = drawn.length;
    teller.end();
    teller.end();
    clock.advance(1_000);
    expect([before, drawn.length, drawn.at(-1)?.includes('10 of 10 trials')]).toEqual([3, 4, true]);
  });

  test('make room for a sentence', () => {
    const clock = createManualClock();
    const drawn: string[] = [];
    const write = (text: string): void => void drawn.push(text);
    const teller = tellInBars({ write, columns: () => 80, rows: () => 24, isUtf8: true, clock, budgetUsd: null });
    teller.update(progress(1), null);
    teller.tell('No worker\u001b[2J is connected.');
    expect(drawn[1]).toBe('\u001b[2A\r\u001b[JNo worker is connected.\n');
  });
});

describe('a limit for all trials', () => {
  test('is read, and the last one of a type counts', () => {
    const first = typeLimit('openai=30/m', []);
    expect(typeLimit('openai=10/s', typeLimit('claude=1/h', first))).toEqual([
      { type: 'claude', requests: 1, spanMs: 3_600_000 },
      { type: 'openai', requests: 10, spanMs: 1_000 },
    ]);
  });

  test.each(['openai=30/m', 'claude=1/h', 'gemini=2/s'])('%s is written as it was read', (text) => {
    expect(typeLimit(text, []).map(limitText)).toEqual([text]);
  });

  test.each(['openai', 'openai=0/m', 'openai=5/day', '=5/m', 'openai=-1/s', 'openai=0.5/s'])('%s is none', (text) => {
    expect(() => typeLimit(text, [])).toThrow('such as openai=30/m');
  });
});
