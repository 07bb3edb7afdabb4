import type { CommandNeeds, ToolNeeds } from '../config/tool-needs.ts';
import type { Alias } from '../events/event.ts';
import { DEFAULT_PERMISSIONS } from '../config/permission-needs.ts';
import type { Clock } from '../platform/clock.ts';
import { AgentFiles, type WorkingCopy } from '../workspace/agent-files.ts';
import type { CommandRunner } from '../workspace/commands/command-runner.ts';
import { resolveContextPaths, type ResolvedContext } from '../workspace/context-paths.ts';
import type { CodeTools } from './code/open-code.ts';
import { foreignDenial, isForeign } from './files/foreign-use.ts';
import { accessOf, noteSeen, type FileDesk } from './files/file-desk.ts';
import { allFileTools } from './files/file-tools.ts';
import type { LineSocket } from './line-socket.ts';
import type { SharedServers } from './mcp/shared-servers.ts';
import type { StartedServer } from './mcp/start-servers.ts';
import { ReadBook } from './files/read-book.ts';
import type { PermissionDeskOptions } from './permissions/permission-desk.ts';
import type { BackgroundCommands } from './commands/background-commands.ts';
import { createRunner, type RunnerPlace } from './commands/create-runner.ts';
import { runCommandTool } from './commands/run-command.ts';
import type { ToolHost } from './tool-host.ts';
import { plainRules, type ToolRules } from './tool-rules.ts';
import type { Tool } from './tool.ts';

export interface ToolHostOptions {
  needs: ToolNeeds;
  alias: Alias;
  /** The run's folder, absolute. */
  runDir: string;
  /** Folder of all runs; the parent of `runDir` if left out. */
  runsDir?: string | undefined;
  /** Where relative paths of the config start. */
  cwd: string;
  /** The wall clock: tools take real time even where agents live in paced time. */
  clock: Clock;
  /** Folder of the files that came with the session's last answer, absolute. */
  earlierFiles?: string | undefined;
  /** `PATH` for commands; the system's folders if left out. */
  path?: string;
  /** Further variables of commands; they hold no secret. */
  commandVariables?: Readonly<Record<string, string>>;
  /** Version of the program, which servers are told. */
  version: string;
  /** Who decides over calls; absent is the usual rules and no rules of the user's own. */
  permissions?: Pick<PermissionDeskOptions, 'needs' | 'ownRules'> & {
    /** The user's home folder; logins at servers are kept there too. */
    home: string | null;
  };
  /** Makes the agent's copy of the user's folder; absent where its workspace begins empty. */
  openCopy?: (() => Promise<WorkingCopy>) | undefined;
  /** Where the keys of tool packs are; absent is nowhere. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Where the agent's container keeps what the next question of the session finds again; absent keeps nothing. */
  containerFolder?: string | undefined;
  /** The servers that the agents of the run share; absent where every agent has its own. */
  shared?: SharedServers | undefined;
  /** Tools that the agent has anyway. */
  extraTools: readonly Tool[];
}

/** Makes all that an agent asks for. Rejects with a MassgenError when a context path does not exist. */
export async function createToolHost(options: ToolHostOptions): Promise<ToolHost> {
  const { needs, clock, extraTools } = options;
  const problems: string[] = [];
  const copy = needs.hasWorkspace ? await options.openCopy?.() : undefined;
  const desk = needs.hasWorkspace ? await openDesk(options, copy, problems) : null;
  if (desk && copy) problems.push(...copy.problems, ...(await setUp(options, desk, copy)));
  const own = desk && needs.bringsFileTools !== true ? await allFileTools(desk) : [];
  const { servers, discovery } = await openServers(options, desk?.files ?? null, problems);
  const all = (): Tool[] => uniquelyNamed([...fixed, ...servers.flatMap(({ server }) => server.tools())]);
  const code = desk && needs.commands ? await openCode(options, desk.files, all) : null;
  const commands = desk && needs.commands ? await commandTools(options, desk, needs.commands, problems, code) : null;
  const custom = needs.custom ? await openCustomTools(options, desk?.files ?? null, needs.custom) : null;
  problems.push(...(custom?.problems ?? []));
  const fixed = [...extraTools, ...own, ...discovery, ...(commands?.tools ?? []), ...(custom?.tools ?? [])];
  const isByCode = code !== null && commands !== null;
  if (needs.code && !isByCode) problems.push(NO_CODE);
  const codeNotes = isByCode ? await code.prepare() : '';
  return {
    tools: () => (isByCode ? code.mark(all()) : all()),
    rules: {
      ...(desk ? deskRules(desk, new Set(own), clock) : plainRules(clock)),
      ...(await leaveRules(options, desk)),
    },
    notes: [desk ? notesOf(desk) : '', codeNotes].filter((text) => text !== '').join('\n'),
    problems,
    files: desk?.files ?? null,
    dispose: async () => {
      await Promise.all([
        ...servers.map(({ giveBack }) => giveBack()),
        custom?.socket?.dispose(),
        custom?.dispose(),
        commands?.dispose(),
      ]);
      await code?.dispose();
    },
  };
}

