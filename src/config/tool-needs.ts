import type { BackendConfig, Config } from './schema/config.ts';

/** A place of the user's, as a config names it. */
export interface ContextPathNeed {
  /** As written; relative ones start where the command was started. */
  path: string;
  permission: 'read' | 'write';
  protectedPaths: string[];
}

export type SecurityLevel = 'strict' | 'moderate' | 'permissive';

export interface McpSecurity {
  level: SecurityLevel;
  allowedExecutables: string[];
  allowLocalhost: boolean;
  allowPrivateIps: boolean;
  allowedHostnames: string[];
  /** Rules for the variables that the config gives to the server. */
  env: { level: SecurityLevel; mode: 'denylist' | 'allowlist'; allowed: string[]; denied: string[] };
}

/** One MCP server that an agent wants. Values may be secrets. */
export interface McpServerNeed {
  name: string;
  transport:
    | { type: 'stdio'; command: string; args: string[]; env: Record<string, string>; cwd: string | null }
    | { type: 'http'; url: string; headers: Record<string, string>; readTimeoutMs: number };
  timeoutMs: number | null;
  /** Null allows every tool. Names without the server's prefix. */
  allowedTools: string[] | null;
  excludedTools: string[];
  security: McpSecurity;
}

export interface CommandNeeds {
  /** `host` runs commands without any protection; it is never chosen by itself. */
  mode: 'sandbox' | 'host';
  allowed: string[];
  blocked: string[];
  network: boolean;
}

/** What an agent's tools are made of. */
export interface ToolNeeds {
  /** A workspace with file tools. */
  hasWorkspace: boolean;
  /** Overwriting and deleting ask for having read the file. */
  asksForReading: boolean;
  contextPaths: ContextPathNeed[];
  mcpServers: McpServerNeed[];
  /** Null for an agent that runs no commands. */
  commands: CommandNeeds | null;
}

/** Undefined for an agent that asks for no tools. Of two entries for one path, the orchestrator's counts. */
export function toolNeedsOf(backend: BackendConfig, config: Pick<Config, 'orchestrator'>): ToolNeeds | undefined {
  const contextPaths = [...(backend.context_paths ?? []), ...(config.orchestrator?.context_paths ?? [])].map(
    ({ path, permission, protected_paths }): ContextPathNeed => ({
      path,
      permission: permission ?? 'read',
      protectedPaths: protected_paths ?? [],
    }),
  );
  const needs: ToolNeeds = {
    hasWorkspace: backend.cwd !== undefined || contextPaths.length > 0,
    asksForReading: backend.enforce_read_before_delete ?? true,
    contextPaths,
    mcpServers: mcpServersOf(backend),
    commands: commandsOf(backend),
  };
  return needs.hasWorkspace || needs.mcpServers.length > 0 || needs.commands ? needs : undefined;
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
  const isRemote = server.type === 'streamable-http' || (server.type === undefined && server.url !== undefined);
  return {
    name: server.name,
    transport: isRemote
      ? {
          type: 'http',
          url: server.url ?? '',
          headers: server.headers ?? {},
          readTimeoutMs: (server.http_read_timeout ?? HTTP_READ_TIMEOUT_SECONDS) * 1_000,
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
    security: securityOf(server.security),
  };
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

function commandsOf(backend: BackendConfig): CommandNeeds | null {
  if (backend.enable_mcp_command_line !== true || backend.command_line_execution_mode === 'docker') return null;
  return {
    mode: backend.command_line_execution_mode === 'host' ? 'host' : 'sandbox',
    allowed: backend.command_line_allowed_commands ?? [],
    blocked: backend.command_line_blocked_commands ?? [],
    network: backend.command_line_network ?? false,
  };
}
