import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Container } from 'dockerode';
import type { DockerNeeds } from '../../config/tool-needs.ts';
import type { Clock } from '../../platform/clock.ts';
import { randomHex } from '../../platform/entropy.ts';
import { messageOf } from '../../platform/errors.ts';
import { safeFileName } from '../../platform/paths.ts';
import type { AgentFiles } from '../agent-files.ts';
import {
  commandEnvironment,
  type CommandRequest,
  type CommandResult,
  type CommandRunner,
} from '../commands/command-runner.ts';
import type { StartedProcess } from '../commands/run-process.ts';
import { agentMounts } from './agent-mounts.ts';
import { AnswerView } from './answer-view.ts';
import { ContainerGone, runInContainer, startInContainer, type ContainerCommand } from './container-exec.ts';
import { CONTAINER_HOME, containerMounts, containerVariables, type KnowledgeSource } from './container-knowledge.ts';
import { createBody, type Mount } from './container-plan.ts';
import { askEngine, engineFault, openEngine, type Engine } from './engine.ts';
import { findDocker } from './find-docker.ts';
import { fetchImage, findImage, type FoundImage } from './images.ts';
import { containerLabels, removeLeftContainers } from './left-containers.ts';
import { hasPackages, imageWithPackages } from './package-image.ts';

export interface DockerRunnerOptions {
  needs: DockerNeeds;
  files: AgentFiles;
  alias: string;
  /** Whom files in the workspace belong to: `1000:1000`; null for a system without such numbers. */
  owner: string | null;
  source: KnowledgeSource;
  /** Further variables of the commands; they hold no secret. */
  variables: Readonly<Record<string, string>>;
  /** Further files and folders that commands may read; absolute and real. */
  readable: readonly string[];
  /**
   * A folder for what lasts longer than the container: its home and, where its commands may change its system, the name of
   * the image that they leave. Null keeps nothing.
   */
  keptIn: string | null;
  clock: Clock;
}

/** What is there once the engine has answered. */
interface Ready {
  engine: Engine;
  user: string | null;
}

/**
 * Runs an agent's commands in a container of its own, which lives as long as the agent and is removed after it. It is
 * made with the first command. Who presents gets a second one where it may write to context paths, since what a
 * container sees is fixed when it is made.
 */
export class DockerRunner implements CommandRunner {
  readonly name = 'docker';
  readonly warnings: string[] = [];
  readonly #options: DockerRunnerOptions;
  readonly #answers: AnswerView;
  readonly #containers = new Map<boolean, Promise<Container>>();
  #ready: Ready | null = null;
  /** The one that was used last. */
  #last: Container | null = null;
  /** Its container is cleared away before the runner is done. */
  #installing: Promise<string> | null = null;
  #image: Promise<{ name: string; found: FoundImage }> | null = null;
  /** Aborted when the agent is done. */
  readonly #over = new AbortController();
  /** What the next command is told beside its own errors, since it was known too late to be a warning. */
  readonly #untold: string[] = [];
  readonly #watchers = new Set<(message: string) => void>();

  constructor(options: DockerRunnerOptions) {
    this.#options = options;
    const { files, alias } = options;
    this.#answers = new AnswerView(join(files.runDir, 'views', safeFileName(alias)), files.snapshots);
  }

  async findProblem(): Promise<string | null> {
    const { source, clock, needs, owner } = this.#options;
    const place = await findDocker(source);
    if (typeof place === 'string') return `Commands cannot run in containers. ${place}`;
    const engine = await openEngine(place);
    const info = await askEngine(engine, place, clock);
    if (typeof info === 'string') return `Commands cannot run in containers. ${info}`;
    // Root in a container of a rootless engine is the user; every other number would be a stranger.
    const isRootless = info.SecurityOptions?.some((option) => option.includes('rootless')) === true;
    this.#ready = { engine, user: needs.hasSudo ? null : isRootless ? '0:0' : owner };
    if (info.MemoryLimit === false) this.warnings.push('This Docker engine cannot limit the memory of containers.');
    if (info.PidsLimit === false) this.warnings.push('This Docker engine cannot limit the processes of containers.');
    const [known, mounts] = await Promise.all([containerVariables(needs, source), containerMounts(needs, source)]);
    this.warnings.push(...known.problems, ...mounts.problems);
    void removeLeftContainers(engine);
    return null;
  }

  async prepare(onProgress: (message: string) => void): Promise<void> {
    this.#watchers.add(onProgress);
    try {
      await this.#containerFor(false);
    } finally {
      this.#watchers.delete(onProgress);
    }
  }

  async run(request: CommandRequest): Promise<CommandResult> {
    const result = await this.#inContainer(request, (container, command) =>
      runInContainer(container, command, this.#options.clock),
    );
    const untold = this.#untold.splice(0).map((warning) => `${warning}\n`);
    return { ...result, stderr: untold.join('') + result.stderr };
  }

  start(request: CommandRequest, onOutput: (text: string) => void): Promise<StartedProcess> {
    return this.#inContainer(request, (container, command) =>
      startInContainer(container, command, this.#options.clock, onOutput),
    );
  }

