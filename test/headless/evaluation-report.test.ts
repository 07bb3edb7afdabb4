import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_USAGE } from '../../src/events/usage.ts';
import { reportSuite } from '../../src/evaluation/report/report-suite.ts';
import { htmlReport } from '../../src/headless/evaluation/html-report.ts';
import { plotSvg } from '../../src/headless/evaluation/plot-svg.ts';
import { textWidth } from '../../src/tui/text/width.ts';
import { textReport } from '../../src/headless/evaluation/text-report.ts';
import { answersFrom, recordOf } from '../evaluation/report/records.ts';

const agents = ['ann', 'ben', 'cid'].map((id, index) => ({
  alias: `agent${index + 1}`,
  id,
  type: 'openai',
  model: 'gpt',
  usage: NO_USAGE,
}));
const records = [
  recordOf({ team: 'trio', agents, isRight: true, answers: answersFrom('agent1.1 yes') }),
  recordOf({ team: 'trio', agents, item: 'q2', answers: answersFrom('agent1.1 yes') }),
  recordOf({ team: 'one', item: 'q1' }),
];

describe('the report of an evaluation in a terminal', () => {
  test('draws right answers with their interval and the oracle', () => {
    const lines = textReport(reportSuite('s', records), 120, textWidth).split('\n');
    expect(lines.find((line) => line.startsWith('trio  █'))).toBe(
      'trio  ████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓────────────────── ◆ 50.0 %'.replace('────────────────── ◆', '─────────────────   ◆'),
    );
  });

  test('marks no oracle for one agent, which has nothing to choose from', () => {
    const [line = ''] = textReport(reportSuite('s', records), 120, textWidth)
      .split('\n')
      .filter((each) => /^one +─/.test(each));
    expect(line).toMatch(/^one {3}─+ +0\.0 %$/);
  });

  test('shows what teams take for their right answers, and sets those of one place beside each other', () => {
    const twin = records.slice(2).map((record) => ({ ...record, team: 'twin' }));
    const dear = records.slice(0, 2).map((record) => ({ ...record, usage: { ...NO_USAGE, input: 900, output: 0 } }));
    const text = textReport(reportSuite('s', [...dear, ...records.slice(2), ...twin]), 80, textWidth);
    const from = text.indexOf('Right answers over tokens per trial');
    expect(text.slice(from, text.indexOf('\n\n', from)).split('\n')).toEqual([
      'Right answers over tokens per trial',
      '100 % │',
      '      │',
      ' 75 % │',
      '      │',
      ' 50 % │                                           A',
      '      │',
      ' 25 % │',
      '      │',
      '  0 % ┼─────BC──────────────────────────────────────────',
      '       0                      500                     1k',
      'A trio (on the front)',
      'B one (on the front)',
      'C twin (on the front)',
    ]);
  });

  test('keeps its columns where names take two cells a sign', () => {
    const wide = records.map((record) => ({ ...record, team: record.team === 'trio' ? 'チーム一' : record.team }));
    const lines = textReport(reportSuite('s', wide), 120, textWidth).split('\n');
    const rows = lines.slice(lines.indexOf('Teams') + 3, lines.indexOf('Teams') + 5);
    expect(rows.map((row) => textWidth(row.slice(0, row.indexOf(' %'))))).toEqual([22, 22]);
    const bars = lines.slice(lines.indexOf('Right answers') + 1, lines.indexOf('Right answers') + 3);
    expect(bars.map((bar) => textWidth(bar.slice(0, bar.search(/[█▓─]/))))).toEqual([10, 10]);
  });

  test('exchanges rows and columns of a table that is too wide', () => {
    const lines = textReport(reportSuite('s', records), 80, textWidth).split('\n');
    const from = lines.indexOf('Teams');
    expect(lines.slice(from + 1, from + 6)).toEqual([
      'team                     trio              one',
      '─'.repeat(46),
      'agents                      3                1',
      'right                  50.0 %            0.0 %',
      '95 %          9.5 % to 90.5 %  0.0 % to 79.3 %',
    ]);
  });

  test.each([80, 120])('has no line wider than %i columns, but for tables that are told row by row', (columns) => {
    const wide = textReport(reportSuite('s', records), columns, textWidth)
      .split('\n')
      .filter((line) => line.length > columns);
    expect(wide).toEqual([]);
  });

  test('holds no sign that a terminal acts on, whatever teams are called', () => {
    const hostile = records.map((record) => ({ ...record, team: `${record.team}\u001b]0;x\u0007\n` }));
    expect(textReport(reportSuite('\u009d', hostile), 80, textWidth)).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
    );
  });
});

describe('the report of an evaluation as a page', () => {
  test('needs nothing from anywhere and lets nothing run', () => {
    const page = htmlReport(reportSuite('<script>alert(1)</script>', records));
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<img|https?:/);
  });

  test('writes no name over another one', () => {
    const near = ['one', 'two', 'three'].map((name, index) => ({
      name,
      x: 100 + index,
      y: 0.5,
      low: null,
      high: null,
      isOnFront: false,
    }));
    const heights = [...plotSvg(near, 'x').matchAll(/class="name" x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y));
    const apart = heights.flatMap((y, index) => heights.slice(index + 1).map((other) => Math.abs(other - y)));
    expect([heights.length, Math.min(...apart) >= 13]).toEqual([3, true]);
  });

  test('has a colour and a place in the legend for each of eight teams', () => {
    const teams = Array.from({ length: 8 }, (_, index) => recordOf({ team: `team ${index}` }));
    const svg = htmlReport(reportSuite('s', teams));
    const legend = [...svg.matchAll(/<circle class="(team\d)" cx="([\d.]+)" cy="([\d.]+)" r="5"/g)];
    expect([
      new Set(legend.map(([, color]) => color)).size,
      new Set(legend.map(([, , x, y]) => `${x} ${y}`)).size,
    ]).toEqual([8, 8]);
    expect(legend.filter(([, , x]) => Number(x) > 440)).toEqual([]);
  });

  test('keeps every point inside the plot', () => {
    const point = fc.record({
      x: fc.double({ min: 0, max: 1e7, noNaN: true }),
      y: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 5 }), (points) => {
        const svg = plotSvg(
          points.map((at) => ({ ...at, name: 'n', low: null, high: null, isOnFront: false })),
          'x',
        );
        const places = [...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
        expect(places).toHaveLength(points.length);
        expect(places.filter(([x = 0, y = 0]) => x < 56 || x > 530.1 || y < 15.9 || y > 296.1)).toEqual([]);
      }),
    );
  });
});
