import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentRows, splitArguments } from '../../src/tui/view/argument-rows.ts';
import { lineText, lineWidth } from '../../src/tui/view/line.ts';
import { style } from '../../src/tui/theme/style.ts';

const STYLES = { name: style('dim'), value: style('fg'), odd: style('warn'), bar: '|' };
const rows = (args: Record<string, unknown>, width = 40): string[] =>
  argumentRows(args, width, STYLES).map((line) => lineText(line));

describe('arguments of a call', () => {
  it('stand a row each, longer text below its name', () => {
    expect(rows({ path: 'a.ts', limit: 20, text: 'one\n  two', deep: { tags: ['x', 'y'], none: {} } })).toEqual([
      'path  a.ts',
      'limit  20',
      'text',
      '  | one',
      '  |   two',
      'deep',
      '  tags',
      '    -  x',
      '    -  y',
      '  none  {}',
    ]);
  });

  it('tell text from what it looks like', () => {
    expect(rows({ a: '20', b: 20, c: 'null', d: null, e: '', f: ' x', g: '{}', h: {} })).toEqual([
      'a  "20"',
      'b  20',
      'c  "null"',
      'd  null',
      'e  ""',
      'f  " x"',
      'g  "{}"',
      'h  {}',
    ]);
  });

  it('hide nothing, in names or in values', () => {
    expect(rows({ 'a\u202eb': 'x\u202ey\u001b[2J' })).toEqual(['"a\\u202eb"  x\\u{202e}y\\x1b[2J']);
  });

  it.each([
    ['{"a":1}', '', { a: 1 }],
    ['Edit a file\n{\n  "a": 1\n}', 'Edit a file\n', { a: 1 }],
    ['ls {a,b}', 'ls {a,b}', null],
    ['{ not json', '{ not json', null],
    ['{"a":1,"a":2}', '{"a":1,"a":2}', null],
    ['{"a":10000000000000001}', '{"a":10000000000000001}', null],
    ['', '', null],
  ])('are found at the end of %j', (text, before, args) => {
    expect(splitArguments(text)).toEqual({ before, args });
  });

  it('never stand wider than their room', () => {
    const widths = fc.integer({ min: 20, max: 90 });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 120 }), fc.jsonValue()), widths, (args, width) => {
        for (const line of argumentRows(args, width, STYLES)) expect(lineWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 200 },
    );
  });
});
