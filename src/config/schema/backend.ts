import * as z from 'zod';
import { AGENT_PROGRAM_NAMES } from '../agent-programs.ts';
import { BACKEND_TYPE_NAMES } from '../catalogue.ts';
import { DEMO_STRATEGIES } from '../demo-team.ts';
import {
  anyMap,
  anything,
  atLeastOne,
  count,
  flag,
  opt,
  planned,
  positive,
  share,
  text,
  textMap,
  texts,
  detail,
  key,
  strictness,
} from './key.ts';
import { customTool, mcpServers } from './mcp.ts';
import { agentHooks } from './hooks.ts';
import { parameterShape } from './parameters.ts';

/** A readable or writable place outside the workspaces. */
export const contextPath = z.object({
  path: key(text, 'File or folder that agents may see.'),
  permission: opt(z.enum(['read', 'write']), 'What the presenter may do with it; `read` if left out.'),
  protected_paths: opt(texts, 'Parts of it that stay read-only.'),
});

const uploadFile = z.object({
  image_path: opt(text, 'Image: path.'),
  audio_path: opt(text, 'Sound: path.'),
  video_path: opt(text, 'Video: path.'),
  file_path: opt(text, 'PDF or text: path.'),
});

/** In capitals, so that a key that was written here by mistake is no name, and is not repeated in a message. */
const variableName = text.regex(/^[A-Z_][A-Z0-9_]{0,63}$/);

const typeName = z.enum(BACKEND_TYPE_NAMES as [string, ...string[]]);

/** A tool server that the provider calls, so that nothing of it runs here. */
const hostedServer = z.object({
  url: key(text, 'Address of the server, as the provider reaches it.'),
  authorization_token: opt(text, 'Token for the server, best written as `${VARIABLE}`.'),
  allowed_tools: opt(texts, 'Only these of its tools.'),
});

/** A backend that stands in for another one. Keys beyond these are taken as in any backend. */
const fallbackShape = {
  type: opt(typeName, 'Provider; without it the map changes the backend it stands in for.'),
  model: opt(text, 'Model name.'),
  base_url: opt(text, 'Root of the API.'),
  api_key: opt(text, 'Key, best written as `${VARIABLE}`.'),
  api_key_env: opt(variableName, 'Name of the variable that holds the key.'),
};

/** A model that stands beside an agent's own: what has to be said to reach it, and parameters as they come. */
export const otherBackend = z.looseObject(fallbackShape);

/** Reaching the model. */
const connection = {
  type: opt(typeName, 'Provider; found by `model` if left out.'),
  model: opt(text, 'Model name as the provider writes it. Required for types without a usual one.'),
  base_url: opt(text, 'Root of the API, e.g. `https://api.openai.com/v1`.'),
  api_key: opt(text, 'Key, best written as `${VARIABLE}`. Without it the type’s own variables are looked at.'),
  api_key_env: opt(variableName, 'Name of the variable that holds the key, instead of the type’s own ones.'),
  headers: opt(textMap, 'Further HTTP headers.'),
  extra_headers: opt(textMap, 'The same as `headers`.'),
  idle_timeout_seconds: opt(positive, 'Silence after which a reply counts as lost; 120 if left out.'),
  fallback: opt(
    z.array(z.union([text, otherBackend])),
    'What the agent goes on with when this model cannot be had: names of other models of this backend, or backends.',
  ),
  prices: opt(
    z.object({
      input: key(z.number().min(0), 'Input.'),
      output: key(z.number().min(0), 'Output, reasoning included.'),
      cached_input: opt(z.number().min(0), 'Input from the provider’s cache; as input if left out.'),
      cache_write: opt(z.number().min(0), 'Input written to the cache; as input if left out.'),
    }),
    'USD for a million tokens, instead of what the tables say.',
  ),
  azure_endpoint: opt(text, 'Address of the Azure resource; the same as `base_url`.'),
  api_version: opt(
    text,
    'Version of Anthropic’s API to speak, for compatible servers that know another one. On Azure: the dated version of its older addresses; without it the versionless one is used.',
  ),
  auth_style: opt(
    z.enum(['bearer', 'x-api-key', 'api-key']),
    'Header for the key, for gateways that want another one than the vendor.',
  ),
  provider: opt(text, 'Name of the provider for lists; found by `base_url`.', 'inert'),
  provider_name: opt(text, 'The same as `provider`.', 'inert'),
};

