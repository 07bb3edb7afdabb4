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
    s.write('q');
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
});
