import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nearest16, nearest256 } from '../../src/tui/theme/color.ts';
import { detectColorDepth, themeFromEnv, themeFromReply } from '../../src/tui/theme/detect.ts';
import {
  BUILT_IN_THEMES,
  listThemes,
  loadTheme,
  palePairs,
  parseTheme,
  userThemesFolder,
} from '../../src/tui/theme/load-theme.ts';
import { watchThemes } from '../../src/tui/theme/watch-themes.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import { onGround, readStyle, style, withAttr } from '../../src/tui/theme/style.ts';
import { agentToken, GROUNDS, TOKENS } from '../../src/tui/theme/tokens.ts';
import { createFakeClock } from './fake-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'themes-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, theme: unknown): void {
  writeFileSync(join(folder, name), typeof theme === 'string' ? theme : JSON.stringify(theme));
}

describe.each(BUILT_IN_THEMES)('the %s theme', (name) => {
  const theme = loadTheme(name);

  it('is readable: every token on every ground has enough contrast', () => {
    expect(palePairs(theme, name === 'high-contrast' ? 7 : 4.5)).toEqual([]);
  });

  it('says what it is', () => {
    expect([theme.name, theme.isDark]).toEqual([name, name !== 'light']);
  });

  it('tells the chosen row from the others', () => {
    const table = new StyleTable(theme, 'truecolor');
    expect(table.sgr(style('fg', [], 'pick'))).not.toBe(table.sgr(style('fg')));
  });
});

describe.each(['dark', 'light', 'high-contrast'])('the %s theme', (name) => {
  it('gives every agent a colour of its own', () => {
    const { tokens } = loadTheme(name);
    const colors = Array.from({ length: 16 }, (_, i) => tokens[agentToken(i + 1)]);
    expect(new Set(colors).size).toBe(16);
  });
});

describe('the themes that leave colours to the terminal', () => {
  it.each(['mono', 'terminal-16'])('send no colour of their own: %s', (name) => {
    const table = new StyleTable(loadTheme(name), 'truecolor');
    const sent = TOKENS.flatMap((token) => GROUNDS.map((ground) => table.sgr(style(token, [], ground))));
    expect(sent.filter((sgr) => /[34]8;/.test(sgr))).toEqual([]);
  });

  it('use one colour only where it is called mono', () => {
    const codes = TOKENS.map((token) => new StyleTable(loadTheme('mono'), 'truecolor').sgr(style(token)));
    expect(new Set(codes)).toEqual(new Set(['\x1b[0;39m']));
  });
});