/** Provider-side tools. */
const builtins = {
  enable_web_search: opt(flag, 'Let the provider search the web.'),
  enable_code_execution: opt(flag, 'Let the provider run code.'),
  enable_code_interpreter: opt(flag, 'The same as `enable_code_execution`, under OpenAI’s name.'),
  enable_web_fetch: opt(flag, 'Let the provider read pages by their address (Claude, Gemini).'),
  enable_image_generation: opt(flag, 'Let the provider make images (OpenAI); they are kept in the run’s folder.'),
  enable_file_search: opt(
    flag,
    'Let OpenAI search the documents of `upload_files` (`file_path`) instead of putting them into the prompt. They are ' +
      'kept there in a store that is removed when the run ends.',
  ),
  vector_store_ids: opt(texts, 'Stores of documents at OpenAI that its file search looks into.'),
  hosted_mcp_servers: opt(
    z.record(z.string(), hostedServer),
    'Tool servers that the provider itself calls (OpenAI, Claude, Gemini 3), by name.',
  ),
  enable_audio_generation: planned(flag, 'Let the agent make sound.'),
  enable_file_generation: planned(flag, 'Let the agent make documents.'),
  enable_video_generation: planned(flag, 'Let the agent make videos.'),
  enable_computer_use: planned(flag, 'Let the agent use a computer.'),
  display_width: detail(atLeastOne, 'Width of the agent’s screen.'),
  display_height: detail(atLeastOne, 'Height of the agent’s screen.'),
  computer_environment: detail(text, 'Kind of computer: linux, browser, mac or windows.'),
};

/** Files, tools and commands of the agent. */
const tools = {
  cwd: opt(text, 'Gives the agent a workspace in the run’s folder, and file tools; the folder named here is not used.'),
  context_paths: opt(z.array(contextPath), 'Places that this agent may see.'),
  context_write_access_enabled: detail(flag, 'Whether writable places are writable already.'),
  enforce_read_before_delete: opt(
    flag,
    'A file must have been read before it is replaced or deleted; true if left out.',
  ),
  upload_files: opt(
    z.array(uploadFile),
    'Files on this machine that go along with the question; relative paths start where the command is started.',
  ),
  media_max_file_size_mb: opt(positive, 'Largest image, sound or video to upload; 64 if left out.'),
  mcp_servers: opt(mcpServers, 'Tool servers: a list of maps with `name`, or a map from name to settings.'),
  custom_tools: opt(z.array(customTool), 'Tools of your own: functions in Python, JavaScript or TypeScript.'),
  allowed_tools: opt(texts, 'Only these tools of the MCP servers.'),
  exclude_tools: opt(texts, 'Not these tools of the MCP servers.'),
  disallowed_tools: opt(texts, 'Patterns that Claude Code must not run, e.g. `Bash(rm*)`.'),
  hooks: opt(agentHooks, 'MassGen’s place for `agents[].hooks`.'),
  permission_mode: opt(
    z.enum(['default', 'acceptEdits', 'bypassPermissions', 'plan']),
    'What an agent with tools of its own (`acp`, `claude_code`) may do without asking.',
  ),
  max_thinking_tokens: opt(count, 'Thinking budget of Claude Code.'),
  max_mcp_message_history: detail(atLeastOne, 'Messages kept while tools are used.'),
  use_multi_mcp: opt(flag, 'Accepted for older files.', 'inert'),
  mcp_sdk_auto: opt(flag, 'Accepted for older files.', 'inert'),
};

