import type { Clock } from '../../platform/clock.ts';
import type { StartedProcess } from '../../workspace/commands/run-process.ts';
import { defineTool, numberArg, textArg, ToolMistake } from '../define-tool.ts';
import { accessOf } from '../files/file-desk.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { commandFolder } from './command-folder.ts';
import { findCommandFault } from './command-rules.ts';
import type { CommandToolOptions } from './run-command.ts';
import type { StartedCommand } from './started-command.ts';

const MAX_RUNNING = 10;
/** What nobody has read yet; of more, the newest is kept. */
const MAX_UNREAD_CHARS = 200_000;
/** What is kept for who wants all of it. */
const MAX_KEPT_CHARS = 1_000_000;
const MAX_WAIT_SECONDS = 60;

/** Each command in the sandbox has a network of its own, unless it has that of the machine. */
const OWN_PORTS =
  ' Its ports are its own: no other command reaches them, so run a server and what asks it in one command (server & sleep 1; curl …).';

/** Ends what still runs. Never rejects. */
export interface BackgroundCommands {
  tools: Tool[];
  dispose: () => Promise<void>;
}

/** What a command has written. */
interface Written {
  unread: string;
  dropped: number;
  kept: string;
  isCut: boolean;
  /** Called when something is written, or it ends. */
  wake: () => void;
}

interface Running extends Written {
  id: string;
  stop: AbortController;
  process: StartedProcess;
  /** The call that began it. */
  callId: string | undefined;
  /** Undefined while it runs; null when it was killed. */
  exitCode: number | null | undefined;
}

/**
 * `start_command`, `read_command`, `write_command`, `stop_command`: commands that go on while the agent does something
 * else, in the same runner as `run_command`. They end with the agent at the latest.
 */
