import type { CommandNeeds } from '../../config/tool-needs.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CommandResult, CommandRunner } from '../../workspace/commands/command-runner.ts';
import { defineTool, numberArg, textArg, ToolMistake } from '../define-tool.ts';
import { accessOf, type FileDesk } from '../files/file-desk.ts';
import type { CodeDoor } from '../code/code-door.ts';
import type { Tool } from '../tool.ts';
import { commandFolder } from './command-folder.ts';
import { Deadline } from './deadline.ts';
import { findCommandFault } from './command-rules.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;
const MAX_TIMEOUT_SECONDS = 600;

export interface CommandToolOptions {
  runner: CommandRunner;
  rules: CommandNeeds;
  desk: FileDesk;
  clock: Clock;
  /** Lets code that commands run call tools; absent where it calls none. */
  code?: CodeDoor | undefined;
}

/** For a command whose tools may wait for people; its own time limit counts while it runs itself. */
const WITH_CALLS_MS = 86_400_000;

/** `run_command`: one shell command, in the agent's runner. */
export function runCommandTool({ runner, rules, desk, clock, code }: CommandToolOptions): Tool {
  const closed = `your workspace is writable, what else you may see is readable, the network is ${rules.network ? 'there' : 'not there'}.`;
  const where = {
    sandbox: `in a sandbox: ${closed} Only the workspace lasts: /tmp and the home folder begin empty each time.`,
    docker: `in a container that stays as it is from command to command: ${closed}`,
    host: 'on the user’s own machine. Be careful.',
  }[runner.name];
  return defineTool({
    name: 'run_command',
    description: `Runs a shell command and waits for its end, ${where} There is no input and no terminal. What it leaves running is ended with it; start_command is for that.`,
    properties: {
      command: {
        type: 'string',
        minLength: 1,
        description: 'The command, for /bin/sh; what only bash knows needs bash -c.',
      },
      work_dir: { type: 'string', description: 'Folder in your workspace to run it in; the workspace if left out.' },
      timeout: {
        type: 'integer',
        minimum: 1,
        maximum: MAX_TIMEOUT_SECONDS,
        description: `Seconds it may take; ${DEFAULT_TIMEOUT_SECONDS} if left out.`,
      },
    },
    required: ['command'],
    annotations: { destructive: true, openWorld: rules.network || runner.name === 'host' },
    pathArguments: [{ name: 'work_dir', use: 'read' }],
    timeoutMs: code ? WITH_CALLS_MS : (MAX_TIMEOUT_SECONDS + 30) * 1_000,
    run: async (args, context) => {
      const command = textArg(args, 'command');
      if (command.includes('\0')) throw new ToolMistake('The command has a NUL character.');
      const fault = findCommandFault(command, rules);
      if (fault !== null) throw new ToolMistake(`The command was not run: ${fault}`);
      const folder = await commandFolder(desk, textArg(args, 'work_dir'), context);
      await runner.prepare?.(context.onProgress ?? (() => undefined));
      const seconds = numberArg(args, 'timeout', DEFAULT_TIMEOUT_SECONDS);
      const late = new AbortController();
      const listener = { onBusy: () => deadline.pause(), onIdle: () => deadline.resume() };
      const door = await code?.open(context, listener);
      const deadline = new Deadline(clock, seconds * 1_000, () => late.abort(new Error('late')));
      try {
        const signal = AbortSignal.any([context.signal, late.signal]);
        const line = `${door?.prelude ?? ''}${command}`;
        const result = await runner.run({ command: line, folder, access: accessOf(context.turn), signal });
        if (!late.signal.aborted) return describe(result);
        throw new ToolMistake(`It was stopped after ${seconds} seconds. ${longer(seconds)}\n${describe(result)}`);
      } finally {
        await door?.close();
        deadline.pause();
      }
    },
  });
}

function longer(seconds: number): string {
  const inBackground = 'start it with start_command';
  if (seconds >= MAX_TIMEOUT_SECONDS) return `If it needs longer, ${inBackground}.`;
  return `If it needs longer, set timeout (at most ${MAX_TIMEOUT_SECONDS}), or ${inBackground}.`;
}

function describe({ exitCode, stdout, stderr }: CommandResult): string {
  const parts = [exitCode === null ? 'It was killed.' : `Exit code ${exitCode}.`];
  if (stdout !== '') parts.push(`Output:\n${stdout.trimEnd()}`);
  if (stderr !== '') parts.push(`Error output:\n${stderr.trimEnd()}`);
  return parts.join('\n');
}