describe('themes of the user', () => {
  it('lie beside the configs', () => {
    expect([
      userThemesFolder({ HOME: '/h' }),
      userThemesFolder({ HOME: '/h', XDG_CONFIG_HOME: '/x' }),
      userThemesFolder({}),
    ]).toEqual(['/h/.config/massgen/themes', '/x/massgen/themes', null]);
  });

  it('need to say only what is different', () => {
    write('mine.json', { inherits: 'light', tokens: { err: '#aa0000' }, grounds: { bg: '#ffffff' } });
    const [mine, light] = [loadTheme('mine', folder), loadTheme('light')];
    expect(mine).toEqual({
      ...light,
      name: 'mine',
      tokens: { ...light.tokens, err: '#aa0000' },
      grounds: { ...light.grounds, bg: '#ffffff' },
    });
  });

  it('inherit from each other', () => {
    write('child.json', { inherits: 'mine', isDark: true });
    expect([loadTheme('child', folder).tokens.err, loadTheme('child', folder).isDark]).toEqual(['#aa0000', true]);
  });

  it('are listed after the built-in ones, which they cannot replace', () => {
    write('dark.json', {});
    write('not a name.json', {});
    write('notes.txt', '');
    expect(listThemes(folder)).toEqual([...BUILT_IN_THEMES, 'child', 'mine']);
    expect(loadTheme('dark', folder)).toEqual(loadTheme('dark'));
  });

  it('are none where there is no folder', () => {
    expect([listThemes(null), listThemes('/nowhere')]).toEqual([[...BUILT_IN_THEMES], [...BUILT_IN_THEMES]]);
  });

  it.each([
    ['an unknown name', 'nope', 'There is no theme "nope". There are: dark, light, high-contrast, mono, terminal-16,'],
    ['a path', '../mine', 'There is no theme "../mine".'],
    ['a circle', 'a', 'The themes a → b → a inherit from each other.'],
    ['a parent that is none', 'orphan', 'There is no theme "gone".'],
    ['a broken parent', 'heir', 'The theme broken is not valid JSON.'],
  ])('are refused in words: %s', (_what, name, message) => {
    write('a.json', { inherits: 'b' });
    write('b.json', { inherits: 'a' });
    write('orphan.json', { inherits: 'gone' });
    write('heir.json', { inherits: 'broken' });
    write('broken.json', '{');
    expect(() => loadTheme(name, folder)).toThrow(message);
  });

  it('are judged by their contrast', () => {
    write('pale.json', { inherits: 'dark', tokens: { dim: '#444444' } });
    expect(palePairs(loadTheme('pale', folder))[0]).toBe('"dim" on "bg" has a contrast of 1.8, less than 4.5');
  });

  it('are read again when they change, once for all changes of a moment', async () => {
    const clock = createFakeClock();
    let changes = 0;
    const stop = watchThemes(folder, clock, () => changes++);
    write('mine.json', { inherits: 'dark' });
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    const early = changes;
    clock.advance(1000);
    stop();
    expect([early, changes]).toEqual([0, 1]);
  });

  it('are not watched where there are none', () => {
    watchThemes('/nowhere', createFakeClock(), () => expect.unreachable())();
    watchThemes(null, createFakeClock(), () => expect.unreachable())();
  });
});

describe('parseTheme', () => {
  const good = {
    name: 'x',
    isDark: true,
    tokens: Object.fromEntries(TOKENS.map((t) => [t, '#ffffff'])),
    grounds: Object.fromEntries(GROUNDS.map((g) => [g, '#000000'])),
  };
  const parse =
    (change: object): (() => unknown) =>
    () =>
      parseTheme(JSON.stringify({ ...good, ...change }), 'my.json');

  it('takes a whole theme', () => {
    expect(parse({})()).toEqual(good);
  });
  it.each([
    [
      'a missing colour',
      { tokens: {} },
      'The theme my.json needs a colour for "fg": "#rrggbb", or a name such as "red" or "bright-blue".',
    ],
    [
      'a bad colour',
      { grounds: { ...good.grounds, bg: 'black' } },
      'The theme my.json needs a colour for "bg": "#rrggbb", "default" or "reverse".',
    ],
    ['an unknown key', { tokens: { ...good.tokens, foo: '#ffffff' } }, 'The theme my.json has the unknown key "foo".'],
    ['an unknown key beside them', { colors: {} }, 'The theme my.json has the unknown key "colors".'],
    ['a bad parent', { inherits: 3 }, 'The theme my.json "inherits" from something that is no name.'],
    ['no name', { name: 1 }, 'The theme my.json has no "name".'],
  ])('refuses %s', (_what, change, message) => {
    expect(parse(change)).toThrow(message);
  });
  it('refuses what is no JSON', () => {
    expect(() => parseTheme('{', 'my.json')).toThrow('The theme my.json is not valid JSON.');
  });
});

describe('style', () => {
  it('keeps token, ground and attributes apart', () => {
    const id = withAttr(onGround(style('agent.16', ['italic']), 'pick'), 'bold');
    expect(readStyle(id)).toEqual({ token: 'agent.16', ground: 'pick', attrs: 3 });
  });
});