  async dispose(): Promise<void> {
    // An image may yet be fetched for minutes; nobody waits for it any more.
    this.#over.abort(new Error('The run has ended.'));
    const made = [...this.#containers.values()];
    this.#containers.clear();
    const name = this.#keptImage();
    if (name !== null && this.#last) {
      const [repo = '', tag = ''] = name.split(':');
      await this.#last.commit({ repo, tag, changes: [] }).catch(() => undefined);
    }
    await Promise.all([
      this.#installing?.catch(() => undefined),
      ...made.map((each) => each.then(removed, () => undefined)),
    ]);
  }

  async #inContainer<T>(
    { command, folder, access, signal, input }: CommandRequest,
    use: (container: Container, command: ContainerCommand) => Promise<T>,
  ): Promise<T> {
    const { files, variables, needs, source } = this.#options;
    const mayWrite = access.mayWriteContext && hasWritableContext(files);
    const container = await unlessAborted(this.#containerFor(mayWrite), signal);
    this.#last = container;
    const [{ found }, known] = await Promise.all([
      this.#imageReady(),
      containerVariables(needs, source),
      this.#answers.show(access.labels),
    ]);
    const own = commandEnvironment({ path: found.path, variables }, CONTAINER_HOME, folder);
    try {
      return await use(container, {
        command,
        folder,
        environment: { ...known.value, ...own },
        user: null,
        signal,
        input,
      });
    } catch (error) {
      if (!(error instanceof ContainerGone)) throw error;
      this.#containers.delete(mayWrite);
      this.#last = null;
      const why = await endOf(container);
      await removed(container);
      const message = `The container of the commands has ended ${why}. The next command gets a new one; what was installed in the old one is gone, the workspace is as it was.`;
      throw new Error(message, { cause: error });
    }
  }

  #containerFor(mayWrite: boolean): Promise<Container> {
    const there = this.#containers.get(mayWrite);
    if (there) return there;
    const made = this.#make(mayWrite);
    this.#containers.set(mayWrite, made);
    made.catch(() => this.#containers.delete(mayWrite));
    return made;
  }

  #imageReady(): Promise<{ name: string; found: FoundImage }> {
    this.#image ??= this.#findImage().catch((error: unknown) => {
      this.#image = null;
      throw error;
    });
    return this.#image;
  }

  async #findImage(): Promise<{ name: string; found: FoundImage }> {
    const { needs, clock } = this.#options;
    const { engine } = await this.#engine();
    const tell = (message: string): void => this.#watchers.forEach((watch) => watch(message));
    const kept = this.#keptImage();
    const before = kept === null ? null : await findImage(engine, kept);
    if (kept !== null && before) return { name: kept, found: before };
    const found =
      (await findImage(engine, needs.image)) ?? (await fetchImage(engine, needs.image, clock, tell, this.#over.signal));
    if (!hasPackages(needs.packages)) return { name: needs.image, found };
    try {
      this.#installing = imageWithPackages(engine, found, needs.packages, clock, tell, this.#over.signal);
      return { name: await this.#installing, found };
    } catch (error) {
      this.#untold.push(messageOf(error));
      return { name: needs.image, found };
    }
  }

  async #keptHome(): Promise<Mount[]> {
    const { keptIn, needs } = this.#options;
    if (keptIn === null || needs.hasSudo) return [];
    const path = join(keptIn, 'home');
    await mkdir(path, { recursive: true, mode: 0o700 });
    return [{ kind: 'folder', path, to: CONTAINER_HOME, isWritable: true }];
  }

  /** Where no command may change the system, its home is all that is to be kept. */
  #keptImage(): string | null {
    const { keptIn, needs } = this.#options;
    if (keptIn === null || !needs.hasSudo) return null;
    // Another image, or other packages, are another beginning.
    const about = JSON.stringify([keptIn, needs.image, needs.packages]);
    return `massgen-session:${createHash('sha256').update(about).digest('hex').slice(0, 16)}`;
  }

  async #make(mayWrite: boolean): Promise<Container> {
    const { files, alias, needs, source, readable, keptIn } = this.#options;
    const hasOwnHome = needs.hasSudo || keptIn !== null;
    const { engine, user } = await this.#engine();
    const { name: image } = await unlessAborted(this.#imageReady(), this.#over.signal);
    const more = await containerMounts(needs, source);
    // Made before, so that what comes into them later is seen.
    await mkdir(this.#answers.folder, { recursive: true });
    const mounts = await agentMounts({ files, mayWriteContext: mayWrite, answers: this.#answers.folder, readable });
    const run = basename(files.runDir);
    const body = createBody({
      image,
      user,
      memoryBytes: needs.memoryBytes,
      cpus: needs.cpus,
      network: needs.network,
      hasSudo: needs.hasSudo,
      mounts: [...mounts, ...(await this.#keptHome()), ...more.value],
      scratch: hasOwnHome ? [] : [CONTAINER_HOME],
      labels: containerLabels(run, alias),
    });
    const name = `massgen-${run}-${alias}-${randomHex(3)}`.replaceAll(/[^a-zA-Z0-9_.-]/g, '_');
    this.#over.signal.throwIfAborted();
    try {
      const container = await engine.createContainer({ _query: { name }, _body: body });
      try {
        await container.start();
      } catch (error) {
        await removed(container);
        throw error;
      }
      if (!this.#over.signal.aborted) return container;
      await removed(container);
    } catch (error) {
      throw new Error(`The container of the commands could not be started: ${engineFault(error)}`, { cause: error });
    }
    throw this.#over.signal.reason as Error;
  }

  async #engine(): Promise<Ready> {
    const problem = this.#ready ? null : await this.findProblem();
    if (!this.#ready) throw new Error(problem ?? 'The Docker engine has not been found.');
    return this.#ready;
  }
}

function hasWritableContext(files: AgentFiles): boolean {
  const grants = files.grants({ mayWriteContext: true, labels: [] });
  return grants.some(({ mode, guardsNames }) => mode === 'write' && guardsNames);
}

async function endOf(container: Container): Promise<string> {
  const state = await container.inspect().then(
    ({ State }) => State,
    () => null,
  );
  if (!state) return '(it is not there any more)';
  return state.OOMKilled ? '(it needed more memory than it may have)' : `(exit code ${state.ExitCode})`;
}

async function removed(container: Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch(() => undefined);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const onAbort = (): void => stopped.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
