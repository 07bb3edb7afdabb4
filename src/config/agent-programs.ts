/** A program that speaks the Agent Client Protocol and is known by name. */
export interface AgentProgram {
  name: string;
  label: string;
  command: string;
  args: readonly string[];
  install: string;
  /** Variables that hold this program's own keys and addresses; no other program gets them. */
  variables: readonly string[];
  /** Variables that it always gets. */
  settings?: Readonly<Record<string, string>>;
  /** Ways to log in that need no person, with the variable that each of them needs. */
  logins: readonly (readonly [method: string, variable: string])[];
  /** How it is told which model to use; absent where only its own settings say that. */
  withModel?: (model: string) => { args?: string[]; env?: Record<string, string> };
}

const GOOGLE = [
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'GOOGLE_GEMINI_BASE_URL',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_CLOUD_LOCATION',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GOOGLE_APPLICATION_CREDENTIALS',
];
const OPENAI = ['OPENAI_API_KEY', 'CODEX_API_KEY', 'OPENAI_BASE_URL', 'CODEX_HOME'];
const ANTHROPIC = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CONFIG_DIR',
];

/**
 * Claude Code would have to search for the run's tools before it could call them, and would ask its model after every turn
 * what the user may say next, whom nobody shows that.
 */
export const CLAUDE_SETTINGS: Readonly<Record<string, string>> = {
  ENABLE_TOOL_SEARCH: 'false',
  CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION: 'false',
};

/** The programs by name; any other one is named by its command. */
export const AGENT_PROGRAMS: readonly AgentProgram[] = [
  {
    name: 'gemini',
    label: 'Gemini CLI',
    command: 'gemini',
    args: ['--acp'],
    install: 'npm install -g @google/gemini-cli',
    variables: GOOGLE,
    // It reaches no MCP server from a folder that nobody has trusted; its folder here is the run's own.
    settings: { GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    logins: [
      ['gemini-api-key', 'GEMINI_API_KEY'],
      ['vertex-ai', 'GOOGLE_API_KEY'],
    ],
    withModel: (model) => ({ args: ['--model', model] }),
  },
  {
    name: 'codex',
    label: 'Codex',
    command: 'codex-acp',
    args: [],
    install: 'npm install -g @zed-industries/codex-acp',
    variables: OPENAI,
    logins: [
      ['codex-api-key', 'CODEX_API_KEY'],
      ['openai-api-key', 'OPENAI_API_KEY'],
    ],
    withModel: (model) => ({ args: ['-c', `model=${JSON.stringify(model)}`] }),
  },
  {
    name: 'claude',
    label: 'Claude Code',
    command: 'claude-agent-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    variables: ANTHROPIC,
    settings: CLAUDE_SETTINGS,
    logins: [],
    withModel: (model) => ({ env: { ANTHROPIC_MODEL: model } }),
  },
  {
    name: 'opencode',
    label: 'OpenCode',
    command: 'opencode',
    args: ['acp'],
    install: 'npm install -g opencode-ai',
    variables: ['OPENCODE_CONFIG', 'OPENCODE_CONFIG_CONTENT', 'OPENCODE_API_KEY'],
    logins: [],
  },
  {
    name: 'goose',
    label: 'Goose',
    command: 'goose',
    args: ['acp'],
    install: 'see https://block.github.io/goose/docs/getting-started/installation',
    variables: ['GOOSE_PROVIDER', 'GOOSE_MODEL'],
    logins: [],
    withModel: (model) => ({ env: { GOOSE_MODEL: model } }),
  },
  {
    name: 'qwen',
    label: 'Qwen Code',
    command: 'qwen',
    args: ['--acp'],
    install: 'npm install -g @qwen-code/qwen-code',
    variables: ['QWEN_API_KEY', 'DASHSCOPE_API_KEY'],
    logins: [],
    withModel: (model) => ({ args: ['--model', model] }),
  },
];

export const AGENT_PROGRAM_NAMES: readonly string[] = AGENT_PROGRAMS.map(({ name }) => name);

export function findAgentProgram(name: string): AgentProgram | undefined {
  return AGENT_PROGRAMS.find((program) => program.name === name);
}

/** What every program needs to find its files, its settings and its words; none of it is a secret. */
const PLAIN_VARIABLES: ReadonlySet<string> = new Set(
  (
    'PATH HOME USER LOGNAME SHELL TERM LANG LC_ALL LC_CTYPE TZ TMPDIR XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME ' +
    'XDG_STATE_HOME XDG_RUNTIME_DIR NODE_EXTRA_CA_CERTS SSL_CERT_FILE HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy ' +
    'https_proxy no_proxy SYSTEMROOT APPDATA LOCALAPPDATA USERPROFILE PATHEXT COMSPEC TEMP TMP'
  ).split(' '),
);

/** The environment of an agent's program: plain variables, those named, and what the config gives it. Nothing else. */
export function programEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  named: readonly string[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const passed = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (PLAIN_VARIABLES.has(entry[0]) || named.includes(entry[0])),
  );
  return { ...Object.fromEntries(passed), ...given };
}
