import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ENTER, RESTORE } from '../../src/tui/render/terminal.ts';
import { openScreen, type PtyScreen } from './pty-screen.ts';

let screen: PtyScreen | null = null;

afterEach(() => {
  screen?.kill('SIGKILL');
  screen = null;
});

function play(...args: string[]): PtyScreen {
  screen = openScreen(['test/screens/play.ts', ...args], { cols: 80, rows: 24 });
  return screen;
}

/** Polls until it is true: a real process has its own pace. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await what()) return;
    await sleep(25);
  }
  throw new Error(`it did not happen:\n${screen?.text().join('\n')}`);
}

async function shows(s: PtyScreen, text: string): Promise<void> {
  await until(async () => {
    await s.settle();
    return s.text().join('\n').includes(text);
  });
}

/** What the terminal is left with: which screen, and the modes that were set and not taken back. */
async function leftover(s: PtyScreen): Promise<{ isAlternate: boolean; modes: string[] }> {
  await s.settle();
  const state = new Map<string, string>();
  for (const [, mode = '', how = ''] of s.raw().matchAll(/\x1b\[\?(\d+)([hl])/g)) state.set(mode, how);
  const wanted: Record<string, string> = { '7': 'h', '25': 'h' };
  const modes = [...state].filter(([mode, how]) => how !== (wanted[mode] ?? 'l')).map(([mode]) => mode);
  return { isAlternate: s.isAlternate(), modes };
}

const CLEAN = { isAlternate: false, modes: [] };

describe('in a real terminal', () => {
  it('asks, shows the run and its answer, and prints the answer on the normal screen', async () => {
    const s = play('--ask', '--speed', '50');
    await shows(s, '> Ask the team');
    s.write('why?\r');
    await shows(s, 'final answer  presented by 2 gpt');
    await shows(s, 'finished');
    s.write('q');
    const { exitCode } = await s.exited;
    await s.settle();
    expect([exitCode, await leftover(s)]).toEqual([0, CLEAN]);
    const after = s.raw().slice(s.raw().lastIndexOf(RESTORE) + RESTORE.length);
    expect(after).toContain('# Fix for the parallel refresh race');
    expect(after).toContain('left: quit');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ])('is left clean by %s, with code %i', async (signal, code) => {
    const s = play('--until', 'drafting', '--speed', '1');
    await shows(s, '1 claude');
    process.kill(s.pid, signal);
    const { exitCode } = await s.exited;
    expect([exitCode, await leftover(s)]).toEqual([code, CLEAN]);
  });

  it('is left clean by a bug, and shows its stack on the normal screen', async () => {
    const s = play('--until', 'drafting', '--throw');
    const { exitCode } = await s.exited;
    expect([exitCode, await leftover(s)]).toEqual([1, CLEAN]);
    expect(s.raw().slice(s.raw().lastIndexOf(RESTORE))).toContain('Error: a bug');
  });

  it('is left at once by the second Ctrl+C, with code 4', async () => {
    const s = play('--until', 'drafting', '--speed', '1');
    await shows(s, '1 claude');
    s.write('\x03');
    await shows(s, 'cancelled');
    s.write('\x03');
    const { exitCode } = await s.exited;
    expect([exitCode, await leftover(s)]).toEqual([4, CLEAN]);
  });

  it('sleeps with a clean terminal and wakes with the whole screen', async () => {
    const s = play('--until', 'drafting', '--speed', '20');
    await shows(s, '1 claude');
    process.kill(s.pid, 'SIGTSTP');
    await until(() => s.raw().endsWith(RESTORE));
    const asleep = await leftover(s);
    process.kill(s.pid, 'SIGCONT');
    await until(() => s.raw().lastIndexOf(ENTER) > s.raw().lastIndexOf(RESTORE));
    await shows(s, '1 claude');
    s.write(':quit\r');
    await shows(s, 'Leave and cancel it?');
    s.write('y');
    const { exitCode } = await s.exited;
    expect([asleep, exitCode, await leftover(s)]).toEqual([CLEAN, 0, CLEAN]);
  });

  it('follows the size of the window', async () => {
    const s = play('--until', 'judging', '--speed', '100');
    await shows(s, '4 grok');
    s.resize(130, 40);
    await shows(s, '─ timeline ');
    expect(s.text().length).toBe(40);
    s.resize(30, 8);
    await shows(s, 'need 40x10');
  });

  it('ends at once while the terminal takes nothing', async () => {
    const s = play('--until', 'drafting', '--speed', '1');
    await shows(s, '1 claude');
    s.stall();
    // Each of them is a whole picture: more than the system keeps for a terminal.
    for (let i = 0; i < 40; i++) {
      s.write('\x0c');
      await sleep(5);
    }
    process.kill(s.pid, 'SIGTERM');
    await until(() => !isAlive(s.pid));
    expect(isAlive(s.pid)).toBe(false);
  });

  it('ends when its window is closed', async () => {
    const s = play('--until', 'drafting', '--speed', '1');
    await shows(s, '1 claude');
    s.close();
    await until(() => !isAlive(s.pid));
    expect(isAlive(s.pid)).toBe(false);
  });

  it('shows one whole picture after a storm of sizes, and clears nothing on the way', async () => {
    const s = play('--until', 'judging', '--speed', '100');
    await shows(s, '4 grok');
    const before = s.raw().length;
    for (let i = 0; i < 50; i++) s.resize(40 + ((i * 37) % 260), 10 + ((i * 13) % 90));
    s.resize(100, 30);
    await until(async () => {
      await s.settle();
      return s.text().every((row, y) => y !== 29 || row.includes('help'));
    });
    const text = s.text();
    expect([text.length, s.raw().slice(before).includes('\x1b[2J')]).toEqual([30, false]);
    expect(text[0]).toContain('massgen');
  });

  it.each([
    ['xterm-kitty', {}],
    ['xterm-ghostty', {}],
    ['xterm', {}],
    ['xterm-256color', { TERM_PROGRAM: 'vscode' }],
    ['xterm-256color', { SSH_TTY: '/dev/pts/9', SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }],
    ['vte-256color', { VTE_VERSION: '7000' }],
    ['screen-256color', { STY: '1.none' }],
    ['tmux-256color', { TMUX: '/tmp/none,1,0' }],
    ['screen', {}],
    ['vt100', {}],
    ['a-terminal-nobody-knows', {}],
  ])('does not need to know the terminal, and leaves it clean: %s %o', async (term, env) => {
    screen = openScreen(['test/screens/play.ts', '--until', 'drafting', '--speed', '100'], {
      cols: 80,
      rows: 24,
      env: { TERM: term, COLORTERM: '', ...env },
    });
    await shows(screen, '4 grok');
    // Characters of its own for lines would need a switch of the character set.
    expect(screen.raw()).not.toMatch(/\x1b[()]0|\x0e/);
    process.kill(screen.pid, 'SIGTERM');
    const { exitCode } = await screen.exited;
    expect([exitCode, await leftover(screen)]).toEqual([143, CLEAN]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
