import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentDesk } from '../../../src/providers/agent-desk.ts';
import type { StartedCommand } from '../../../src/tools/commands/started-command.ts';
import { collect } from '../backend.ts';
import { OWN_ID, asking, desk, provider, textOf } from './acp-agent.ts';

describe('an ACP agent that runs commands in terminals', () => {
  const started: { callId: string; line: string; folder: string | null }[] = [];
  /** A command that has written this, and ends with that code, or when it is stopped. */
  const command = (text: string, code: number | null): StartedCommand => {
    let exitCode: number | null | undefined = code ?? undefined;
    return {
      output: () => ({ text, isCut: false }),
      exitCode: () => exitCode,
      ended:
        code === null
          ? new Promise((resolve) => void stopped.promise.then(() => resolve(null)))
          : Promise.resolve(code),
      stop: () => {
        exitCode ??= null;
        stopped.resolve();
        return Promise.resolve();
      },
    };
  };
  let stopped = Promise.withResolvers<void>();
  const withCommands = (running: StartedCommand): AgentDesk =>
    desk({
      startCommand: (wanted) => {
        started.push(wanted);
        return Promise.resolve(running);
      },
    });
  beforeEach(() => {
    started.splice(0);
    stopped = Promise.withResolvers<void>();
  });

  it('has them started by the run, and is told how they end and what they have written', async () => {
    const steps = [{ terminal: 'npm', args: ['run', 'a b'] }];
    const events = await collect(await provider(), asking(steps, { desk: withCommands(command('done\n', 3)) }));
    expect(JSON.parse(textOf(events))).toEqual({
      exit: { exitCode: 3, signal: null },
      output: 'done\n',
      truncated: false,
    });
    // The pane shows what the command has written with the call that it belongs to.
    expect(events.find(({ type }) => type === 'own-result')).toMatchObject({ name: 'execute', output: 'done\n' });
    expect(started).toEqual([{ callId: OWN_ID, line: `export WORD='it'\\''s'; npm run 'a b'`, folder: null }]);
  });

  it('can end them, and gets the newest of much', async () => {
    const steps = [{ terminal: 'tail -f log', limit: 4, kill: true }];
    const events = await collect(await provider(), asking(steps, { desk: withCommands(command('ab🌍c', null)) }));
    expect(JSON.parse(textOf(events))).toEqual({
      exit: { exitCode: null, signal: 'SIGKILL' },
      output: 'c',
      truncated: true,
    });
  });

  it('is told why one is not started, and has none where the run has none', async () => {
    const refusing = desk({ startCommand: () => Promise.reject(new Error('Not that one.')) });
    const events = await collect(await provider(), asking([{ terminal: 'rm' }], { desk: refusing }));
    expect(textOf(events)).toContain('Not that one.');
    const without = await collect(await provider(), asking([{ terminal: 'rm' }], { desk: desk() }));
    expect(textOf(without)).toContain('refused');
  });
});
