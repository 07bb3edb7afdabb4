import { mkdir, realpath } from 'node:fs/promises';
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
import { agentMounts, shownFiles } from './agent-mounts.ts';
import { ContainerGone, runInContainer, startInContainer, type ContainerCommand } from './container-exec.ts';
import { CONTAINER_HOME, containerMounts, containerVariables, type KnowledgeSource } from './container-knowledge.ts';
import { createBody, type ContainerPlan } from './container-plan.ts';
import { engineFault, findEngine, type Engine } from './engine.ts';
import type { DockerPlace } from './find-docker.ts';
import { fetchImage, findImage, type FoundImage } from './images.ts';
import { containerLabels, removeLeftContainers } from './left-containers.ts';
import { hasPackages, imageWithPackages } from './package-image.ts';
import { digestOf, findKept, keptLabels, noteMade, removeKept, type KeptPlace } from './session-container.ts';
import { idleMs, noteUse, sessionKeep, takeKeep } from './session-keep.ts';
import { ShownFiles } from './shown-files.ts';

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
  /** Where the container of the agent stays for the session, as `needs.keptMs` says; null for a run of no session. */
  kept: KeptPlace | null;
  clock: Clock;
}

/** What is there once the engine has answered. */
interface Ready {
  engine: Engine;
  place: DockerPlace;
  user: string | null;
}

/**
 * Runs an agent's commands in a container of its own, which is made with the first command. It lives as long as the agent
 * and is removed after it or, where it stays for the session, is used by the session's next run, if that would make the
 * same one and no other run has it. Who presents gets a second one where it may write to context paths, since what a
 * container sees is fixed when it is made.
 */
