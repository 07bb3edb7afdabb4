import { describe, expect, it } from 'vitest';
import { readPlainScalar } from '../../src/config/yaml-scalars.ts';

// Every expectation is what PyYAML 6's safe_load returns for `a: TEXT`.
const CASES: [string, string | number | boolean | null][] = [
  ['yes', true],
  ['Yes', true],
  ['YES', true],
  ['on', true],
  ['On', true],
  ['true', true],
  ['no', false],
  ['off', false],
  ['FALSE', false],
  ['oN', 'oN'],
  ['y', 'y'],
  ['n', 'n'],
  ['tRUE', 'tRUE'],
  ['~', null],
  ['', null],
  ['null', null],
  ['Null', null],
  ['nULL', 'nULL'],
  ['0', 0],
  ['00', 0],
  ['-0', 0],
  ['+1', 1],
  ['010', 8],
  ['-010', -8],
  ['0777', 511],
  ['08', '08'],
  ['0888', '0888'],
  ['0o17', '0o17'],
  ['0x1F', 31],
  ['-0xff', -255],
  ['0X1F', '0X1F'],
  ['0b101', 5],
  ['+0b1', 1],
  ['1_000', 1000],
  ['1__0', 10],
  ['_1', '_1'],
  ['1,000', '1,000'],
  ['12:30', 750],
  ['1:30:00', 5400],
  ['-1:30', -90],
  ['12:60', '12:60'],
  ['0:30', '0:30'],
  ['1:2:3:4', 223_384],
  ['1e3', '1e3'],
  ['1.0e3', '1.0e3'],
  ['1.0e+3', 1000],
  ['1.e-3', 0.001],
  ['1E+3', '1E+3'],
  ['.5', 0.5],
  ['.5e+1', 5],
  ['5.', 5],
  ['+.5', '+.5'],
  ['09.5', 9.5],
  ['1_0.5_0', 10.5],
  ['12:30.5', 750.5],
  ['1.2.3', '1.2.3'],
  ['.inf', Infinity],
  ['-.inf', -Infinity],
  ['+.INF', Infinity],
  ['.', '.'],
  ['..', '..'],
  ['v1.0', 'v1.0'],
  ['2025-01-01', '2025-01-01'],
  ['12345678901234', 12_345_678_901_234],
];

describe('a plain scalar', () => {
  it.each(CASES)('%j is %j', (text, value) => {
    expect(readPlainScalar(text)).toBe(value);
  });

  it('is no number for .nan only by being not a number', () => {
    expect(readPlainScalar('.nan')).toBeNaN();
    expect(readPlainScalar('.nAn')).toBe('.nAn');
  });
});
