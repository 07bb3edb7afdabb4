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
