import type { CommandNeeds, DockerNeeds } from '../../config/tool-needs.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AgentFiles } from '../../workspace/agent-files.ts';
import type { CommandRunner, RunnerOptions } from '../../workspace/commands/command-runner.ts';
import { createHostRunner } from '../../workspace/commands/host-runner.ts';
import { createSandboxRunner } from '../../workspace/commands/sandbox-runner.ts';
import type { KeptPlace } from '../../workspace/docker/session-container.ts';

/** What runners take from where their agent works. */
export interface RunnerPlace {
  files: AgentFiles;
  alias: string;
  clock: Clock;
  /** `PATH` of commands outside of containers. */
  path: string;
  /** Further variables of commands; they hold no secret. */
  variables: Readonly<Record<string, string>>;
  /** Where relative paths of the config start. */
  cwd: string;
  home: string | null;
  /** The whole environment, for what the config passes on into containers, and to find their engine. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Where a container stays for the session; null for one that does not. */
  kept: KeptPlace | null;
}

/** Makes the runner that a config asks for; nothing weaker takes its place. `docker` is needed for its mode alone. */
export async function createRunner(
  place: RunnerPlace,
  mode: CommandNeeds['mode'],
  docker: DockerNeeds | undefined,
  { readable, hasNetwork }: Required<Pick<RunnerOptions, 'readable' | 'hasNetwork'>>,
): Promise<CommandRunner> {
  const { files, path, variables, environment } = place;
  if (mode === 'docker' && docker) {
    const { DockerRunner } = await import('../../workspace/docker/docker-runner.ts');
    const { alias, clock, cwd, home, kept } = place;
    const network = hasNetwork ? (docker.network === 'none' ? 'bridge' : docker.network) : 'none';
    return new DockerRunner({
      needs: { ...docker, network },
      files,
      alias,
      owner: ownerOf(process),
      source: { variables: environment, home, cwd },
      variables,
      readable,
      kept,
      clock,
    });
  }
  const create = mode === 'host' ? createHostRunner : createSandboxRunner;
  return create({ files, path, variables, environment, readable, hasNetwork });
}

function ownerOf({ getuid, getgid }: Pick<NodeJS.Process, 'getuid' | 'getgid'>): string | null {
  return getuid && getgid ? `${getuid()}:${getgid()}` : null;
}
