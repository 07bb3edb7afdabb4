import type { BackendConfig, Config } from './schema/config.ts';
import type { CommandNeeds, DockerNeeds } from './tool-needs.ts';

const IMAGE = 'massgen/mcp-runtime:latest';
const SUDO_IMAGE = 'massgen/mcp-runtime-sudo:latest';
const DEFAULT_MEMORY_BYTES = 4 * 1024 ** 3;
const DEFAULT_IDLE_HOURS = 24;
const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Where commands and custom tools run. */
export function executionModeOf({ command_line_execution_mode: mode }: BackendConfig): CommandNeeds['mode'] {
  return mode === 'host' || mode === 'docker' ? mode : 'sandbox';
}

/** Undefined for an agent whose commands run in no container. */
export function dockerNeedsOf(backend: BackendConfig, config: Pick<Config, 'orchestrator'>): DockerNeeds | undefined {
  if (executionModeOf(backend) !== 'docker') return undefined;
  const { command_line_docker_credentials: known, command_line_docker_packages: packages } = backend;
  const { python = [], npm = [], system = [] } = packages?.preinstall ?? {};
  const { persist_containers_between_turns: persist, idle_hours: hours = DEFAULT_IDLE_HOURS } =
    config.orchestrator?.docker ?? {};
  const hasSudo = backend.command_line_docker_enable_sudo ?? false;
  return {
    image: backend.command_line_docker_image ?? (hasSudo ? SUDO_IMAGE : IMAGE),
    memoryBytes: bytesOf(backend.command_line_docker_memory_limit),
    cpus: backend.command_line_docker_cpu_limit ?? null,
    network: backend.command_line_docker_network_mode ?? (backend.command_line_network === true ? 'bridge' : 'none'),
    hasSudo,
    credentials: known?.mount ?? [],
    mounts: Object.entries(known?.additional_mounts ?? {}).map(([from, { bind, mode }]) => ({
      from,
      to: bind,
      isWritable: mode === 'rw',
    })),
    variables: {
      file: known?.env_file ?? null,
      onlyOfFile: known?.env_vars_from_file ?? null,
      named: known?.env_vars ?? [],
      all: known?.pass_all_env ?? false,
    },
    packages: { python, npm, system },
    keptMs: persist === true ? Math.round(hours * 3_600_000) : null,
  };
}

/** `512m`, `2g`, `2.5gb`; a bare number is bytes, as with Docker. */
function bytesOf(limit: string | undefined): number {
  const [, number = '', unit = 'b'] = /^([\d.]+)\s*([bkmgt])?b?$/i.exec(limit?.trim() ?? '') ?? [];
  return number === '' ? DEFAULT_MEMORY_BYTES : Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? 1));
}