export function backgroundCommands({ runner, rules, desk, clock }: CommandToolOptions): BackgroundCommands {
  const hasOwnPorts = runner.name === 'sandbox' && !rules.network;
  const known = new Map<string, Running>();
  let count = 0;
  /** Calls that are about to start one. */
  let starting = 0;
  let isOver = false;
  const find = (id: string): Running => {
    const running = known.get(id);
    if (running) return running;
    throw new ToolMistake(
      `There is no command ${JSON.stringify(id)}. There are: ${[...known.keys()].join(', ') || 'none'}.`,
    );
  };

  const start = async (command: string, workDir: string, context: ToolContext): Promise<string> => {
    if (command.includes('\0')) throw new ToolMistake('The command has a NUL character.');
    const fault = findCommandFault(command, rules);
    if (fault !== null) throw new ToolMistake(`The command was not started: ${fault}`);
    const running = [...known.values()].filter(({ exitCode }) => exitCode === undefined);
    if (running.length + starting >= MAX_RUNNING) {
      throw new ToolMistake(`${MAX_RUNNING} commands run already. Stop one of them.`);
    }
    starting += 1;
    return begin(command, workDir, context).finally(() => (starting -= 1));
  };

  const begin = async (command: string, workDir: string, context: ToolContext): Promise<string> => {
    const folder = await commandFolder(desk, workDir, context);
    const stop = new AbortController();
    const written: Written = { unread: '', dropped: 0, kept: '', isCut: false, wake: () => undefined };
    const request = { command, folder, access: accessOf(context.turn), signal: stop.signal };
    const note = (text: string): void => {
      written.unread += text;
      written.kept += text;
      if (written.kept.length > MAX_KEPT_CHARS) {
        written.kept = written.kept.slice(-MAX_KEPT_CHARS).toWellFormed();
        written.isCut = true;
      }
      const tooMuch = written.unread.length - MAX_UNREAD_CHARS;
      if (tooMuch > 0) {
        written.unread = written.unread.slice(tooMuch).toWellFormed();
        written.dropped += tooMuch;
      }
      written.wake();
    };
    await runner.prepare?.(context.onProgress ?? (() => undefined));
    // Nobody would know of a command that begins when its call, or its agent, is over.
    context.signal.throwIfAborted();
    if (isOver) throw new ToolMistake('The agent is done.');
    const process = await runner.start(request, note);
    const id = `command-${(count += 1)}`;
    const started: Running = Object.assign(written, {
      id,
      stop,
      process,
      callId: context.callId,
      exitCode: undefined,
    });
    known.set(id, started);
    if (isOver) stop.abort(new Error('The agent is done.'));
    void process.ended.then((exitCode) => {
      started.exitCode = exitCode;
      started.wake();
    });
    return `${id} runs. Read what it writes with read_command, end it with stop_command.`;
  };

  const startedBy = (callId: string): StartedCommand | null => {
    const running = [...known.values()].findLast((each) => each.callId === callId);
    return running ? startedCommand(running) : null;
  };

  const startTool: Tool = {
    ...defineTool({
      name: 'start_command',
      description: `Starts a shell command that goes on while you do something else, such as a server or a watcher, where run_command runs. It ends when your work ends.${hasOwnPorts ? OWN_PORTS : ''}`,
      properties: {
        command: { type: 'string', minLength: 1, description: 'The command, for /bin/sh.' },
        work_dir: { type: 'string', description: 'Folder in your workspace to run it in; the workspace if left out.' },
      },
      required: ['command'],
      annotations: { destructive: true, openWorld: rules.network || runner.name === 'host' },
      pathArguments: [{ name: 'work_dir', use: 'read' }],
      run: (args, context) => start(textArg(args, 'command'), textArg(args, 'work_dir'), context),
    }),
    startedBy,
  };
  const tools = [
    startTool,
    defineTool({
      name: 'read_command',
      description: 'What a command that you have started has written since you last read, and whether it still runs.',
      properties: {
        id: ID,
        wait: {
          type: 'integer',
          minimum: 0,
          maximum: MAX_WAIT_SECONDS,
          description: 'Seconds to wait for something new; 0 if left out.',
        },
      },
      required: ['id'],
      annotations: { readOnly: true },
      timeoutMs: (MAX_WAIT_SECONDS + 30) * 1_000,
      run: async (args, context) => {
        const running = find(textArg(args, 'id'));
        await somethingNew(running, numberArg(args, 'wait', 0), clock, context.signal);
        return takeUnread(running);
      },
    }),
    defineTool({
      name: 'stop_command',
      description: 'Ends a command that you have started, with everything that it has started itself.',
      properties: { id: ID },
      required: ['id'],
      annotations: { idempotent: true },
      run: async (args) => {
        const running = find(textArg(args, 'id'));
        running.stop.abort(new Error('stopped'));
        await running.process.ended;
        return takeUnread(running);
      },
    }),
  ];
  const input = defineTool({
    name: 'write_command',
    description: 'Writes to the input of a command that you have started. End a line with a line break.',
    properties: { id: ID, text: { type: 'string', minLength: 1, description: 'The text, as it is.' } },
    required: ['id', 'text'],
    annotations: { destructive: true, openWorld: rules.network },
    run: async (args) => {
      const running = find(textArg(args, 'id'));
      if (await running.process.write(textArg(args, 'text'))) return 'Written.';
      throw new ToolMistake(`${running.id} takes no input any more.`);
    },
  });
  return {
    // What a shell on the user's own machine is told this way would pass by every rule for commands.
    tools: runner.name === 'host' ? tools : [...tools, input],
    dispose: async () => {
      isOver = true;
      for (const { stop } of known.values()) stop.abort(new Error('The agent is done.'));
      await Promise.all([...known.values()].map(({ process }) => process.ended));
    },
  };
}

function startedCommand(running: Running): StartedCommand {
  return {
    output: () => ({ text: running.kept, isCut: running.isCut }),
    exitCode: () => running.exitCode,
    ended: running.process.ended,
    stop: async () => {
      running.stop.abort(new Error('stopped'));
      await running.process.ended;
    },
  };
}

const ID = { type: 'string', description: 'The id that start_command gave, such as command-1.' };

async function somethingNew(running: Running, seconds: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (running.unread !== '' || running.exitCode !== undefined || seconds === 0) return;
  const woken = Promise.withResolvers<void>();
  running.wake = woken.resolve;
  const stopTimer = clock.after(seconds * 1_000, woken.resolve);
  signal.addEventListener('abort', () => woken.resolve(), { once: true });
  await woken.promise;
  stopTimer();
  running.wake = () => undefined;
}

function takeUnread(running: Running): string {
  const { exitCode, unread, dropped } = running;
  running.unread = '';
  running.dropped = 0;
  const state =
    exitCode === undefined
      ? 'It still runs.'
      : exitCode === null
        ? 'It was stopped.'
        : `It has ended with exit code ${exitCode}.`;
  const lost = dropped > 0 ? `[${dropped} characters before this are lost.]\n` : '';
  return unread === '' ? `${state} Nothing new was written.` : `${state}\n${lost}${unread.trimEnd()}`;
}
