import type { AgentFiles } from '../../workspace/agent-files.ts';
import type { ToolHostOptions } from '../tool-host-options.ts';
import type { RunnerPlace } from './create-runner.ts';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where the agent's runners work, without anything that lasts longer than them. */
export function placeOf(options: ToolHostOptions, files: AgentFiles): RunnerPlace {
  const { alias, clock, path = SYSTEM_PATH, commandVariables = {}, cwd, permissions, environment = {} } = options;
  const home = permissions?.home ?? null;
  return { files, alias, clock, path, variables: commandVariables, cwd, home, environment, kept: null };
}
