import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../src/platform/environment.ts';

function processWith(env: Record<string, string>, platform = 'linux', isTTY?: true): NodeJS.Process {
  const stream = isTTY ? { isTTY, columns: 80, rows: 24 } : {};
  return {
    env,
    platform,
    cwd: () => '/here',
    stdin: stream,
    stdout: stream,
    stderr: stream,
  } as unknown as NodeJS.Process;
}

const read = (env: Record<string, string>, platform?: string): ReturnType<typeof readEnvironment> =>
  readEnvironment(processWith(env, platform), '/home/ann');

test('without a terminal and without variables there is little to know', () => {
  expect(read({})).toEqual({
    cwd: '/here',
    home: '/home/ann',
    platform: 'linux',
    variables: {},
    terminal: {
      stdin: false,
      stdout: false,
      stderr: false,
      term: null,
      columns: null,
      rows: null,
      isUtf8: false,
      isRemote: false,
      noColor: false,
    },
  });
});

test('a terminal is described', () => {
  const env = { TERM: 'xterm-256color', LANG: 'en_US.UTF-8', SSH_CONNECTION: '1 2 3 4', NO_COLOR: '1' };
  expect(readEnvironment(processWith(env, 'linux', true), '/home/ann').terminal).toEqual({
    stdin: true,
    stdout: true,
    stderr: true,
    term: 'xterm-256color',
    columns: 80,
    rows: 24,
    isUtf8: true,
    isRemote: true,
    noColor: true,
  });
});

describe('the character set', () => {
  test.each([
    [{ LANG: 'C.utf8' }, 'linux', true],
    [{ LANG: 'C' }, 'linux', false],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux', false],
    [{ LANG: 'C', LC_CTYPE: 'de_DE.UTF-8' }, 'linux', true],
    [{ LC_ALL: '', LANG: 'en_US.UTF-8' }, 'linux', true],
    [{}, 'darwin', true],
    [{}, 'win32', true],
  ])('with %j on %s: UTF-8 is %s', (env, platform, isUtf8) => {
    expect(read(env as Record<string, string>, platform).terminal.isUtf8).toBe(isUtf8);
  });
});

test('an empty NO_COLOR asks for nothing', () => {
  expect(read({ NO_COLOR: '' }).terminal.noColor).toBe(false);
});

test('the variables are a copy', () => {
  const env = { A: '1' };
  const { variables } = read(env);
  env.A = '2';
  expect(variables).toEqual({ A: '1' });
});

test('the real process can be read', () => {
  expect(readEnvironment().cwd).toBe(process.cwd());
});
