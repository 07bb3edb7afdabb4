import { describe, expect, it } from 'vitest';
import { InputTokenizer, MAX_PASTE, type InputToken } from '../../src/tui/input/tokenizer.ts';
import { createFakeClock } from './fake-clock.ts';

function tokens(...chunks: (string | Uint8Array)[]): InputToken[] {
  const clock = createFakeClock();
  const out: InputToken[] = [];
  const tokenizer = new InputTokenizer(clock, (token) => out.push(token));
  for (const chunk of chunks) tokenizer.push(chunk);
  clock.advance(1000);
  return out;
}

function shown(list: InputToken[]): string[] {
  return list.map((token) => {
    if (token.kind === 'key') return token.key;
    if (token.kind === 'paste') return `paste:${token.text}`;
    if (token.kind === 'mouse') return `${token.action}@${token.x},${token.y}`;
    return token.kind === 'focus' ? (token.isFocused ? 'in front' : 'behind') : `reply:${token.body}`;
  });
}

const CORPUS: [name: string, input: string, expected: string[]][] = [
  ['letters', 'aG?', ['a', 'G', '?']],
  ['enter and newline', '\r\n', ['enter', 'ctrl+j']],
  [
    'controls',
    '\x03\x04\x15\x0c\x1a\t\x7f\x08',
    ['ctrl+c', 'ctrl+d', 'ctrl+u', 'ctrl+l', 'ctrl+z', 'tab', 'backspace', 'ctrl+h'],
  ],
  ['space', ' ', ['space']],
  ['arrows', '\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
  ['application arrows', '\x1bOA\x1bOB', ['up', 'down']],
  [
    'home and end in all dialects',
    '\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1bOH\x1bOF',
    ['home', 'end', 'home', 'end', 'home', 'end', 'home', 'end'],
  ],
  ['pages and delete', '\x1b[5~\x1b[6~\x1b[3~', ['pageup', 'pagedown', 'delete']],
  ['shift tab', '\x1b[Z', ['shift+tab']],
  ['modified arrows', '\x1b[1;5C\x1b[1;3D\x1b[1;2A', ['ctrl+right', 'alt+left', 'shift+up']],
  ['alt', '\x1bb\x1b\r\x1b\x7f', ['alt+b', 'alt+enter', 'alt+backspace']],
  ['escape alone', '\x1b', ['escape']],
  ['escape twice', '\x1b\x1b', ['escape', 'escape']],
  ['escape before an arrow', '\x1b\x1b[A', ['escape', 'up']],
  ['kitty', '\x1b[13;2u\x1b[99;5u\x1b[27u\x1b[97;1u\x1b[106;5u', ['shift+enter', 'ctrl+c', 'escape', 'a', 'ctrl+j']],
  ['kitty lock keys and releases', '\x1b[97;65u\x1b[97;1:3u\x1b[97;1:1u', ['a', 'a']],
  ['kitty shift', '\x1b[103;2u', ['G']],
  ['modifyOtherKeys', '\x1b[27;2;13~\x1b[27;5;99~', ['shift+enter', 'ctrl+c']],
  ['wheel', '\x1b[<64;10;5M\x1b[<65;300;5M', ['wheelup@9,4', 'wheeldown@299,4']],
  [
    'mouse buttons',
    '\x1b[<0;1;1M\x1b[<32;2;1M\x1b[<0;2;1m\x1b[<35;1;1Mx',
    ['press@0,0', 'drag@1,0', 'release@1,0', 'x'],
  ],
  ['wheel with Shift', '\x1b[<68;3;2M', ['wheelup@2,1']],
  ['other buttons, the wheel sideways, no place', '\x1b[<2;1;1M\x1b[<66;1;1M\x1b[<0;0;1M\x1b[<MX', ['X']],
  ['old mouse', '\x1b[M !!y', ['y']],
  ['focus reports', '\x1b[I\x1b[Oz', ['in front', 'behind', 'z']],
  ['device attributes', '\x1b[?62;4cq', ['reply:?62;4c', 'q']],
  ['mode report', '\x1b[?2026;2$y', ['reply:?2026;2$y']],
  ['cursor report', '\x1b[12;40R', ['reply:12;40R']],
  [
    'ground colour',
    '\x1b]11;rgb:1a1a/1b1b/2626\x1b\\\x1b]11;rgb:ff/ff/ff\x07',
    ['reply:11;rgb:1a1a/1b1b/2626', 'reply:11;rgb:ff/ff/ff'],
  ],
  ['version by DCS', '\x1bP>|term 1\x1b\\k', ['reply:>|term 1', 'k']],
  ['unknown sequences', '\x1b[99~\x1b[?1;2$z1', ['reply:?1;2$z', '1']],
  ['paste', '\x1b[200~one\r\ntwo\x1b[A\rq\x1b[201~x', ['paste:one\ntwo\x1b[A\nq', 'x']],
  ['emoji and letters', 'é🚀日', ['é', '🚀', '日']],
];

describe('InputTokenizer', () => {
  it.each(CORPUS)('reads %s', (_name, input, expected) => {
    expect(shown(tokens(input))).toEqual(expected);
  });

  it.each(CORPUS)('reads %s in any two packets', (_name, input, expected) => {
    const bytes = Buffer.from(input, 'utf8');
    for (let at = 1; at < bytes.length; at++) {
      expect(shown(tokens(bytes.subarray(0, at), bytes.subarray(at)))).toEqual(expected);
    }
  });

  it('types what is text and nothing else', () => {
    const texts = tokens('a \x1b[A\x03\x1b[97;1u').map((token) => (token.kind === 'key' ? token.text : null));
    expect(texts).toEqual(['a', ' ', '', '', 'a']);
  });

  it('takes an ESC for the Escape key only after a silence', () => {
    const clock = createFakeClock();
    const out: InputToken[] = [];
    const tokenizer = new InputTokenizer(clock, (token) => out.push(token));
    tokenizer.push('\x1b');
    clock.advance(29);
    expect(out).toEqual([]);
    tokenizer.push('[A');
    clock.advance(1000);
    expect(shown(out)).toEqual(['up']);
  });

  it('takes a paste of megabytes whole, and says of what is beyond all measure that it was cut', () => {
    const of = (size: number) => tokens(`\x1b[200~${'x'.repeat(size)}`, 'end\x1b[201~')[0];
    const [large, vast] = [of(5_000_000), of(MAX_PASTE)];
    expect([large, vast].map((token) => token?.kind === 'paste' && [token.text.length, token.isCut])).toEqual([
      [5_000_003, undefined],
      [MAX_PASTE, true],
    ]);
  });

  it('does not type the pieces of a reply that never ended', () => {
    expect(shown(tokens('\x1b]11;rgb:1a1a'))).toEqual([]);
  });

  it('leaves no timer behind', () => {
    const clock = createFakeClock();
    const tokenizer = new InputTokenizer(clock, () => undefined);
    tokenizer.push('\x1b');
    tokenizer.close();
    expect(clock.pending).toBe(0);
  });
});
