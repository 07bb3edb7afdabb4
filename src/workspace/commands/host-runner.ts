import { commandEnvironment, type CommandRunner, type RunnerOptions } from './command-runner.ts';
import { runProcess, startProcess, type ProcessOptions } from './run-process.ts';

const WARNING =
  'Commands and tools of the agent run as you on this machine, without any protection: they can read, change and send all that you can (command_line_execution_mode: host).';

/**
 * Runs commands as the user, on the user's own machine, with everything that the user may do. Only for those who ask for
 * it. Variables are kept back here as well.
 */
export function createHostRunner({ files, ...options }: RunnerOptions): CommandRunner {
  const surroundings = (folder: string, signal: AbortSignal): ProcessOptions => ({
    cwd: folder,
    env: commandEnvironment({ ...options, hasNetwork: true }, files.workspace, folder),
    signal,
    isMarked: true,
  });
  return {
    name: 'host',
    warnings: [WARNING],
    findProblem: () => Promise.resolve(null),
    run: ({ command, folder, signal, input }) =>
      runProcess('/bin/sh', ['-c', command], { ...surroundings(folder, signal), input }),
    start: ({ command, folder, signal }, onOutput) =>
      startProcess('/bin/sh', ['-c', command], surroundings(folder, signal), onOutput),
  };
}
