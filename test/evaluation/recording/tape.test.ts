import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTape, typedCommand, type TapeRequest } from '../../../src/evaluation/recording/tape.ts';
import { shellWord, tapeStrings } from '../../../src/evaluation/recording/tape-text.ts';
import { parseSize, pixelsOf } from '../../../src/evaluation/recording/terminal-size.ts';
import { parseTape } from '../../tapes/tape.ts';

const BASE: TapeRequest = {
  args: ['--config', 'team.yaml', '--theme', 'dark'],
  question: 'Why?',
  size: { cols: 80, rows: 24 },
  isLight: false,
  formats: ['gif', 'png', 'txt'],
  limitSeconds: 60,
};

const HOSTILE = [
  `" Enter\nType "rm -rf /`,
  '`"\' $(touch /tmp/x) `id` !! \\',
  'a\'b"c`d',
  '\u001b]0;title\u0007\r\nEnter',
  '\u2028\u202e/x/',
  '-- --config other.yaml',
  '$HOME \\n %s',
];

/** Everything that the tape types. */
function typedIn(tape: string): string {
  return parseTape(tape)
    .commands.flatMap((command) => (command.type === 'type' ? [command.text] : []))
    .join('');
}

describe('the tape of a recording', () => {
  it('is what VHS reads', () => {
    expect(buildTape({ ...BASE, isLight: true, formats: ['mp4', 'png'] }).split('\n')).toEqual([
      '# size: 80x24',
      'Output recording.mp4',
      'Output frames/',
      'Require massgen',
      'Set Shell "bash"',
      'Set FontFamily "JetBrains Mono"',
      'Set FontSize 15',
      'Set LetterSpacing 0',
      'Set Padding 12',
      'Set Width 770',
      'Set Height 522',
      'Set Theme "Builtin Light"',
      'Set TypingSpeed 15ms',
      'Set Framerate 10',
      'Env MASSGEN_ECONOMY off',
      `Type "massgen --config team.yaml --theme dark -- 'Why?'"`,
      'Enter',
      'Wait+Screen@60s /^ massgen .* (finished|failed|timed-out|cancelled)  /',
      'Sleep 3s',
      'Hide',
      'Ctrl+C',
      'Wait@30s',
      '',
    ]);
  });

  it.each(HOSTILE)('types a hostile question and nothing else: %j', (question) => {
    const tape = buildTape({ ...BASE, question, args: ['--config', question] });
    expect(typedIn(tape)).toBe(typedCommand({ question, args: ['--config', question] }));
  });

  it('has the same lines for every question, but for what is typed', () => {
    const linesOf = (question: string): string[] =>
      buildTape({ ...BASE, question })
        .split('\n')
        .filter((line) => !line.startsWith('Type'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (question) => {
        expect(linesOf(question)).toEqual(linesOf('Why?'));
      }),
      { numRuns: 40 },
    );
  });

  it('takes a long question from a file', () => {
    expect(typedCommand({ args: ['--demo'], question: 'long '.repeat(100) })).toBe(
      'massgen --demo -- "$(cat question.txt)"',
    );
  });
});

describe('words of a shell', () => {
  it.each(HOSTILE)('reach a program as they were: %j', (text) => {
    const said = execFileSync('bash', ['--norc', '-c', `printf %s ${shellWord(text)}`], { env: { LANG: 'C.UTF-8' } });
    expect(said.toString('utf8')).toBe(text);
  });

  it('hold no control characters, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => tapeStrings(shellWord(text))).not.toThrow();
      }),
    );
  });
});

describe('the size of a recording', () => {
  it('is told to VHS in pixels, as they were measured', () => {
    expect(['80x24', '120x40', '200x50'].map((size) => pixelsOf(parseSize(size)))).toEqual([
      { width: 770, height: 522 },
      { width: 1130, height: 842 },
      { width: 1850, height: 1042 },
    ]);
  });

  it.each(['', '120', '120x', '0x0', '5000x5000', '-1x40', '120x40; rm'])('is refused when it is %j', (size) => {
    expect(() => parseSize(size)).toThrow('cannot be recorded');
  });
});
