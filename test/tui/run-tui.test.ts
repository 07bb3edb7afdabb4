import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRealClock } from '../../src/platform/clock.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { finalAnswerText, runTui, type TuiOptions, type TuiResult } from '../../src/tui/run-tui.ts';
import { BACK_TITLE, KEEP_TITLE } from '../../src/tui/render/title.ts';
import {
  CLUSTERS_OFF,
  CLUSTERS_ON,
  ENTER,
  MOUSE_OFF,
  MOUSE_ON,
  PROBE,
  RESTORE,
} from '../../src/tui/render/terminal.ts';
import { createEmulator, emulatorText } from '../screens/emulator.ts';
import { agentInfos, FINAL, scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

interface Session {
  clock: FakeClock;
  stdin: EventEmitter;
  stdout: EventEmitter & { columns: number; rows: number };
  written: string[];
  target: EventEmitter;
  done: Promise<TuiResult>;
  send(text: string): Promise<void>;
  step(ms?: number): Promise<void>;
  screen(): Promise<string[]>;
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function open(
  options: Partial<TuiOptions> = {},
  events: RunEvent[] = scriptedRun({ agents: 3, until: 'drafting' }),
): Session {
  const clock = createFakeClock();
  const written: string[] = [];
  const stdin = Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: () => undefined,
    resume: () => undefined,
    pause: () => undefined,
  });
  const stdout = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    write: (text: string, callback?: () => void) => {
      written.push(text);
      if (callback) queueMicrotask(callback);
      return true;
    },
  });
  const target = Object.assign(new EventEmitter(), { pid: 1, kill: () => undefined, exit: () => undefined });
  const done = runTui({
    stdin,
    stdout,
    clock,
    env: { TERM: 'xterm-256color', COLORTERM: 'truecolor', MASSGEN_TITLE: 'off' },
    theme: 'dark',
    ascii: false,
    reducedMotion: false,
    team: { name: 'four models', agents: agentInfos(3) },
    teams: [],
    question: null,
    process: target,
    start: () => Promise.resolve(scriptedHandle(events, clock, Infinity)),
    ...options,
  });
  const step = async (ms = 50): Promise<void> => {
    await turn();
    clock.advance(ms);
    await turn();
  };
  return {
    clock,
    stdin,
    stdout,
    written,
    target,
    done,
    step,
    send: async (text) => {
      stdin.emit('data', Buffer.from(text));
      await step();
    },
    screen: async () => {
      const terminal = createEmulator(stdout.columns, stdout.rows);
      await new Promise<void>((resolve) => terminal.write(written.join(''), resolve));
      return emulatorText(terminal);
    },
  };
}

async function leave(session: Session): Promise<TuiResult> {
  await session.send('\x03');
  await session.send('\x03');
  return session.done;
}