describe('StyleTable', () => {
  const theme = {
    ...loadTheme('dark'),
    tokens: { ...loadTheme('dark').tokens, err: '#ff0000', fg: '#ffffff' },
    grounds: { bg: '#000000', bar: '#333333', pick: '#5f5f5f' },
  };
  const all = (id: number): string[] =>
    (['truecolor', '256', '16', 'none'] as const).map((depth) => new StyleTable(theme, depth).sgr(id));

  it('sends what the terminal can show', () => {
    expect(all(style('err', ['bold', 'italic']))).toEqual([
      '\x1b[0;1;3;48;2;0;0;0;38;2;255;0;0m',
      '\x1b[0;1;3;48;5;16;38;5;196m',
      '\x1b[0;1;3;91m',
      '\x1b[0;1m',
    ]);
  });
  it('shows a ground without colours as reverse video', () => {
    expect(all(style('fg', [], 'pick')).slice(2)).toEqual(['\x1b[0;7;39m', '\x1b[0;7m']);
  });
  it('sends named colours as the codes that the user has chosen colours for, at every depth but none', () => {
    const named = {
      ...theme,
      tokens: { ...theme.tokens, err: 'bright-red' },
      grounds: { ...theme.grounds, bg: 'default', bar: 'reverse' },
    };
    const sent = (['truecolor', '16', 'none'] as const).map((depth) => {
      const table = new StyleTable(named, depth);
      return [table.sgr(style('err')), table.sgr(style('err', [], 'bar'))];
    });
    expect(sent).toEqual([
      ['\x1b[0;91m', '\x1b[0;7;91m'],
      ['\x1b[0;91m', '\x1b[0;7;91m'],
      ['\x1b[0m', '\x1b[0;7m'],
    ]);
  });
  it('changes only the colour where only the colour differs', () => {
    const table = new StyleTable(theme, 'truecolor');
    expect([
      table.change(style('fg'), style('err')),
      table.change(style('fg'), style('fg')),
      table.change(null, style('err')),
      table.change(style('fg', ['bold']), style('err')),
    ]).toEqual(['\x1b[38;2;255;0;0m', '', table.sgr(style('err')), table.sgr(style('err'))]);
  });
});

describe('colours', () => {
  it('finds near ones', () => {
    expect([
      nearest256([255, 0, 0]),
      nearest256([8, 8, 8]),
      nearest256([120, 120, 120]),
      nearest16([250, 10, 10], false),
      nearest16([10, 250, 250], true),
      nearest16([100, 100, 110], true),
    ]).toEqual([196, 232, 243, 31, 96, 39]);
  });
});

describe('detectColorDepth', () => {
  it.each([
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'truecolor'],
    [{ TERM: 'xterm-kitty' }, 'truecolor'],
    [{ TERM: 'tmux-256color' }, '256'],
    [{ TERM: 'xterm' }, '16'],
    [{ TERM: 'dumb' }, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '1' }, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, '256'],
    [{ NO_COLOR: '1', FORCE_COLOR: '3' }, 'truecolor'],
    [{ COLORTERM: 'truecolor', FORCE_COLOR: '0' }, 'none'],
  ])('of %j is %s', (env, depth) => {
    expect(detectColorDepth(env)).toBe(depth);
  });
});

describe('the theme of a terminal', () => {
  it.each([
    ['0;15', 'light'],
    ['15;0', 'dark'],
    ['12;default;7', 'light'],
    ['x', null],
    [undefined, null],
  ])('by COLORFGBG %s is %s', (value, theme) => {
    expect(themeFromEnv({ COLORFGBG: value })).toBe(theme);
  });
  it.each([
    ['11;rgb:1a1a/1b1b/2626', 'dark'],
    ['11;rgb:ff/ff/f0', 'light'],
    ['11;rgba:ffff/ffff/ffff/ffff', 'light'],
    ['10;rgb:ff/ff/ff', null],
  ])('by the reply %s is %s', (reply, theme) => {
    expect(themeFromReply(reply)).toBe(theme);
  });
});
