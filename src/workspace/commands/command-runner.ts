import type { Access, AgentFiles } from '../agent-files.ts';
import type { CommandResult, StartedProcess } from './run-process.ts';

export interface CommandRequest {
  /** For `/bin/sh -c`. */
  command: string;
  /** Absolute and real; lies in the workspace. */
  folder: string;
  access: Access;
  /** Aborted to stop the command with everything that it has started. */
  signal: AbortSignal;
  /** All that the command reads; absent is nothing. */
  input?: string | undefined;
}

export type { CommandResult };

/** Where an agent's commands run. */
export interface CommandRunner {
  readonly name: 'sandbox' | 'docker' | 'host';
  /** What does not work as the config wants it, in sentences; known once `findProblem` has looked. Absent is nothing. */
  readonly warnings?: readonly string[];
  /** Why no command can run here, with what to do about it; null if they can. Never rejects. */
  findProblem(): Promise<string | null>;
  /**
   * Makes ready what the first command needs, which may take minutes, and tells how far it is. Absent needs nothing. Rejects
   * with a sentence for people.
   */
  prepare?(onProgress: (message: string) => void): Promise<void>;
  /** Rejects only if the command could not be started. Resolves when it and all its children have ended. */
  run(request: CommandRequest): Promise<CommandResult>;
  /** As `run`, but resolves once the command runs; the signal ends it. `onOutput` is told what it writes. */
  start(request: CommandRequest, onOutput: (text: string) => void): Promise<StartedProcess>;
  /** Ends all that it keeps for its commands. Absent keeps nothing. Never rejects. */
  dispose?(): Promise<void>;
}

export interface RunnerOptions {
  files: AgentFiles;
  /** `PATH` of the commands. */
  path: string;
  /** Further variables of the commands; they hold no secret. */
  variables?: Readonly<Record<string, string>>;
  /** Further files and folders that commands may read; absolute and real. What is not there is left out. */
  readable?: readonly string[];
  /** The whole environment, to find what limits commands here; commands do not see it. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Whether commands reach the network. `host` cannot keep them from it. */
  hasNetwork: boolean;
}

/** The whole environment of a command: no variable of this program's own is in it but those that are named. */
export function commandEnvironment(
  { path, variables, hasNetwork }: Pick<RunnerOptions, 'path' | 'variables' | 'hasNetwork'>,
  home: string,
  folder: string,
): Record<string, string> {
  return {
    ...variables,
    PATH: `${folder}/.venv/bin:${path}`,
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    USER: 'agent',
    LOGNAME: 'agent',
    SHELL: '/bin/sh',
    CI: '1',
    // They would try again for longer than a command may take.
    ...(!hasNetwork && { npm_config_fetch_retries: '0', PIP_RETRIES: '0' }),
  };
}
