import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { guardExits } from '../../src/tui/render/exit-guard.ts';
import { ENTER, RESTORE, Terminal } from '../../src/tui/render/terminal.ts';

function make(
  beforeExit: () => Promise<void> = () => Promise.resolve(),
  isOutside = false,
): {
  target: EventEmitter;
  log: string[];
  guard: ReturnType<typeof guardExits>;
} {
  const log: string[] = [];
  const target = Object.assign(new EventEmitter(), {
    pid: 7,
    kill: (pid: number, signal: string) => log.push(`kill ${pid} ${signal}`),
    exit: (code: number) => void log.push(`exit ${code}`),
  });
  const guard = guardExits(target, {
    restore: () => log.push('restore'),
    resume: () => log.push('resume'),
    isOutside: () => isOutside,
    beforeExit: (signal) => {
      log.push(`before ${signal}`);
      return beforeExit();
    },
    report: (error) => log.push(`report ${String(error)}`),
  });
  return { target, log, guard };
}

const turn = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('guardExits', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ])('on %s gives the terminal back, ends the run and exits with %i', async (signal, code) => {
    const { target, log } = make();
    target.emit(signal);
    await turn();
    expect(log).toEqual(['restore', `before ${signal}`, `exit ${code}`]);
  });

  it('does not wait for the run at a second signal', () => {
    const { target, log } = make(() => new Promise(() => undefined));
    target.emit('SIGTERM');
    target.emit('SIGINT');
    expect(log).toEqual(['restore', 'before SIGTERM', 'restore', 'exit 130']);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('on %s gives the terminal back before it reports', (event) => {
    const { target, log } = make();
    target.emit(event, new Error('bug'));
    expect(log).toEqual(['restore', 'report Error: bug', 'exit 1']);
  });

  it('gives the terminal back at exit', () => {
    const { target, log } = make();
    target.emit('exit');
    expect(log).toEqual(['restore']);
  });

  it('sleeps and wakes', () => {
    const { target, log, guard } = make();
    guard.suspend();
    target.emit('SIGTSTP');
    target.emit('SIGCONT');
    expect(log).toEqual(['restore', 'kill 0 SIGTSTP', 'restore', 'kill 7 SIGSTOP', 'resume']);
  });

  it('leaves the terminal to the program that has it, at Ctrl+C and after a sleep', () => {
    const { target, log } = make(undefined, true);
    target.emit('SIGINT');
    target.emit('SIGTSTP');
    target.emit('SIGCONT');
    expect(log).toEqual(['restore', 'kill 7 SIGSTOP']);
  });

  it('goes without a trace', () => {
    const { target, guard } = make();
    guard.remove();
    expect(target.eventNames()).toEqual([]);
  });
});

describe('Terminal', () => {
  it('enters and restores once, however often it is asked', () => {
    const written: string[] = [];
    const modes: boolean[] = [];
    const terminal = new Terminal(
      { setRawMode: (mode) => modes.push(mode), resume: () => undefined, pause: () => undefined },
      { write: (text) => written.push(text) },
    );
    terminal.restore();
    terminal.enter();
    terminal.enter();
    terminal.restore();
    terminal.restore();
    expect([written, modes]).toEqual([
      [ENTER, RESTORE],
      [true, false],
    ]);
  });

  it('undoes every mode that it sets', () => {
    const set = [...ENTER.matchAll(/\x1b\[\?(\d+)([hl])/g)].map(
      ([, mode, how]) => `\x1b[?${mode}${how === 'h' ? 'l' : 'h'}`,
    );
    expect(set.filter((undo) => !RESTORE.includes(undo))).toEqual([]);
  });
});
