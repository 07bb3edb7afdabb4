import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, money, seconds } from '../../src/headless/figures.ts';
import { oneLine, plainText, preview } from '../../src/headless/plain-text.ts';

describe('plainText', () => {
  test.each([
    ['a\u001b[31mred\u001b[0m', 'ared'],
    ['a\u009b2Jb', 'ab'],
    ['a\u001b]0;title\u0007b', 'ab'],
    ['a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\b', 'alinkb'],
    ['a\u001bPpayload\u001b\\b', 'ab'],
    ['a\u001bcb', 'ab'],
    ['a\u001b(Bb', 'ab'],
    ['a\u001b', 'a'],
    ['bell\u0007, back\b, del\u007f', 'bell, back, del'],
    ['one\r\ntwo\rthree\u2028four', 'one\ntwo\nthree\nfour'],
    ['tab\tstays', 'tab\tstays'],
    ['\u202eright to left\u202c', 'right to left'],
    ['Grüße 🎉 日本', 'Grüße 🎉 日本'],
    ['half \ud83c', 'half \ufffd'],
  ])('makes of %j %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  test('never leaves a control character, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('\u001b', '[', ']', '\u009b', '\u0007', '\\', 'm', '1', ';', '\r', 'P', '\u009c')),
        (parts) => {
          expect(plainText(parts.join(''))).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        },
      ),
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(plainText(text))).toBe(plainText(text));
      }),
    );
  });

  test('takes its time in proportion to the text', () => {
    expect(plainText('\u001b]'.repeat(100_000))).toBe('');
    expect(plainText('\u001b['.repeat(100_000))).toBe('');
  });
});

test('oneLine joins lines and drops space around them', () => {
  expect(oneLine('  a \n\n b\tc\r\n')).toBe('a b c');
});

describe('preview', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly 10', 10, 'exactly 10'],
    ['eleven char', 10, 'eleven ch…'],
    ['two\nlines', 20, 'two lines'],
    ['👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2, '👩‍👩‍👧…'],
    ['', 5, ''],
    [' '.repeat(1_000), 5, '…'],
  ])('of %j in %i characters is %j', (text, limit, expected) => {
    expect(preview(text, limit)).toBe(expected);
  });
});

describe('figures', () => {
  test.each([
    [0, '0.0s'],
    [45_349, '45.3s'],
    [3_600_000, '3600.0s'],
    [-5, '0.0s'],
  ])('%i ms are %s', (ms, text) => {
    expect(seconds(ms)).toBe(text);
  });

  test.each([
    [0, '0 agents'],
    [1, '1 agent'],
    [999, '999 agents'],
    [1_234_567, '1,234,567 agents'],
  ])('%i is %s', (n, text) => {
    expect(count(n, 'agent')).toBe(text);
  });

  test.each([
    [{ usd: 0, isComplete: true }, '$0.0000'],
    [{ usd: 0.000_01, isComplete: true }, 'less than $0.0001'],
    [{ usd: 0.000_01, isComplete: false }, 'more than $0'],
    [{ usd: 1.5, isComplete: true }, '$1.5000'],
    [{ usd: 1.5, isComplete: false }, 'at least $1.5000'],
    [{ usd: 0, isComplete: false }, 'cost unknown'],
  ])('%j is %s', (cost, text) => {
    expect(money(cost)).toBe(text);
  });
});
