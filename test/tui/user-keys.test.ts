import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionFor, footerBindings, helpSections, KEYMAP, type Keymap } from '../../src/tui/input/keymap.ts';
import { keyText, readKey } from '../../src/tui/input/key-names.ts';
import { InputTokenizer } from '../../src/tui/input/tokenizer.ts';
import { findCommand } from '../../src/tui/app/command-line.ts';
import { readUserKeys } from '../../src/tui/input/user-keys.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { createFakeClock } from './fake-clock.ts';
import { modelOf } from './models.ts';

function keymapOf(text: string): Keymap {
  const { keymap, problems } = readUserKeys(text, 'keys.yaml');
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return keymap;
}

describe('keys of the user', () => {
  it('take the place of the usual ones, wherever keys are looked up or shown', () => {
    const keymap = keymapOf('timeline: ctrl+y\nhelp: F2\nzoom: [z, Alt+Enter]\n');
    expect([
      actionFor('panes', 'ctrl+y', keymap),
      actionFor('panes', 'T', keymap),
      actionFor('panes', 'alt+enter', keymap),
      footerBindings('panes', keymap).find(({ id }) => id === 'timeline')?.label,
      helpSections(keymap)
        .flatMap(({ rows }) => rows)
        .find(({ id }) => id === 'zoom')?.label,
    ]).toEqual(['timeline', null, 'zoom', '^Y', 'z Alt-Enter']);
    const frame = frameText(buildFrame(modelOf(scriptedRun({ agents: 3 }), { keymap })));
    expect(frame.at(-1)).toMatch(/\^Y timeline .* F2 help *$/);
  });

  it('may be none', () => {
    const keymap = keymapOf('mouse: []');
    expect([actionFor('panes', 'm', keymap), actionFor('panes', 'T', keymap)]).toEqual([null, 'timeline']);
  });

  it('stand in what is said of a command that does not exist', () => {
    const model = modelOf(scriptedRun({ agents: 3 }), { keymap: keymapOf('palette: F3') });
    expect(findCommand(model, 'zzzzzzzz')).toBe('There is no command /zzzzzzzz. F3 lists all.');
  });

  it('leave the wheel alone', () => {
    expect(actionFor('panes', 'wheeldown', keymapOf('scroll-down: J'))).toBe('scroll-down');
  });

  it('may change places', () => {
    const keymap = keymapOf('timeline: A\nanswer: T');
    expect([actionFor('panes', 'A', keymap), actionFor('panes', 'T', keymap)]).toEqual(['timeline', 'answer']);
  });

  it.each([
    ['# mine\n\ntimelin: x', 'keys.yaml:3 There is no action timelin: timeline comes nearest. docs/keys.md lists all.'],
    ['timeline: A', 'keys.yaml:1 A is timeline and answer in panes: give one of them another key.'],
    [
      'timeline: 7up',
      expect.stringMatching(/^keys\.yaml:1 timeline: 7up: it is no key\. Keys are single characters and: up, down/),
    ],
    [
      'timeline: hyper+x',
      'keys.yaml:1 timeline: hyper+x: hyper+ is no modifier: there are ctrl+, alt+ and shift+, in front of the key.',
    ],
    [
      'timeline: shift+g',
      'keys.yaml:1 timeline: shift+g: with Shift a terminal sends another character: write G instead.',
    ],
    ['timeline: ctrl+i', 'keys.yaml:1 timeline: ctrl+i: terminals send tab for it: write tab.'],
    ['send: x', 'keys.yaml:1 send: x is a character that is typed there: take a chord such as ctrl+x.'],
    ['redraw: z', 'keys.yaml:1 redraw: z is a character that is typed there: take a chord such as ctrl+z.'],
    ['interrupt: ctrl+q', 'keys.yaml:1 The keys of interrupt cannot be changed.'],
    [
      'timeline: {a: b}',
      'keys.yaml:1 The keys of timeline are no text: write a key such as z or ctrl+z, or a list of them.',
    ],
    ['- a', 'keys.yaml:1 The file is no map of actions to keys, such as "zoom: z".'],
    ['a: [', expect.stringMatching(/^keys\.yaml:1 /)],
  ])('are refused with file and line: %j', (text, message) => {
    const { problems, keymap } = readUserKeys(text, 'keys.yaml');
    expect([problems, keymap]).toEqual([[message], KEYMAP]);
  });

  it('are the usual ones in an empty file', () => {
    expect(readUserKeys('# nothing yet\n', 'keys.yaml')).toEqual({ keymap: KEYMAP, problems: [] });
  });

  it('never throw, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readUserKeys(text, 'k').keymap.length).toBe(KEYMAP.length);
      }),
    );
  });
});

describe('the name of a key', () => {
  it('of the table is what a user may write', () => {
    const keys = KEYMAP.flatMap((binding): string[] => [...binding.keys]).filter((key) => !key.startsWith('wheel'));
    expect(keys.flatMap((key) => (JSON.stringify(readKey(key)) === JSON.stringify({ key }) ? [] : [key]))).toEqual([]);
  });

  it('is what the terminal sends', () => {
    const seen: string[] = [];
    const tokenizer = new InputTokenizer(createFakeClock(), (token) => token.kind === 'key' && seen.push(token.key));
    tokenizer.push('\x19\x1bOQ\x1b[24~\x1b[5~\x1b[1;5CG');
    tokenizer.close();
    expect(seen).toEqual(['ctrl+y', 'f2', 'f12', 'pageup', 'ctrl+right', 'G']);
  });

  it.each([
    ['ctrl+x', '^X'],
    ['ctrl+right', 'C-→'],
    ['shift+tab', 'S-Tab'],
    ['alt+b', 'Alt-b'],
    ['+', '+'],
    ['ctrl++', '^+'],
  ])('%s is written %s', (key, text) => {
    expect([keyText(key), readKey(key)]).toEqual([text, { key }]);
  });
});