export class DockerRunner implements CommandRunner {
  readonly name = 'docker';
  readonly warnings: string[] = [];
  readonly #options: DockerRunnerOptions;
  /** Set once the session's container is taken. */
  #stay: { place: KeptPlace; idleMs: number; giveBack: () => Promise<void> } | null = null;
  #shown: ShownFiles;
  readonly #containers = new Map<boolean, Promise<Container>>();
  #ready: Ready | null = null;
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
    this.#shown = new ShownFiles(join(files.runDir, 'views', safeFileName(alias)));
  }

  async findProblem(): Promise<string | null> {
    const { source, clock, needs, owner } = this.#options;
    const found = await findEngine(source, clock);
    if (typeof found === 'string') return `Commands cannot run in containers. ${found}`;
    const { engine, info, place } = found;
    // Root in a container of a rootless engine is the user; every other number would be a stranger.
    const isRootless = info.SecurityOptions?.some((option) => option.includes('rootless')) === true;
    this.#ready = { engine, place, user: needs.hasSudo ? null : isRootless ? '0:0' : owner };
    if (info.MemoryLimit === false) this.warnings.push('This Docker engine cannot limit the memory of containers.');
    if (info.PidsLimit === false) this.warnings.push('This Docker engine cannot limit the processes of containers.');
    const [known, mounts] = await Promise.all([containerVariables(needs, source), containerMounts(needs, source)]);
    this.warnings.push(...known.problems, ...mounts.problems);
    await this.#take(engine);
    void removeLeftContainers(engine, clock.now());
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
    const [stay, { clock }] = [this.#stay, this.#options];
    await Promise.all([
      this.#installing?.catch(() => undefined),
      ...made.map((each) => each.then(stay ? () => undefined : removed, () => undefined)),
    ]);
    if (!stay) return;
    await noteUse(stay.place.folder, clock.now());
    await stay.giveBack();
  }

  /** Takes the session's container for this run, if there is to be one. */
  async #take(engine: Engine): Promise<void> {
    const { kept, needs, clock, files } = this.#options;
    if (!kept || this.#stay) return;
    const now = clock.now();
    if (needs.keptMs === null) {
      const folder = await realpath(kept.folder).catch(() => kept.folder);
      if ((await idleMs(folder, now)) !== null) await removeKept(engine, (each) => each === folder);
      return;
    }
    await mkdir(kept.folder, { recursive: true, mode: 0o700 });
    const folder = await realpath(kept.folder);
    const { seen, workspaces } = sessionKeep(folder);
    if (!workspaces.includes(files.workspace)) {
      this.warnings.push(
        'The workspace of this run lies apart from those of its session, so its container does not stay.',
      );
      return;
    }
    const giveBack = await takeKeep(folder, now);
    if (!giveBack) {
      this.warnings.push(
        'Another run of this session uses the container of this agent, so that this run has one of its own, which does not stay.',
      );
      return;
    }
    this.#stay = { place: { ...kept, folder }, idleMs: needs.keptMs, giveBack };
    this.#shown = new ShownFiles(seen);
  }

  async #inContainer<T>(
    { command, folder, access, signal, input }: CommandRequest,
    use: (container: Container, command: ContainerCommand) => Promise<T>,
  ): Promise<T> {
    const { files, variables, needs, source, readable } = this.#options;
    const mayWrite = access.mayWriteContext && hasWritableContext(files);
    const container = await unlessAborted(this.#containerFor(mayWrite), signal);
    const [{ found }, known] = await Promise.all([
      this.#imageReady(),
      containerVariables(needs, source),
      this.#shown.show(shownFiles(files, access.labels, readable, this.#stay !== null)),
    ]);
    const hasNetwork = needs.network !== 'none';
    const own = commandEnvironment({ path: found.path, variables, hasNetwork }, CONTAINER_HOME, folder);
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

  async #make(mayWrite: boolean): Promise<Container> {
    const { files, alias, needs } = this.#options;
    const { engine, place } = await this.#engine();
    const { name: image, found } = await unlessAborted(this.#imageReady(), this.#over.signal);
    const { plan, knowledge } = await this.#plan(image, mayWrite);
    const run = basename(files.runDir);
    const [name, labels] = this.#stay
      ? [`${this.#stay.place.session}-${this.#stay.place.agent}`, keptLabels(this.#stay.place, mayWrite)]
      : [`${run}-${alias}`, containerLabels(run, alias)];
    this.#over.signal.throwIfAborted();
    try {
      if (!this.#stay) return await this.#start(engine, name, { ...plan, labels });
      const digest = digestOf({ plan, imageId: found.id, knowledge });
      const left = needs.hasSudo ? '' : ' Its home folder is as it was.';
      const onReplaced = (why: string): void => {
        const message = `The container of this session was made anew, ${why}: what was installed in the old one is gone.${left}`;
        this.#untold.push(message);
        this.#watchers.forEach((watch) => watch(message));
      };
      const there = await findKept(engine, labels, digest, onReplaced);
      if (there) return there;
      const more = { 'massgen.digest': digest, 'massgen.idle-ms': String(this.#stay.idleMs) };
      const made = await this.#start(engine, name, { ...plan, labels: { ...labels, ...more } });
      noteMade(made);
      return made;
    } catch (error) {
      if (error === this.#over.signal.reason) throw error;
      const why = engineFault(error);
      const message = `The container of the commands could not be started: ${why}${isElsewhere(why, place) ? ELSEWHERE : ''}`;
      throw new Error(message, { cause: error });
    }
  }

  /** What a container is made from, and which credentials and variables the config gives to it. */
  async #plan(
    image: string,
    mayWriteContext: boolean,
  ): Promise<{ plan: Omit<ContainerPlan, 'labels'>; knowledge: unknown }> {
    const { files, needs, source, readable } = this.#options;
    const { memoryBytes, cpus, network, hasSudo, credentials, variables } = needs;
    const { user } = await this.#engine();
    const more = await containerMounts(needs, source);
    const keep = this.#stay && sessionKeep(this.#stay.place.folder);
    const home = keep && !hasSudo ? keep.home : null;
    // Made before, so that what comes into them later is seen.
    await mkdir(this.#shown.folder, { recursive: true });
    if (home !== null) await mkdir(home, { recursive: true, mode: 0o700 });
    const shown = { shown: this.#shown.folder, workspaces: keep?.workspaces ?? null, readable };
    const mounts = await agentMounts({ files, mayWriteContext, ...shown });
    if (home !== null) mounts.push({ kind: 'folder', path: home, to: CONTAINER_HOME, isWritable: true });
    const scratch = hasSudo || home !== null ? [] : [CONTAINER_HOME];
    const plan = { image, user, memoryBytes, cpus, network, hasSudo, mounts: [...mounts, ...more.value], scratch };
    return { plan, knowledge: [credentials, more.value, variables] };
  }

  async #start(engine: Engine, about: string, plan: ContainerPlan): Promise<Container> {
    const name = `massgen-${about}-${randomHex(3)}`.replaceAll(/[^a-zA-Z0-9_.-]/g, '_');
    const container = await engine.createContainer({ _query: { name }, _body: createBody(plan) });
    try {
      await container.start();
      this.#over.signal.throwIfAborted();
      return container;
    } catch (error) {
      await removed(container);
      throw error;
    }
  }

  async #engine(): Promise<Ready> {
    const problem = this.#ready ? null : await this.findProblem();
    if (!this.#ready) throw new Error(problem ?? 'The Docker engine has not been found.');
    return this.#ready;
  }
}

const ELSEWHERE =
  '. The engine does not see the folders of this machine: it has to run here, or to have them at the same paths.';

function isElsewhere(why: string, place: DockerPlace): boolean {
  return 'host' in place && /bind source path does not exist|no such file or directory/i.test(why);
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
