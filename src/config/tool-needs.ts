import type { JsonObject } from '../events/json.ts';

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
    | { type: 'http'; url: string; headers: Record<string, string>; readTimeoutMs: number; isSse?: true };
  timeoutMs: number | null;
  /** Null allows every tool. Names without the server's prefix. */
  allowedTools: string[] | null;
  excludedTools: string[];
  /** Its tools are shown to the model only once it has searched for them. */
  isDeferred?: boolean;
  /** Its tools are never strict. */
  isLoose?: boolean;
  /** It may have the model of the agent that it works for answer it. */
  allowsSampling?: boolean;
  /** One process, or one connection, for all agents of the run that name it in the same way. */
  isShared?: boolean;
  security: McpSecurity;
}

/** One function of a module of the user's. */
export interface CustomFunctionNeed {
  function: string;
  /** Null takes what the module says. */
  name: string | null;
  description: string | null;
  /** Arguments that the model does not see and cannot change. */
  preset: JsonObject;
}

/** A module of the user's with tools in it. */
export interface CustomToolNeed {
  /** A file or the name of a package, as written; null where the config names none. */
  path: string | null;
  /** Null offers every tool of the module. */
  functions: CustomFunctionNeed[] | null;
  /** Why the entry cannot be used; null for a good one. */
  fault: string | null;
  timeoutMs: number | null;
  /** Variables that the tools get; values may be secrets. */
  env: Record<string, string>;
  network: boolean;
  /** The tools change nothing anywhere, whatever they say themselves. */
  readOnly: boolean;
  isDeferred?: boolean;
  isLoose?: boolean;
}

/** The container of an agent. */
export interface DockerNeeds {
  image: string;
  memoryBytes: number;
  /** Null is as many as there are. */
  cpus: number | null;
  network: 'none' | 'bridge' | 'host';
  hasSudo: boolean;
  /** Of the user's home folder, read-only. */
  credentials: ('ssh_keys' | 'git_config' | 'gh_config' | 'npm_config' | 'pypi_config')[];
  /** Paths as written; `from` may begin with `~`. */
  mounts: { from: string; to: string; isWritable: boolean }[];
  /** Values are secrets, and are not in here. */
  variables: {
    /** As written; relative ones start where the command was started. */
    file: string | null;
    /** Null takes all of the file. */
    onlyOfFile: string[] | null;
    /** Of this program's own. */
    named: string[];
    all: boolean;
  };
  packages: { python: string[]; npm: string[]; system: string[] };
  /**
   * The container stays for the next questions of the session, until none has used it for so long; null has it removed with
   * the question.
   */
  keptMs: number | null;
}

export interface CommandNeeds {
  /** `host` runs commands without any protection; it is never chosen by itself. */
  mode: 'sandbox' | 'docker' | 'host';
  allowed: string[];
  blocked: string[];
  network: boolean;
}

/** A folder of tool packs. */
export interface ToolPackNeeds {
  /** As written; relative ones start where the command was started. */
  folder: string;
  /** The config names the folder, so it has to be there. */
  isNamed: boolean;
  /** Packs that are not offered, by name. */
  excluded: string[];
  /** See CustomToolNeed. */
  isDeferred: boolean;
}

/** Tools of servers and of the user's own are functions for the agent's code. */
export interface CodeNeeds {
  /** Servers, and names of custom tools, that the model is shown all the same. */
  direct: string[];
  /** Folder for the functions of all agents, as written; null keeps each agent's with the run. */
  folder: string | null;
}

/** The user's skills. */
export interface SkillNeeds {
  /** The project's folder of skills, as written; null is `.agent/skills`. */
  folder: string | null;
}

/** What an agent's tools are made of. */
export interface ToolNeeds {
  /** A workspace with file tools. */
  hasWorkspace: boolean;
  /** The agent works on its files with tools of its own, so it is offered none; false if left out. */
  bringsFileTools?: boolean;
  /** Overwriting and deleting ask for having read the file. */
  asksForReading: boolean;
  contextPaths: ContextPathNeed[];
  mcpServers: McpServerNeed[];
  /** Null for an agent that runs no commands. */
  commands: CommandNeeds | null;
  /** The agent may look for servers and start them: each after a yes, or by itself. Absent for neither. */
  discovery?: 'ask' | 'auto';
  /** Absent offers every tool to the model itself. */
  code?: CodeNeeds;
  /** Absent for an agent without skills. */
  skills?: SkillNeeds;
  /** Configs of teams that the agent may ask and film; absent for none. */
  recordable?: string[];
  /** Tools of the user's own; they run where commands of this mode would. Absent for none. */
  custom?: { mode: CommandNeeds['mode']; tools: CustomToolNeed[]; packs?: ToolPackNeeds };
  /** The containers of an agent in the mode `docker`; absent in every other. */
  docker?: DockerNeeds;
}

/** Agents that come with tools for files get a workspace to use them in. */
export function bringsFileTools(type: string | undefined): boolean {
  return type === 'acp' || type === 'claude_code';
}

/** For an agent that comes with tools of its own and that nothing else is said about; undefined for all others. */
export function ownToolNeeds(type: string): ToolNeeds | undefined {
  if (!bringsFileTools(type)) return undefined;
  return {
    hasWorkspace: true,
    bringsFileTools: true,
    asksForReading: true,
    contextPaths: [],
    mcpServers: [],
    commands: null,
  };
}

/** For an agent that asks for nothing, but whose tools of the run itself go through rules or hooks. */
export const NO_TOOLS: ToolNeeds = {
  hasWorkspace: false,
  asksForReading: true,
  contextPaths: [],
  mcpServers: [],
  commands: null,
};
