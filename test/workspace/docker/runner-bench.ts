import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DockerNeeds } from '../../../src/config/tool-needs.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { AgentFiles, type Access } from '../../../src/workspace/agent-files.ts';
import type { CommandRequest } from '../../../src/workspace/commands/command-runner.ts';
import type { ResolvedContext } from '../../../src/workspace/context-paths.ts';
import { DockerRunner } from '../../../src/workspace/docker/docker-runner.ts';
import type { KeptPlace } from '../../../src/workspace/docker/session-container.ts';
import { FakeDocker } from '../../support/fake-docker.ts';
import { temporaryFolder } from '../../tools/files/agent-desk.ts';

export const NEEDS: DockerNeeds = {
  image: 'massgen/mcp-runtime:latest',
  memoryBytes: 4 * 1024 ** 3,
  cpus: null,
  network: 'none',
  hasSudo: false,
  credentials: [],
  mounts: [],
  variables: { file: null, onlyOfFile: null, named: [], all: false },
  packages: { python: [], npm: [], system: [] },
  keptMs: null,
};

export interface RunnerBench {
  fake: FakeDocker;
  runner: DockerRunner;
  files: AgentFiles;
  /** The temporary folder around everything; `runs/run` is the run's. */
  base: string;
  home: string;
  request: (command: string, more?: Partial<CommandRequest>) => CommandRequest;
}

export const PLAIN: Access = { mayWriteContext: false, labels: [] };

/** A runner of agent1 with real files, beside an engine that runs commands on this machine. */
export async function runnerBench(
  needs: Partial<DockerNeeds> = {},
  options: {
    contexts?: (base: string) => Promise<ResolvedContext[]>;
    variables?: Record<string, string>;
    readable?: (base: string) => string[];
    owner?: string | null;
    kept?: (base: string) => KeptPlace;
  } = {},
): Promise<RunnerBench> {
  const fake = await FakeDocker.start();
  const base = await temporaryFolder();
  const home = join(base, 'home');
  const runDir = join(base, 'runs', 'run');
  await Promise.all([mkdir(runDir, { recursive: true }), mkdir(home, { recursive: true })]);
  const files = await AgentFiles.create({ runDir, alias: 'agent1', contexts: (await options.contexts?.(base)) ?? [] });
  const runner = new DockerRunner({
    needs: { ...NEEDS, ...needs },
    files,
    alias: 'agent1',
    owner: options.owner === undefined ? '1000:1000' : options.owner,
    source: { variables: { DOCKER_HOST: `unix://${fake.socketPath}`, ...options.variables }, home, cwd: base },
    variables: { MASSGEN_DEPTH: '1' },
    readable: options.readable?.(base) ?? [],
    kept: options.kept?.(base) ?? null,
    clock: createRealClock(),
  });
  onTestFinished(() => runner.dispose());
  const request = (command: string, more: Partial<CommandRequest> = {}): CommandRequest => ({
    command,
    folder: files.workspace,
    access: PLAIN,
    signal: new AbortController().signal,
    ...more,
  });
  return { fake, runner, files, base, home, request };
}