const NO_CODE =
  'Tools are offered one by one instead of as functions for code: enable_code_based_tools needs commands that can run here (enable_mcp_command_line).';

async function openCode(
  { needs }: ToolHostOptions,
  files: AgentFiles,
  tools: () => readonly Tool[],
): Promise<CodeTools | null> {
  if (!needs.code) return null;
  const { openCodeTools } = await import('./code/open-code.ts');
  // A container has programs of its own.
  const node = needs.commands?.mode === 'docker' ? 'node' : process.execPath;
  return openCodeTools({ files, direct: needs.code.direct, node, tools });
}

/** The agent's servers, and tools by which it finds more where the config wants that. */
async function openServers(
  {
    needs,
    clock,
    version,
    cwd,
    permissions,
    environment = {},
    commandVariables: variables = {},
    shared,
  }: ToolHostOptions,
  files: AgentFiles | null,
  problems: string[],
): Promise<{ servers: StartedServer[]; discovery: Tool[] }> {
  const { mcpServers } = needs;
  if (mcpServers.length === 0 && !needs.discovery) return { servers: [], discovery: [] };
  const { openDiscovery, startServers } = await import('./mcp/start-servers.ts');
  const place = { clock, version, files, cwd, home: permissions?.home ?? null, startedIn: cwd, shared };
  const servers = await startServers(place, mcpServers, problems);
  const names = mcpServers.map(({ name }) => name);
  const discovery = needs.discovery ? await openDiscovery(place, { environment, variables, servers, names }) : [];
  return { servers, discovery };
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** None when commands cannot run here; nothing weaker takes the place of the sandbox. */
async function commandTools(
  options: ToolHostOptions,
  desk: FileDesk,
  rules: CommandNeeds,
  problems: string[],
  code: CodeTools | null,
): Promise<BackgroundCommands | null> {
  const { clock, needs } = options;
  const readable = [...(desk.files.copyOf?.readable ?? []), ...(code ? [code.socketFolder] : [])];
  const wanted = { readable, hasNetwork: rules.network };
  const place = { ...placeOf(options, desk.files), keptIn: options.containerFolder ?? null };
  const runner = await createRunner(place, rules.mode, needs.docker, wanted);
  const problem = await runner.findProblem();
  problems.push(...(problem === null ? (runner.warnings ?? []) : [problem]));
  if (problem !== null) return null;
  const { backgroundCommands } = await import('./commands/background-commands.ts');
  const background = backgroundCommands({ runner, rules, desk, clock });
  const dispose = async (): Promise<void> => {
    await background.dispose();
    await runner.dispose?.();
  };
  return { tools: [runCommandTool({ runner, rules, desk, clock, code: code?.door }), ...background.tools], dispose };
}

function placeOf(options: ToolHostOptions, files: AgentFiles): RunnerPlace {
  const { alias, clock, path = SYSTEM_PATH, commandVariables = {}, cwd, permissions, environment = {} } = options;
  const home = permissions?.home ?? null;
  return { files, alias, clock, path, variables: commandVariables, cwd, home, environment, keptIn: null };
}

/** Where the agent has no workspace, its tools work in a folder that it cannot see into. */
async function openCustomTools(
  options: ToolHostOptions,
  own: AgentFiles | null,
  { mode, tools, packs }: NonNullable<ToolNeeds['custom']>,
): Promise<{ tools: Tool[]; problems: string[]; socket: LineSocket | null; dispose: () => Promise<void> }> {
  const { alias, runDir, cwd, environment = {}, needs } = options;
  const files = own ?? (await AgentFiles.create({ runDir, alias, contexts: [] }));
  const runners: CommandRunner[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(runners.map(async (runner) => runner.dispose?.()));
  };
  const runnerFor = async (readable: readonly string[], hasNetwork: boolean): Promise<CommandRunner> => {
    const runner = await createRunner(placeOf(options, files), mode, needs.docker, { readable, hasNetwork });
    runners.push(runner);
    return runner;
  };
  const first = await runnerFor([], false);
  const problem = await first.findProblem();
  // Where there are commands too, they have told of it.
  const warnings = needs.commands ? [] : (first.warnings ?? []);
  if (problem !== null)
    return { tools: [], problems: [`Custom tools are left out. ${problem}`], socket: null, dispose };
  const [{ customTools }, { LineSocket: Socket }] = await Promise.all([
    import('./custom/custom-tools.ts'),
    import('./line-socket.ts'),
  ]);
  const found = packs && (await (await import('./custom/find-packs.ts')).findPacks({ needs: packs, cwd, environment }));
  const socket = await Socket.open();
  const made = await customTools({
    needs: [...tools, ...(found?.tools ?? [])],
    agent: alias,
    cwd,
    files,
    socket,
    runnerFor,
  });
  return { tools: made.tools, problems: [...warnings, ...(found?.problems ?? []), ...made.problems], socket, dispose };
}

/** Providers refuse a request in which two tools have one name; the first one stays. */
function uniquelyNamed(tools: readonly Tool[]): Tool[] {
  return [...new Map(tools.toReversed().map((tool) => [tool.spec.name, tool])).values()].toReversed();
}

async function openDesk(
  { needs, alias, runDir, runsDir, cwd, clock, earlierFiles: earlier }: ToolHostOptions,
  copy: WorkingCopy | undefined,
  problems: string[],
): Promise<FileDesk> {
  const contexts = await resolveContextPaths(needs.contextPaths, cwd, (problem) => problems.push(problem));
  const files = await AgentFiles.create({
    runDir,
    runsDir,
    alias,
    contexts: copy ? besideCopy(contexts, copy, problems) : contexts,
    earlier,
    copy,
    code: needs.code && (await import('./code/shared-folder.ts').then((module) => module.sharedFolder(needs, cwd))),
  });
  return { clock, files, reads: new ReadBook(), asksForReading: needs.asksForReading };
}

/** Who works on a copy gets at the original in no way, and writes to no other place of the user's. */
function besideCopy(
  contexts: readonly ResolvedContext[],
  { original }: WorkingCopy,
  problems: string[],
): ResolvedContext[] {
  return contexts
    .filter(({ root }) => root !== original)
    .map((context) => {
      if (context.permission === 'write') {
        problems.push(
          `${context.root} is read-only in this run: with write_mode agents change ${original} only, in copies of it.`,
        );
      }
      return { ...context, permission: 'read' };
    });
}

const SETUP_TIMEOUT_MS = 600_000;

/** Makes a new copy ready. Resolves with what went wrong; the agent works without it. */
async function setUp(
  options: ToolHostOptions,
  { files }: FileDesk,
  { setupScript, readable }: WorkingCopy,
): Promise<string[]> {
  if (setupScript === null) return [];
  const { needs, clock } = options;
  const wanted = { readable, hasNetwork: needs.commands?.network ?? false };
  const runner = await createRunner(placeOf(options, files), needs.commands?.mode ?? 'sandbox', needs.docker, wanted);
  const late = new AbortController();
  let stopTimer = (): void => undefined;
  try {
    const access = { mayWriteContext: false, labels: [] };
    await runner.prepare?.(() => undefined);
    stopTimer = clock.after(SETUP_TIMEOUT_MS, () => late.abort(new Error('late')));
    const request = { command: setupScript, folder: files.workspace, access, signal: late.signal };
    const { exitCode, stdout, stderr } = await runner.run(request);
    if (exitCode === 0) return [];
    return [
      `The setup_script failed (exit code ${exitCode ?? 'none'}): ${(stderr.trim() || stdout.trim()).slice(-300)}`,
    ];
  } catch {
    return [`The setup_script was not run. ${(await runner.findProblem()) ?? 'It could not be started.'}`];
  } finally {
    stopTimer();
    await runner.dispose?.();
  }
}

/** Who decides over the calls of the agent. */
async function leaveRules(
  { needs: tools, permissions }: ToolHostOptions,
  desk: FileDesk | null,
): Promise<Pick<ToolRules, 'approve' | 'approveRequest' | 'forbidRequest'>> {
  const { PermissionDesk } = await import('./permissions/permission-desk.ts');
  const { needs = DEFAULT_PERMISSIONS, ownRules = () => Promise.resolve([]), home = null } = permissions ?? {};
  const leave = new PermissionDesk({
    needs: { ...needs, rules: [...needs.rules, ...discoveryRules(tools)] },
    ownRules,
    where: { home, workspace: desk?.files.workspace ?? null },
    findPlace: async (path) => {
      const everything = { mayWriteContext: true, labels: [] };
      const location = await desk?.files.locate(path, 'read', everything).catch(() => null);
      return location && 'ok' in location ? location.ok.path : null;
    },
  });
  return {
    approve: (call, context) => leave.approve(call, context),
    approveRequest: (request, asks, signal, said) => leave.approveRequest(request, asks, signal, said),
    forbidRequest: (request) => leave.forbidRequest(request),
  };
}

/** Nothing is started that nobody has agreed to, unless the config says so. */
function discoveryRules({ discovery }: ToolNeeds): string[] {
  if (!discovery) return [];
  return [discovery === 'auto' ? 'allow use_mcp_server' : 'ask use_mcp_server'];
}

function deskRules(desk: FileDesk, own: ReadonlySet<Tool>, clock: Clock): ToolRules {
  return {
    ...plainRules(clock),
    checkPath: async (path, use, turn, tool) => {
      const location = await desk.files.locate(path, use, accessOf(turn));
      if ('refused' in location) return { isAllowed: false, reason: location.refused };
      const denial = isForeign(tool) ? await foreignDenial(desk, location.ok, use, turn) : null;
      return denial === null ? { isAllowed: true } : { isAllowed: false, reason: denial };
    },
    notePath: async ({ tool, turn }, path, use) => {
      // The file tools note what they saw themselves, at the moment when they saw it.
      if (own.has(tool)) return;
      const location = await desk.files.locate(path, 'read', accessOf(turn));
      if ('ok' in location && use !== 'delete') await noteSeen(desk, location.ok);
    },
    keepOutput: async (text, tool) => {
      const path = await desk.files.keepOutput(text, tool);
      return `All of it is in ${path}; read it with read_file or search_files.`;
    },
  };
}

function copyNotes({ copyOf }: AgentFiles): string[] {
  if (!copyOf) return [];
  const git =
    copyOf.kind === 'worktree'
      ? ' It is a git worktree: git log, status and diff work; there is no need to commit.'
      : '';
  return [
    `Your workspace is a copy of the user's folder ${copyOf.original}, for you to change.${git} What the chosen answer's copy has changed is shown to the user, who decides what is written to the folder itself; nobody writes there now.`,
  ];
}

/** Says the same for the whole run, so that prompt caches hit. */
function notesOf({ files }: FileDesk): string {
  const contexts = files
    .grants({ mayWriteContext: true, labels: [] })
    .filter(
      ({ root, mode }) =>
        mode !== 'none' && root !== files.workspace && root !== files.earlier && !root.startsWith(files.runDir),
    )
    .map(({ root, mode, isFile }) => {
      const what = mode === 'write' ? 'read; whoever presents the final answer may also write' : 'read';
      return `- ${root}${isFile ? '' : '/'} (${what})`;
    });
  return [
    ...copyNotes(files),
    `Your workspace is ${files.workspace}/. It is yours alone; relative paths start there. When you hand in an answer, a copy of it is kept, and the others can read that copy.`,
    `The files of an answer that you have been shown are in ${files.snapshots}/ under the label of the answer, for example ${files.snapshots}/agent2.1/. You may read them only.`,
    ...(files.earlier === null
      ? []
      : [
          `The files that came with the last answer of the conversation are in ${files.earlier}/. You may read them only.`,
        ]),
    ...(contexts.length > 0 ? [`The user has given these places:\n${contexts.join('\n')}`] : []),
  ].join('\n');
}
