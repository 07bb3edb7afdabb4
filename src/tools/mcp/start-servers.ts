import type { McpServerNeed } from '../../config/tool-needs.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/errors.ts';
import type { AgentFiles } from '../../workspace/agent-files.ts';
import type { Tool } from '../tool.ts';
import { McpServer } from './mcp-server.ts';
import type { FoundServers } from './found-servers.ts';
import type { SharedServers } from './shared-servers.ts';
import { registryPlaces } from './registry/ask-registry.ts';
import { loginsFolder } from './stored-login.ts';
import { vetVariables } from './vet-command.ts';

/** The agent that servers are started for. */
export interface ServerPlace {
  clock: Clock;
  version: string;
  /** Null for an agent without files. */
  files: AgentFiles | null;
  /** Where a server is started for an agent without files. */
  cwd: string;
  /** The user's home folder, where logins are; null for none. */
  home: string | null;
  /** Where servers are started that several agents share. */
  startedIn: string;
  /** Of the run. Where there are none, every server is the agent's own. */
  shared?: SharedServers | undefined;
}

/** A server, and the way to be done with it; never rejects. */
export interface StartedServer {
  server: McpServer;
  giveBack: () => Promise<void>;
}

const OUT_OF_DATE = 'which is out of date; use type: streamable-http where the server has it.';

/** Starts all servers at once. One that does not start is told as a problem; its tools come when it can be reached. */
export async function startServers(
  place: ServerPlace,
  needs: readonly McpServerNeed[],
  problems: string[],
): Promise<StartedServer[]> {
  const servers = needs.map((need) => makeServer(place, need));
  for (const need of needs) {
    const { transport } = need;
    if (transport.type === 'stdio') problems.push(...vetVariables(need, transport.env).problems);
    else if (transport.isSse) problems.push(`The MCP server ${need.name} speaks SSE, ${OUT_OF_DATE}`);
  }
  const started = await Promise.allSettled(servers.map(({ server }) => server.connect()));
  for (const result of started) {
    if (result.status === 'rejected') problems.push(result.reason instanceof Error ? result.reason.message : '');
  }
  return servers;
}

/** Starts nothing yet. */
function makeServer(
  { clock, version, files, cwd, home, startedIn, shared }: ServerPlace,
  need: McpServerNeed,
): StartedServer {
  const common = { need, clock, version, loginFolder: home === null ? null : loginsFolder(home) };
  if (need.isShared === true && shared) {
    return shared.take(need, () => new McpServer({ ...common, cwd: startedIn, roots: null }));
  }
  const roots = files && rootsOf(files);
  const server = new McpServer({ ...common, cwd: files?.workspace ?? cwd, roots });
  return { server, giveBack: () => server.dispose() };
}

/** What servers are told that they may use. What the agent does with them is checked all the same. */
function rootsOf(files: AgentFiles): string[] {
  const grants = files.grants({ mayWriteContext: true, labels: [] });
  return [...grants.filter(({ mode }) => mode !== 'none').map(({ root }) => root), files.snapshots];
}

export interface DiscoveryPlace {
  /** The whole environment, for the addresses of registries. */
  environment: Readonly<Record<string, string | undefined>>;
  /** What every process of the agent's is told; holds no secret. */
  variables: Readonly<Record<string, string>>;
  /** The agent's servers; what it starts joins them. */
  servers: StartedServer[];
  /** Their names. */
  names: readonly string[];
  /** What it has found; what it found before the run was taken up again is started again. */
  found: FoundServers;
  /** Told what of that does not start. */
  problems: string[];
}

/** Tools by which the agent looks for servers and starts them. */
export async function openDiscovery(
  place: ServerPlace,
  { environment, variables, servers, names: taken, found, problems }: DiscoveryPlace,
): Promise<Tool[]> {
  const { discoveryTools } = await import('./discover-servers.ts');
  const names = [...taken];
  const make = (need: McpServerNeed): StartedServer => {
    const { transport } = need;
    const told = transport.type === 'stdio' ? { ...transport, env: { ...variables } } : transport;
    const made = makeServer(place, { ...need, transport: told });
    // Among the others before it runs, so that it ends with them whatever it is at.
    servers.push(made);
    names.push(need.name);
    return made;
  };
  const again = found.all().map(({ need }) => make(need).server.connect());
  for (const result of await Promise.allSettled(again)) {
    if (result.status === 'rejected') problems.push(messageOf(result.reason));
  }
  return discoveryTools({
    places: registryPlaces(environment),
    names: () => names,
    started: found.all().map(({ offer }) => offer),
    start: async (need, offer) => {
      const made = make(need);
      try {
        await made.server.connect();
        await found.add({ offer, need });
      } catch (error) {
        servers.splice(servers.indexOf(made), 1);
        names.splice(names.indexOf(need.name), 1);
        await made.giveBack();
        throw error;
      }
      return made.server.tools().map(({ spec }) => spec.name);
    },
  });
}