const commandLine = {
  enable_mcp_command_line: opt(flag, 'Gives the agent a workspace and a tool that runs commands in it.'),
  command_line_execution_mode: opt(
    z.enum(['local', 'docker', 'srt', 'sandbox', 'host']),
    'Where commands and custom tools run: in a sandbox (`sandbox`, also `local` and `srt`), in a container (`docker`), or without any protection (`host`).',
  ),
  command_line_network: opt(flag, 'Whether commands in the sandbox reach the network; false if left out.'),
  command_line_allowed_commands: opt(
    texts,
    'Regular expressions of commands that may run; they fit from the beginning.',
  ),
  command_line_blocked_commands: opt(texts, 'Regular expressions of commands that may not run.'),
  command_line_docker_image: opt(
    text,
    'Image for commands; `massgen/mcp-runtime:latest` if left out, with sudo `massgen/mcp-runtime-sudo:latest`. Fetched if it is not there.',
  ),
  command_line_docker_memory_limit: opt(
    z.string().regex(/^\s*\d+(\.\d+)?\s*[bkmgt]?b?\s*$/i, 'Write a size such as 512m or 2g.'),
    'Memory of the container, e.g. `2g`; `4g` if left out.',
  ),
  command_line_docker_cpu_limit: opt(positive, 'Processors of the container; as many as there are if left out.'),
  command_line_docker_network_mode: opt(
    z.enum(['none', 'bridge', 'host']),
    'Network of the container; `none` if left out, `bridge` with `command_line_network: true`.',
  ),
  command_line_docker_enable_sudo: opt(
    flag,
    'Commands in the container may use sudo; the container is less closed then.',
  ),
  command_line_docker_credentials: opt(
    z.object({
      mount: opt(
        z.array(z.enum(['ssh_keys', 'git_config', 'gh_config', 'npm_config', 'pypi_config'])),
        'Credential files of your home folder to mount, read-only.',
      ),
      additional_mounts: opt(
        z.record(
          z.string(),
          z.object({
            bind: key(text, 'Where it is in the container; absolute.'),
            mode: opt(z.enum(['ro', 'rw']), 'Whether it may be written; `ro` if left out.'),
          }),
        ),
        'Further mounts: a path of this machine to `bind` and `mode`.',
      ),
      env_file: opt(text, 'File of variables for the container.'),
      env_vars_from_file: opt(texts, 'Only these variables of the file.'),
      env_vars: opt(texts, 'Variables of this machine for the container.'),
      pass_all_env: opt(flag, 'All variables of this machine for the container, but those whose names mean secrets.'),
    }),
    'What the container may know.',
  ),
  command_line_docker_packages: opt(
    z.object({
      preinstall: opt(
        z.object({
          python: opt(texts, 'Python packages.'),
          npm: opt(texts, 'npm packages.'),
          system: opt(texts, 'System packages (Debian, Ubuntu, Alpine).'),
        }),
        'Packages to install first, once, into an image of their own.',
      ),
    }),
    'Packages of the container.',
  ),
};

/** Keys of MassGen after 0.1.12. */
const later = {
  concurrent_tool_execution: opt(
    flag,
    'Whether tools of one reply that only read run side by side; true if left out. Others always run in order.',
  ),
  max_concurrent_tools: opt(atLeastOne, 'How many of them at once; 4 if left out.'),
  enable_strict_tool_use: opt(
    flag,
    'Have the provider hold its model to the schemas of tools (OpenAI, Claude, Gemini), wherever a schema allows it.',
  ),
  enable_programmatic_flow: opt(
    flag,
    'Let code that the provider runs call the tools of MCP servers (OpenAI, Claude).',
  ),
  enable_tool_search: opt(
    flag,
    'Tools of MCP servers are shown to the model only once it has searched for them; with every provider.',
  ),
  tool_search_variant: opt(z.enum(['regex', 'bm25']), 'How Claude searches them; `regex` if left out.'),
  auto_discover: opt(
    z.union([flag, z.enum(['ask', 'auto'])]),
    'Let the agent look for MCP servers in the registries and start what needs no key: after a yes of yours (`ask`, or true), or by itself (`auto`).',
  ),
  enable_code_based_tools: opt(
    flag,
    'Offer the tools of MCP servers and custom tools as functions of Python and TypeScript, for code that the agent runs, instead of schemas; needs `enable_mcp_command_line`.',
  ),
  exclude_file_operation_mcps: opt(
    flag,
    'Offer no file tools: the agent works on its files by commands (with `enable_mcp_command_line`).',
  ),
  custom_tools_path: opt(
    text,
    'Folder of tool packs: folders with a TOOL.md and modules; offered like `custom_tools`.',
  ),
  auto_discover_custom_tools: opt(
    flag,
    'Offer every tool pack whose keys are there; without `custom_tools_path` those of `.massgen/tools`. False offers none.',
  ),
  exclude_custom_tools: opt(texts, 'Tool packs to leave out, by name.'),
  shared_tools_directory: opt(
    text,
    'Folder for the functions of `enable_code_based_tools`, shared by all agents and runs with the same tools; with the run if left out.',
  ),
  direct_mcp_servers: opt(texts, 'Servers whose tools are offered as schemas all the same.'),
  voting_sensitivity: opt(strictness, 'As in `orchestrator`, for one agent; the same key beside `backend` wins.'),
  gemini_backoff_max_attempts: opt(
    atLeastOne,
    'Calls in all when they fail for a time; 4 if left out. Works for every type.',
  ),
  gemini_backoff_initial_delay: opt(positive, 'Seconds before the second try.'),
  gemini_backoff_multiplier: opt(positive, 'Factor from pause to pause.'),
  gemini_backoff_max_delay: opt(positive, 'Longest pause in seconds.'),
  gemini_backoff_jitter: opt(share, 'Random share of a pause.'),
};

