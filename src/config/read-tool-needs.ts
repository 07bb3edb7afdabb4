import type { JsonObject } from '../events/json.ts';
import type { BackendConfig, Config } from './schema/config.ts';
import type {
  CodeNeeds,
  CommandNeeds,
  ContextPathNeed,
  DockerNeeds,
  McpSecurity,
  McpServerNeed,
  SecurityLevel,
  ToolNeeds,
} from './tool-needs.ts';
import { projectNeedsOf } from './read-project-needs.ts';
import { customToolsOf } from './read-custom-tools.ts';
import { dockerNeedsOf, executionModeOf } from './read-docker-needs.ts';
import { bringsFileTools } from './tool-needs.ts';

/** Undefined for an agent that asks for no tools. Of two entries for one path, the orchestrator's counts. */
export function toolNeedsOf(backend: BackendConfig, config: Pick<Config, 'orchestrator'>): ToolNeeds | undefined {
  const contextPaths = [...(backend.context_paths ?? []), ...(config.orchestrator?.context_paths ?? [])].map(
    ({ path, permission, protected_paths }): ContextPathNeed => ({
      path,
      permission: permission ?? 'read',
      protectedPaths: protected_paths ?? [],
    }),
  );
  const docker = dockerNeedsOf(backend, config);
  const commands = commandsOf(backend, docker);
  const brings = bringsFileTools(backend.type);
  const custom = customToolsOf(backend);
  const discovery = discoveryOf(backend);
  const recordable = config.orchestrator?.coordination?.recordable_configs;
  const needs: ToolNeeds = {
    hasWorkspace:
      brings || projectNeedsOf(config) !== null || Boolean(backend.cwd) || contextPaths.length > 0 || commands !== null,
    ...((brings || leavesFilesToCommands(backend)) && { bringsFileTools: true }),
    asksForReading: backend.enforce_read_before_delete ?? true,
    contextPaths,
    mcpServers: mcpServersOf(backend),
    commands,
    ...(custom && { custom }),
    ...(recordable && { recordable }),
    ...(discovery && { discovery }),
    ...(config.orchestrator?.coordination?.use_skills === true && {
      skills: { folder: config.orchestrator.coordination.skills_directory ?? null },
    }),
    ...(backend.enable_code_based_tools === true && { code: codeOf(backend) }),
    ...(docker && { docker }),
  };
  const hasOthers = [needs.commands, needs.custom, needs.skills, discovery, recordable].some(Boolean);
  return needs.hasWorkspace || needs.mcpServers.length > 0 || hasOthers ? needs : undefined;
}

/** Files are a matter of commands then. */
function leavesFilesToCommands(backend: BackendConfig): boolean {
  return backend.exclude_file_operation_mcps === true && backend.enable_mcp_command_line === true;
}

function codeOf({ direct_mcp_servers: direct = [], shared_tools_directory: folder }: BackendConfig): CodeNeeds {
  return { direct, folder: folder ?? null };
}

/** What `auto_discover` asks for; null for nothing. */
function discoveryOf({ auto_discover: wish }: BackendConfig): ToolNeeds['discovery'] | null {
  return wish === undefined || wish === false ? null : wish === 'auto' ? 'auto' : 'ask';
}

/** The server that an entry of a registry means. */
export function needOfEntry(name: string, entry: JsonObject): McpServerNeed {
  return mcpServerOf({ ...(entry as ServerConfig), name }, {} as BackendConfig);
}

type ServerConfig = Extract<NonNullable<BackendConfig['mcp_servers']>, unknown[]>[number];

function mcpServersOf(backend: BackendConfig): McpServerNeed[] {
  const { mcp_servers: servers = [] } = backend;
  const entries = Array.isArray(servers)
    ? servers.map((server) => ({ ...server, name: server.name ?? 'server' }))
    : Object.entries(servers).map(([name, server]) => ({ ...server, name }));
  return entries.filter((server) => server.disabled !== true).map((server) => mcpServerOf(server, backend));
}

const HTTP_READ_TIMEOUT_SECONDS = 300;

function mcpServerOf(server: ServerConfig & { name: string }, backend: BackendConfig): McpServerNeed {
  const [command = '', ...more] =
    typeof server.command === 'string' ? server.command.trim().split(/\s+/) : (server.command ?? []);
  const args = [...more, ...(server.args ?? [])];
  const isSse = server.type === 'sse';
  const isRemote =
    isSse || server.type === 'streamable-http' || (server.type === undefined && server.url !== undefined);
  return {
    name: server.name,
    transport: isRemote
      ? {
          type: 'http',
          url: server.url ?? '',
          headers: server.headers ?? {},
          readTimeoutMs: (server.http_read_timeout ?? HTTP_READ_TIMEOUT_SECONDS) * 1_000,
          ...(isSse && { isSse }),
        }
      : {
          type: 'stdio',
          // A file may put the program at the head of its arguments.
          command: command || (args.shift() ?? ''),
          args,
          env: server.env ?? {},
          cwd: server.cwd ?? null,
        },
    timeoutMs: server.timeout === undefined ? null : server.timeout * 1_000,
    allowedTools: server.allowed_tools ?? backend.allowed_tools ?? null,
    excludedTools: [...(backend.exclude_tools ?? []), ...(server.exclude_tools ?? [])],
    ...(isDeferred(server, backend) && { isDeferred: true }),
    ...(server.strict === false && { isLoose: true }),
    ...(server.allow_sampling === true && { allowsSampling: true }),
    ...(server.shared === true && { isShared: true }),
    security: securityOf(server.security),
  };
}

function isDeferred(server: ServerConfig, { enable_tool_search: isWanted }: BackendConfig): boolean {
  return isWanted !== false && (server.defer_loading ?? isWanted === true);
}

function securityOf(security: ServerConfig['security']): McpSecurity {
  const level = levelOf(security?.level);
  return {
    level,
    allowedExecutables: security?.allowed_executables ?? [],
    allowLocalhost: security?.allow_localhost ?? false,
    allowPrivateIps: security?.allow_private_ips ?? false,
    allowedHostnames: security?.allowed_hostnames ?? [],
    env: {
      level: security?.env?.level === undefined ? level : levelOf(security.env.level),
      mode: security?.env?.mode ?? 'denylist',
      allowed: security?.env?.allowed_vars ?? [],
      denied: security?.env?.denied_vars ?? [],
    },
  };
}

/** Any other word means strict. */
function levelOf(word: string | undefined): SecurityLevel {
  return word === 'moderate' || word === 'permissive' ? word : 'strict';
}

function commandsOf(backend: BackendConfig, docker: DockerNeeds | undefined): CommandNeeds | null {
  if (backend.enable_mcp_command_line !== true) return null;
  return {
    mode: executionModeOf(backend),
    allowed: backend.command_line_allowed_commands ?? [],
    blocked: backend.command_line_blocked_commands ?? [],
    network: docker ? docker.network !== 'none' : (backend.command_line_network ?? false),
  };
}