describe('runTui', () => {
  it('shows its first picture before it asks the terminal anything or waits for anyone', async () => {
    const session = open();
    await turn();
    expect(session.written[0]).toBe(ENTER);
    expect(session.written[1]).toContain('massgen');
    expect(session.written[2]).toBe(PROBE);
    await leave(session);
  });

  it('tells the state of the run in the title, only when it changes, and gives the title back', async () => {
    const session = open({ question: 'why?', env: { TERM: 'xterm-256color' } });
    await session.step(5_000);
    await session.send('j');
    await leave(session);
    const all = session.written.join('');
    const titles = [...all.matchAll(/\x1b\]2;([^\x1b]*)\x1b\\/g)].map((found) => found[1]);
    expect([titles, all.startsWith(KEEP_TITLE), all.endsWith(BACK_TITLE + RESTORE)]).toEqual([
      ['massgen', expect.stringMatching(/^massgen: drafting - /), expect.stringMatching(/^massgen: cancelled - /), ''],
      true,
      true,
    ]);
  });

  it('plays a session: a question, the run, its answer, the way out', async () => {
    const session = open({}, scriptedRun({ agents: 3 }));
    await session.send('why?\r');
    await session.step();
    await session.step();
    expect((await session.screen()).join('\n')).toContain('final answer  presented by 2 gpt');
    await session.send('q');
    const result = await session.done;
    expect([result, finalAnswerText(result)]).toEqual([
      {
        exitReason: 'quit',
        lastFinal: { text: FINAL, label: 'agent2.1', outcome: 'answered' },
        lastOutcome: 'answered',
      },
      FINAL.trimEnd() + '\n',
    ]);
  });

  it('gives the terminal back last, and leaves no timer and no listener', async () => {
    const session = open();
    const result = await leave(session);
    expect([
      result.exitReason,
      session.written.at(-1),
      session.clock.pending > 1,
      session.stdin.listenerCount('data'),
      session.stdout.listenerCount('resize'),
      session.target.eventNames(),
    ]).toEqual(['quit', RESTORE, false, 0, 0, []]);
  });

  it('answers a second Ctrl+C at once', async () => {
    const session = open({
      question: 'q',
      start: () =>
        Promise.resolve({
          id: 'r',
          dir: '/',
          subscribe: () => () => undefined,
          send: () => undefined,
          ended: new Promise<void>(() => undefined),
        }),
    });
    await session.step();
    await session.send('\x03');
    await session.send('\x03');
    expect((await session.done).exitReason).toBe('interrupted');
  });

  it('leaves when its terminal is gone', async () => {
    const session = open();
    session.stdin.emit('end');
    expect((await session.done).exitReason).toBe('interrupted');
  });

  it('types no reply of the terminal', async () => {
    const session = open();
    await session.send('\x1b]11;rgb:1a1a/1b1b/2626\x1b\\\x1b[?2026;2$y\x1b[?62;4c');
    expect((await session.screen()).join('\n')).toContain('> Ask the team');
    await leave(session);
  });

  it('synchronizes frames once the terminal said that it can', async () => {
    const session = open();
    await session.send('\x1b[?2026;2$y');
    await session.send('a');
    expect(session.written.at(-1)).toMatch(/^\x1b\[\?2026h[^]*\x1b\[\?2026l$/);
    await leave(session);
  });

  it('reads replies that came while the start kept the program busy', async () => {
    const session = open({ clock: createRealClock() });
    await turn();
    // Longer than replies are waited for; what came meanwhile is read after the timers that are due.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    await turn();
    session.stdin.emit('data', Buffer.from('\x1b[?2026;2$y'));
    session.stdin.emit('data', Buffer.from('a'));
    await expect.poll(() => session.written.at(-1)).toMatch(/^\x1b\[\?2026h/);
    await leave(session);
  });

  it('asks a terminal that knows them for emoji as clusters, and takes that back in the end', async () => {
    const session = open();
    await session.step();
    await session.send('\x1b[?2027;2$y');
    await session.step();
    expect(session.written).toContain(CLUSTERS_ON);
    await session.send('\x1b[200~Love ❤️ from 👩‍💻.\x1b[201~');
    await session.step();
    expect(session.written.join('')).toContain('❤️');
    expect(session.written.join('')).toContain('👩‍💻');
    await leave(session);
    expect(session.written.join('')).toContain(CLUSTERS_OFF + RESTORE);
  });

  it.each(['1', '3'])('leaves clusters on where they are on already (%s)', async (state) => {
    const session = open();
    await session.step();
    await session.send(`\x1b[?2027;${state}$y`);
    await session.send('\x1b[200~👩‍💻\x1b[201~');
    await session.step();
    expect(session.written.join('')).toContain('👩‍💻');
    await leave(session);
    expect(session.written.join('')).not.toContain('2027h');
    expect(session.written.join('')).not.toContain('2027l');
  });

  it.each(['0', '4'])('sends emoji by their first character where clusters are unknown (%s)', async (state) => {
    const session = open();
    await session.step();
    await session.send(`\x1b[?2027;${state}$y`);
    await session.send('\x1b[200~👩‍💻\x1b[201~');
    await session.step();
    expect(session.written.join('')).toContain('👩');
    expect(session.written.join('')).not.toContain('👩‍💻');
    await leave(session);
  });

  it('does not when it did not say so', async () => {
    const session = open();
    await session.send('\x1b[?2026;0$y');
    await session.send('a');
    expect(session.written.at(-1)).not.toContain('2026');
    await leave(session);
  });

  it('takes the light theme from the ground of the terminal, in time only', async () => {
    const light = '48;2;251;251;249';
    const session = open({ theme: 'auto' });
    await session.send('\x1b]11;rgb:ffff/ffff/ffff\x07');
    expect(session.written.join('').includes(light)).toBe(true);
    await leave(session);
    const late = open({ theme: 'auto' });
    await late.step(200);
    await late.send('\x1b]11;rgb:ffff/ffff/ffff\x07');
    expect(late.written.join('').includes(light)).toBe(false);
    await leave(late);
  });

  it('takes the mouse and gives it back by key, and after a sleep takes it again', async () => {
    const session = open();
    await session.send('\x1b');
    await session.step();
    await session.send('m');
    const on = session.written.filter((text) => text === MOUSE_ON).length;
    session.target.emit('SIGTSTP');
    session.target.emit('SIGCONT');
    await session.step(100);
    const again = session.written.includes(ENTER + MOUSE_ON);
    await session.send('m');
    expect([on, again, session.written.filter((text) => text === MOUSE_OFF).length]).toEqual([1, true, 1]);
    await leave(session);
  });

  it('rings when a run ends while another window is in front, and only then', async () => {
    const bells = async (news: string): Promise<number> => {
      const session = open({}, scriptedRun({ agents: 3 }));
      await session.send(news);
      await session.send('why?\r');
      await session.step();
      await leave(session);
      return session.written.filter((text) => text === '\x07').length;
    };
    expect([await bells(''), await bells('\x1b[O'), await bells('\x1b[O\x1b[I')]).toEqual([0, 1, 0]);
  });

  it('changes the theme by key, without clearing the screen', async () => {
    const session = open();
    await session.send('\x1b');
    await session.step();
    await session.send('t');
    expect(session.written.at(-1)).toContain('48;2;251;251;249');
    expect(session.written.slice(1).join('')).not.toContain('\x1b[2J');
    await leave(session);
  });

  it('reads a theme of the user anew when its file changes, and says what is wrong with it', async () => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    const file = join(home, '.config/massgen/themes/mine.json');
    mkdirSync(dirname(file), { recursive: true });
    const write = (bg: string): void => writeFileSync(file, JSON.stringify({ inherits: 'dark', grounds: { bg } }));
    write('#010203');
    const session = open({ theme: 'mine', env: { TERM: 'xterm', COLORTERM: 'truecolor', HOME: home } });
    await session.step();
    const until = async (text: string): Promise<void> => {
      for (let i = 0; i < 500 && !session.written.join('').includes(text); i++) await session.step(150);
      expect(session.written.join('')).toContain(text);
    };
    await until('48;2;1;2;3');
    write('#040506');
    await until('48;2;4;5;6');
    write('black');
    await until('needs a colour for "bg"');
    await leave(session);
    rmSync(home, { recursive: true });
  });

  it('refuses a theme that there is not before it touches the terminal', async () => {
    const session = open({ theme: 'nope' });
    await expect(session.done).rejects.toThrow('There is no theme "nope".');
    expect(session.written).toEqual([]);
  });

  it('shows no more colours than it is told to', async () => {
    const session = open({ color: '16' });
    expect(/\x1b\[[\d;]*(?:38|48);/.test(session.written.join(''))).toBe(false);
    await leave(session);
  });

  it('uses no colour when none is wanted', async () => {
    const session = open({ env: { TERM: 'xterm-256color', NO_COLOR: '1' } });
    expect(/\x1b\[[\d;]*(?:38|48);/.test(session.written.join(''))).toBe(false);
    await leave(session);
  });

  it('draws once after a storm of resizes', async () => {
    const session = open();
    await session.step(100);
    const before = session.written.length;
    for (let i = 0; i < 50; i++) {
      session.stdout.columns = 80 + i;
      session.stdout.emit('resize');
      session.clock.advance(5);
    }
    await session.step(200);
    expect(session.written.length - before).toBe(1);
    expect((await session.screen())[0]?.length).toBe(129);
    await leave(session);
  });

  it('draws nothing while nothing happens', async () => {
    const session = open();
    await session.step(500);
    const before = session.written.length;
    await session.step(60_000);
    expect(session.written.length).toBe(before);
    await leave(session);
  });

  it('comes back from a sleep with the whole screen', async () => {
    const session = open();
    await session.step(100);
    session.target.emit('SIGTSTP');
    expect(session.written.at(-1)).toBe(RESTORE);
    session.target.emit('SIGCONT');
    await session.step(100);
    expect(session.written.at(-2)).toBe(ENTER);
    expect(session.written.at(-1)).toContain('massgen');
    await leave(session);
  });

  it('shows the message of a start that failed, without its escapes', async () => {
    const session = open({ question: 'q', start: () => Promise.reject(new Error('bad\x1b]0;title\x07 key')) });
    await session.step();
    expect((await session.screen()).at(-1)).toContain('bad key');
    await leave(session);
  });

  it('prints nothing where there was no answer', () => {
    expect([
      finalAnswerText({ lastFinal: null }),
      finalAnswerText({ lastFinal: { text: 'a\x1b[2Jb\n\n', label: null, outcome: null } }),
    ]).toEqual(['', 'ab\n']);
  });
});
