import type { AgentFiles } from '../workspace/agent-files.ts';
import { KeptOutputs } from '../workspace/kept-outputs.ts';
import type { CodeTools } from './code/open-code.ts';
import { openCommands } from './commands/open-commands.ts';
import { setUpCopy } from './commands/set-up-copy.ts';
import { openCustomTools } from './custom/open-custom-tools.ts';
import { deskNotes } from './files/desk-notes.ts';
import { deskRules } from './files/desk-rules.ts';
import { allFileTools } from './files/file-tools.ts';
import { openDesk } from './files/open-desk.ts';
import { leaveRules } from './leave-rules.ts';
import type { StartedServer } from './mcp/start-servers.ts';
import type { ToolHostOptions } from './tool-host-options.ts';
import type { ToolHost } from './tool-host.ts';
import { openOutputReader } from './read-output.ts';
import { plainRules } from './tool-rules.ts';
import type { Tool } from './tool.ts';

/**
 * Makes all that an agent asks for. Rejects with a MassgenError when a context path does not exist; whatever it rejects
 * with, nothing is left running.
 */
export async function createToolHost(options: ToolHostOptions): Promise<ToolHost> {
  const ends: (() => Promise<unknown>)[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(ends.map((end) => end()));
  };
  try {
    return await openHost(options, ends, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What has to be ended is put into `ends` as soon as it is there. */
async function openHost(
  options: ToolHostOptions,
  ends: (() => Promise<unknown>)[],
  dispose: () => Promise<void>,
): Promise<ToolHost> {
  const { needs, clock, extraTools } = options;
  const problems: string[] = [];
  const copy = needs.hasWorkspace ? await options.openCopy?.() : undefined;
  const desk = needs.hasWorkspace ? await openDesk(options, copy, problems) : null;
  if (desk && copy) problems.push(...copy.problems, ...(await setUpCopy(options, desk, copy)));
  const own = desk && needs.bringsFileTools !== true ? await allFileTools(desk) : [];
  const { servers, discovery } = await openServers(options, desk?.files ?? null, ends, problems);
  // An agent with files reads what was too long there.
  const outputs = desk ? null : await openOutputReader(new KeptOutputs(options.runDir, options.alias));
  const all = (): Tool[] =>
    uniquelyNamed([...fixed, ...servers.flatMap(({ server }) => server.tools()), ...(outputs?.tools() ?? [])]);
  const code = desk && needs.commands ? await openCode(options, desk.files, all) : null;
  if (code) ends.push(() => code.dispose());
  const commands = desk && needs.commands ? await openCommands(options, desk, needs.commands, problems, code) : null;
  if (commands) ends.push(() => commands.dispose());
  const custom = needs.custom ? await openCustomTools(options, desk?.files ?? null, needs.custom) : null;
  if (custom) ends.push(() => custom.dispose());
  problems.push(...(custom?.problems ?? []));
  const skills = needs.skills
    ? await import('./skills/open-skills.ts').then((m) => m.openSkills(needs.skills ?? { folder: null }, options))
    : null;
  problems.push(...(skills?.problems ?? []));
  const given = [...(commands?.tools ?? []), ...(custom?.tools ?? []), ...(skills?.tools ?? [])];
  const fixed = [...extraTools, ...own, ...discovery, ...given];
  const isByCode = code !== null && commands !== null;
  if (needs.code && !isByCode) problems.push(NO_CODE);
  const codeNotes = isByCode ? await code.prepare() : '';
  return {
    tools: () => (isByCode ? code.mark(all()) : all()),
    rules: {
      ...(desk ? deskRules(desk, new Set(own), clock) : plainRules(clock)),
      ...(outputs && { keepOutput: outputs.keep }),
      ...(await leaveRules(options, desk)),
    },
    notes: [desk ? deskNotes(desk) : '', codeNotes].filter((text) => text !== '').join('\n'),
    ...(skills && { skills: skills.text }),
    problems,
    files: desk?.files ?? null,
    dispose,
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
    alias,
    runDir,
    clock,
    version,
    cwd,
    permissions,
    environment = {},
    commandVariables: variables = {},
    shared,
  }: ToolHostOptions,
  files: AgentFiles | null,
  ends: (() => Promise<unknown>)[],
  problems: string[],
): Promise<{ servers: StartedServer[]; discovery: Tool[] }> {
  const { mcpServers } = needs;
  if (mcpServers.length === 0 && !needs.discovery) return { servers: [], discovery: [] };
  const { openDiscovery, startServers } = await import('./mcp/start-servers.ts');
  const place = { clock, version, files, cwd, home: permissions?.home ?? null, startedIn: cwd, shared };
  const servers = await startServers(place, mcpServers, problems);
  ends.push(() => Promise.all(servers.map(({ giveBack }) => giveBack())));
  const names = mcpServers.map(({ name }) => name);
  if (!needs.discovery) return { servers, discovery: [] };
  const { FoundServers } = await import('./mcp/found-servers.ts');
  const found = await FoundServers.open(runDir, alias);
  const discovery = await openDiscovery(place, { environment, variables, servers, names, found, problems });
  return { servers, discovery };
}

/** Providers refuse a request in which two tools have one name; the first one stays. */
function uniquelyNamed(tools: readonly Tool[]): Tool[] {
  return [...new Map(tools.toReversed().map((tool) => [tool.spec.name, tool])).values()].toReversed();
}
