/** What an agent with tools of its own may do without asking. */
export type PermissionMode = 'default' | 'acceptEdits' | 'bypassPermissions' | 'plan';

/** An agent that is a program, started for each member of a team, which speaks the Agent Client Protocol. */
export interface AcpSpec {
  kind: 'acp';
  /** For people: `gemini`, or the name of the command. */
  name: string;
  command: string;
  args: string[];
  /** The whole environment of the program: no other vendor's key is in it. */
  env: Record<string, string>;
  /** How to get the program, in words for people. */
  install: string;
  /** How to log in where it says that it needs that, best first, as far as the keys for it are there. */
  authMethods: string[];
  /** Null leaves the model to the program. */
  model: string | null;
  permissionMode: PermissionMode;
}

/** An agent behind an address that speaks A2A. */
export interface A2aSpec {
  kind: 'a2a';
}

/** Frameworks whose agents run in this process. */
export type FrameworkName = 'langgraph' | 'ai-sdk' | 'openai-agents' | 'mastra';

/** An agent that a module of the user's exports. */
export interface FrameworkSpec {
  kind: 'framework';
  framework: FrameworkName;
  /** Absolute path of the module. */
  module: string;
  exportName: string;
}

/** Claude Code, by the Agent SDK that the user has installed. */
export interface ClaudeCodeSpec {
  kind: 'claude-code';
  /** Where the SDK is looked for, in this order. */
  folders: string[];
  env: Record<string, string>;
  /** Null leaves the model to Claude Code. */
  model: string | null;
  permissionMode: PermissionMode;
  allowedTools: string[];
  disallowedTools: string[];
  maxThinkingTokens: number | null;
}

/** A model in a GGUF file, run in this process. */
export interface LocalSpec {
  kind: 'local';
  /** Absolute path of the file. */
  file: string;
  /** Where `node-llama-cpp` is looked for, in this order. */
  folders: string[];
}

/** An agent that is no model endpoint: how it is started or reached. */
export type ExternalSpec = AcpSpec | A2aSpec | FrameworkSpec | ClaudeCodeSpec | LocalSpec;

/** What a backend says about an agent that is no model endpoint. */
export interface AgentKeys {
  agent?: string | undefined;
  command?: string | readonly string[] | undefined;
  args?: readonly string[] | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  module?: string | undefined;
  permissionMode?: PermissionMode | undefined;
  allowedTools?: readonly string[] | undefined;
  disallowedTools?: readonly string[] | undefined;
  maxThinkingTokens?: number | undefined;
  /** Where relative paths start; the working folder if left out. */
  folder?: string | undefined;
}
