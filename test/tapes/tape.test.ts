import { describe, expect, it } from 'vitest';
import { parseTape, TapeError } from './tape.ts';

/** The commands of a tape without their lines. */
function commandsOf(source: string): unknown[] {
  return parseTape(source).commands.map((command) => ({ ...command, line: undefined }));
}

describe('a tape', () => {
  it('names its size in columns and rows, and has 80x24 without', () => {
    expect([parseTape('# size: 120x40\n'), parseTape('# wide\n')]).toEqual([
      { cols: 120, rows: 40, commands: [] },
      { cols: 80, rows: 24, commands: [] },
    ]);
  });

  it('says when what it plays has no virtual time', () => {
    expect(parseTape('# real time\n# size: 100x30')).toEqual({ cols: 100, rows: 30, isRealTime: true, commands: [] });
  });

  it('says where it records to, with which settings, programs and variables', () => {
    const source =
      'Output out.gif\nRequire massgen\nSet FontFamily "JetBrains Mono"\nEnv CI \'\'\nSource tapes/settings.tape';
    expect(commandsOf(source)).toEqual([
      { type: 'output', path: 'out.gif' },
      { type: 'require', program: 'massgen' },
      { type: 'set', setting: 'FontFamily', value: 'JetBrains Mono' },
      { type: 'env', name: 'CI', value: '' },
      { type: 'source', path: 'tapes/settings.tape' },
    ]);
  });

  it('types text in any quotes, without escapes, at a pace of its own', () => {
    const text = `Type "it's" Enter\nType@20ms 'a "b" \\'\nType \`c # d\``;
    expect(commandsOf(text)).toEqual([
      { type: 'type', text: "it's", speedMs: null },
      { type: 'key', key: 'Enter', count: 1, speedMs: null },
      { type: 'type', text: 'a "b" \\', speedMs: 20 },
      { type: 'type', text: 'c # d', speedMs: null },
    ]);
  });

  it('presses keys, several times, with modifiers', () => {
    expect(commandsOf('Down@0.1 3\nCtrl+C\nShift+Tab\nPageUp')).toEqual([
      { type: 'key', key: 'Down', count: 3, speedMs: 100 },
      { type: 'key', key: 'Ctrl+C', count: 1, speedMs: null },
      { type: 'key', key: 'Shift+Tab', count: 1, speedMs: null },
      { type: 'key', key: 'PageUp', count: 1, speedMs: null },
    ]);
  });

  it('waits for a prompt, a line or the screen', () => {
    expect(commandsOf('Wait\nWait+Line /x y/\nWait+Screen@2m /a\\/b|c/')).toEqual([
      { type: 'wait', scope: 'line', pattern: />$/, timeoutMs: null },
      { type: 'wait', scope: 'line', pattern: /x y/m, timeoutMs: null },
      { type: 'wait', scope: 'screen', pattern: /a\/b|c/m, timeoutMs: 120_000 },
    ]);
  });

  it('sleeps in seconds unless it says otherwise', () => {
    expect(commandsOf('Sleep 1.5\nSleep 20ms\nSleep .5s\nSleep 1m')).toEqual([
      { type: 'sleep', ms: 1500 },
      { type: 'sleep', ms: 20 },
      { type: 'sleep', ms: 500 },
      { type: 'sleep', ms: 60_000 },
    ]);
  });

  it('marks what leads to a moving picture, up to its screenshot', () => {
    const source = 'Show\n# moving picture\nSleep 1\nScreenshot a.png\nHide\nScreenshot b.png';
    expect(commandsOf(source)).toEqual([
      { type: 'show' },
      { type: 'sleep', ms: 1000, isMoving: true },
      { type: 'screenshot', path: 'a.png', isMoving: true },
      { type: 'hide' },
      { type: 'screenshot', path: 'b.png' },
    ]);
  });

  it('leaves out comments and blank lines, and counts lines from 1', () => {
    expect(parseTape('\n# a\r\n  Hide # b\n').commands).toEqual([{ line: 3, type: 'hide' }]);
  });

  it.each([
    ['Dance', 'line 1: Dance is no command that the player knows'],
    ['Hide\nCtrl+Home', 'line 2: Ctrl+Home is no command that the player knows'],
    ['Type hello', 'line 1: hello is not in quotes'],
    ['Type "hello', 'line 1: a quote is not closed: "hello'],
    ['Type', 'line 1: a text is missing'],
    ['Sleep soon', 'line 1: soon is no duration'],
    ['Wait /(/', 'line 1: /(/ is no pattern'],
    ['Set FontSize', 'line 1: a value is missing'],
  ])('refuses %j and says where', (source, message) => {
    expect(() => parseTape(source)).toThrow(TapeError);
    expect(() => parseTape(source)).toThrow(message);
  });
});
