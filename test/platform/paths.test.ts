import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { massgenHome, runsFolder, safeFileName } from '../../src/platform/paths.ts';

describe('massgenHome', () => {
  test.each([
    [{}, '/home/ann/.massgen'],
    [{ MASSGEN_HOME: '' }, '/home/ann/.massgen'],
    [{ MASSGEN_HOME: '/data/mg' }, '/data/mg'],
    [{ MASSGEN_HOME: 'mg' }, '/work-dir/mg'],
  ])('with %j is %s', (variables, home) => {
    expect(massgenHome({ home: '/home/ann', cwd: '/work-dir', variables: variables as Record<string, string> })).toBe(
      home,
    );
  });
});

test('runs are kept below the working folder', () => {
  expect(runsFolder('/work-dir')).toBe(join(sep, 'work-dir', '.massgen', 'runs'));
});

describe('safeFileName', () => {
  test.each([
    ['agent1.1', 'agent1.1'],
    ['Grüße-日本', 'Grüße-日本'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['a/b\\c', 'a_b_c'],
    ['', '_'],
    ['.', '_'],
    ['..', '_'],
    ['.hidden', '_hidden'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['name. ', 'name._'],
    ['\u202egnp.exe', '_gnp.exe'],
    ['a\u0000b\nc', 'a_b_c'],
  ])('of %j is %j', (text, name) => {
    expect(safeFileName(text)).toBe(name);
  });

  test('is always one name in one folder, short enough for every file system', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 200 })), (text) => {
        const name = safeFileName(text);
        expect(name).toMatch(/^[\p{L}\p{N}\p{M}._-]+$/u);
        expect(['.', '..']).not.toContain(name);
        expect(name.startsWith('.') || name.endsWith('.')).toBe(false);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(101);
      }),
    );
  });

  test('does not change a safe name', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const name = safeFileName(text);
        expect(safeFileName(name)).toBe(name);
      }),
    );
  });
});
