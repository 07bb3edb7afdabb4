import { describe, expect, it } from 'vitest';
import { contrast, nearest16, nearest256, parseHex, type Rgb } from '../../src/tui/theme/color.ts';
import { detectColorDepth, themeFromEnv, themeFromReply } from '../../src/tui/theme/detect.ts';
import { loadTheme, parseTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import { onGround, readStyle, style, withAttr } from '../../src/tui/theme/style.ts';
import { agentToken, GROUNDS, TOKENS } from '../../src/tui/theme/tokens.ts';

function rgb(hex: string): Rgb {
  return parseHex(hex) ?? [0, 0, 0];
}

describe.each(['dark', 'light'] as const)('the %s theme', (name) => {
  const theme = loadTheme(name);

  it('is readable: every token on every ground has a contrast of at least 4.5', () => {
    const pale = GROUNDS.flatMap((ground) =>
      TOKENS.map((token) => ({ ground, token, ratio: contrast(rgb(theme.tokens[token]), rgb(theme.grounds[ground])) })),
    ).filter(({ ratio }) => ratio < 4.5);
    expect(pale).toEqual([]);
  });

  it('gives every agent a colour of its own', () => {
    const colors = Array.from({ length: 16 }, (_, i) => theme.tokens[agentToken(i + 1)]);
    expect(new Set(colors).size).toBe(16);
  });

  it('says what it is', () => {
    expect([theme.name, theme.isDark]).toEqual([name, name === 'dark']);
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
    ['a missing colour', { tokens: {} }, 'The theme my.json needs a colour "#rrggbb" for "fg".'],
    [
      'a bad colour',
      { grounds: { ...good.grounds, bg: 'black' } },
      'The theme my.json needs a colour "#rrggbb" for "bg".',
    ],
    ['an unknown key', { tokens: { ...good.tokens, foo: '#ffffff' } }, 'The theme my.json has the unknown key "foo".'],
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