const executor = z.looseObject({
  type: planned(
    z.enum([
      'LocalCommandLineCodeExecutor',
      'DockerCommandLineCodeExecutor',
      'YepCodeCodeExecutor',
      'JupyterCodeExecutor',
    ]),
    'Where AG2 runs code.',
  ),
});
const modelConfig = z.union([anyMap, z.array(anyMap)]);
const agentConfig = z.looseObject({
  type: planned(z.enum(['assistant', 'conversable']), 'Kind of AG2 agent.'),
  name: planned(text, 'Name of the agent.'),
  description: planned(text, 'What the agent is for.'),
  system_message: planned(text, 'Instructions of the agent.'),
  llm_config: planned(modelConfig, 'Model or models of the agent.'),
  code_execution_config: planned(
    z.looseObject({ executor: planned(executor, 'Where code runs.') }),
    'How AG2 runs code.',
  ),
});
const ag2 = {
  agent_config: planned(agentConfig, 'One AG2 agent (type ag2).'),
  group_config: planned(
    z.looseObject({
      llm_config: planned(modelConfig, 'Model of the agents without one.'),
      agents: planned(z.array(agentConfig), 'Agents of the group.'),
      pattern: planned(
        z.looseObject({
          type: planned(z.enum(['auto']), 'How the next speaker is chosen.'),
          initial_agent: planned(text, 'Who speaks first.'),
          group_manager_args: planned(
            z.looseObject({ llm_config: planned(modelConfig, 'Model of the manager.') }),
            'The manager.',
          ),
        }),
        'How the group talks.',
      ),
      user_agent: planned(anyMap, 'The agent named `User`.'),
      max_rounds: planned(atLeastOne, 'Longest talk.'),
    }),
    'A group of AG2 agents (type ag2).',
  ),
};

/** Agents that are no model endpoint. */
const agents = {
  agent: opt(
    z.enum(AGENT_PROGRAM_NAMES as [string, ...string[]]),
    'Program that an `acp` agent is, by name; any other one is named by `command`.',
  ),
  command: opt(z.union([text, texts]), 'Program that speaks ACP, e.g. `gemini --acp`.'),
  args: opt(texts, 'Further arguments of the program.'),
  env: opt(textMap, 'Variables for the program (`acp`, `claude_code`); it gets no other vendor’s key.'),
  module: opt(
    text,
    'Module and export that a framework’s agent is, e.g. `./my-agent.ts#agent`, from the file’s own folder.',
  ),
};

/** Built-in agents. */
const builtinAgents = {
  strategy: opt(z.enum(DEMO_STRATEGIES), 'How a `demo` agent works.'),
  error_rate: opt(share, 'How often a `demo` agent slips.'),
  script: opt(z.union([text, anything]), 'What a `scripted` agent does: path of a file, or the script itself.'),
};

/** Keys that the program itself reads; all others in a backend are passed on to the provider. */
export const ownShape = {
  ...connection,
  ...builtins,
  ...tools,
  ...commandLine,
  ...later,
  ...ag2,
  ...agents,
  ...builtinAgents,
};

export const backend = z.looseObject({ ...ownShape, ...parameterShape });

/** True for a key of the backend that goes to the provider. */
export function isParameter(name: string): boolean {
  return !Object.hasOwn(ownShape, name) && !name.startsWith('command_line_') && !INJECTED.has(name);
}

/** Keys that MassGen's command puts in by itself; a file that has them was written by it. */
const INJECTED: ReadonlySet<string> = new Set([
  'agent_id',
  'session_id',
  'instance_id',
  'enable_rate_limit',
  'agent_temporary_workspace',
  'agent_temporary_workspace_parent',
  '_config_path',
  'provider_options',
]);
