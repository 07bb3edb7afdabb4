import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { openScreen, type PtyScreen } from './pty-screen.ts';

let folder = '';
let screen: PtyScreen;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'massgen-asks-'));
  screen = openScreen(['test/screens/asking-team.ts', join(folder, 'runs'), join(folder, 'note')], {
    cols: 80,
    rows: 24,
  });
});

afterEach(async () => {
  screen.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function shows(...texts: string[]): Promise<void> {
  for (let i = 0; i < 400; i++) {
    await screen.settle();
    const text = screen.text().join('\n');
    if (texts.every((each) => text.includes(each))) return;
    await sleep(25);
  }
  throw new Error(`it did not happen:\n${screen.text().join('\n')}`);
}

/** Presses a key again until the dialog, which rests at first, has taken it. */
async function pressUntil(key: string, text: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    screen.write(key);
    await sleep(100);
    await screen.settle();
    if (screen.text().join('\n').includes(text)) return;
  }
  throw new Error(`it did not happen:\n${screen.text().join('\n')}`);
}

async function decisions(): Promise<unknown[]> {
  const events = await readAll(join(folder, 'runs', 'run-1'));
  return events.flatMap(({ type, data }) => {
    if (type !== 'approval.decided') return [];
    const { isAllowed, by, scope, target } = data;
    return [{ isAllowed, by, scope, target }];
  });
}

describe('a call that needs leave, in a real terminal', () => {
  it('runs once the user has allowed it', async () => {
    await shows('! 1 for you: a', '! asks leave');
    screen.write('a');
    await shows('approval 1 of 1', String.raw`hello \x1b[2J`, 'Every call of touch is asked for.');
    await pressUntil('a', 'The call is settled.');
    await shows('finished');
    screen.write('q');
    await screen.exited;
    expect([await decisions(), await readFile(join(folder, 'note'), 'utf8')]).toEqual([
      [{ isAllowed: true, by: 'user', scope: 'once', target: 'hello \x1b[2J' }],
      'hello \x1b[2J',
    ]);
  });

  it('does not run when the user leaves', async () => {
    await shows('! 1 for you: a');
    screen.write(':quit\r');
    await shows('1 request waits for you and is denied then.');
    screen.write('y');
    await screen.exited;
    const note = await readFile(join(folder, 'note'), 'utf8').catch(() => null);
    expect([await decisions(), note, screen.raw().includes('left: quit cancelled')]).toEqual([[], null, true]);
  });
});
