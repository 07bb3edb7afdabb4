import type { BuiltinTool } from './provider-features.ts';
import type { Protocol } from './team.ts';

/** What a type of backend can do beside answering with text. */
export type Capability =
  | 'web_search'
  | 'code_execution'
  | 'web_fetch'
  | 'bash'
  | 'mcp'
  | 'filesystem_native'
  | 'reasoning'
  | 'computer_use'
  | 'image_generation'
  | 'image_understanding'
  | 'audio_generation'
  | 'audio_understanding'
  | 'video_generation'
  | 'video_understanding';

/** One `type` word of the config and everything that follows from it. */
export interface BackendType {
  type: string;
  /** The vendor's name, for people. */
  label: string;
  /** Null where this version has no way to talk to it: such a config loads, but cannot be started. */
  protocol: Protocol | null;
  /** Null leaves the address to the vendor's SDK, or to the config where there is no usual one. */
  baseUrl: string | null;
  /** Variables that may hold the key, in order. */
  keyVariables: readonly string[];
  /** `placeholder` servers want some key but do not check it. */
  keyNeed: 'required' | 'placeholder' | 'none';
  /** Hosts that the key of `keyVariables` may be sent to; a name stands for its subdomains too. */
  hosts: readonly string[];
  /** Null where the config must name a model. */
  defaultModel: string | null;
  /** A few current models, for pickers and suggestions; any other name works as well. */
  models: readonly string[];
  capabilities: readonly Capability[];
  /** Provider-side tools that can be switched on here. */
  builtinTools: readonly BuiltinTool[];
}

const CHAT_MEDIA: readonly Capability[] = ['mcp', 'audio_understanding', 'video_understanding'];

function chat(
  type: string,
  label: string,
  baseUrl: string | null,
  keyVariables: readonly string[],
  hosts: readonly string[],
  models: readonly string[],
  more: Partial<BackendType> = {},
): BackendType {
  return {
    type,
    label,
    protocol: 'chat',
    baseUrl,
    keyVariables,
    keyNeed: 'required',
    hosts,
    defaultModel: models[0] ?? null,
    models,
    capabilities: ['mcp'],
    builtinTools: [],
    ...more,
  };
}

function local(type: string, label: string, port: number, keyVariables: readonly string[] = []): BackendType {
  return chat(type, label, `http://localhost:${port}/v1`, keyVariables, [], [], { keyNeed: 'placeholder' });
}

function builtin(type: 'demo' | 'scripted', label: string): BackendType {
  // A script calls whatever tools it names; the demo agents know their calculator only.
  const capabilities: readonly Capability[] = type === 'scripted' ? ['mcp'] : [];
  return chat(type, label, null, [], [], [], { protocol: type, keyNeed: 'none', defaultModel: type, capabilities });
}

/** An agent that is no model endpoint. What names its model, if anything, is the agent's own affair. */
function external(
  type: string,
  label: string,
  protocol: Protocol,
  capabilities: readonly Capability[],
  more: Partial<BackendType> = {},
): BackendType {
  return chat(type, label, null, [], [], [], { protocol, keyNeed: 'none', defaultModel: null, capabilities, ...more });
}

/**
 * Every backend type, in the order in which lists show them. Types, addresses, key variables and capabilities are
 * those of MassGen's registry; default models are the vendors' current mid-priced ones as of November 2026
 * (names as in the SDKs' type definitions and the price table).
 */
export const BACKEND_TYPES: readonly BackendType[] = [
  {
    type: 'openai',
    label: 'OpenAI',
    protocol: 'responses',
    baseUrl: null,
    keyVariables: ['OPENAI_API_KEY'],
    keyNeed: 'required',
    hosts: ['openai.com'],
    defaultModel: 'gpt-6-luna',
    models: [
      'gpt-6-luna',
      'gpt-6-sol',
      'gpt-6-astra',
      'gpt-6.1-sol',
      'gpt-6.1-terra',
      'gpt-5.6-sol',
      'gpt-5.5',
      'gpt-5.4-mini',
      'gpt-5-mini',
      'gpt-5-nano',
    ],
    capabilities: [
      'web_search',
      'code_execution',
      'computer_use',
      'mcp',
      'reasoning',
      'image_generation',
      'image_understanding',
      'audio_generation',
      'audio_understanding',
      'video_generation',
    ],
    builtinTools: ['web_search', 'code_execution', 'image_generation', 'computer_use'],
  },
  {
    type: 'claude',
    label: 'Anthropic',
    protocol: 'messages',
    baseUrl: null,
    keyVariables: ['ANTHROPIC_API_KEY'],
    keyNeed: 'required',
    hosts: ['anthropic.com'],
    defaultModel: 'claude-sonnet-5-5',
    models: [
      'claude-sonnet-5-5',
      'claude-haiku-5-5',
      'claude-opus-5-5',
      'claude-fable-5-2',
      'claude-mythos-5-2',
      'claude-sonnet-4-5',
      'claude-haiku-4-5',
    ],
    capabilities: [
      'web_search',
      'code_execution',
      'web_fetch',
      'computer_use',
      'mcp',
      'audio_understanding',
      'video_understanding',
    ],
    builtinTools: ['web_search', 'code_execution', 'web_fetch', 'computer_use'],
  },
  {
    type: 'gemini',
    label: 'Google',
    protocol: 'gemini',
    baseUrl: null,
    keyVariables: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
    keyNeed: 'required',
    hosts: ['googleapis.com'],
    defaultModel: 'gemini-3.5-flash',
    models: [
      'gemini-3.5-flash',
      'gemini-3.8-flash',
      'gemini-4-argon',
      'gemini-4-carbon',
      'gemini-3.1-pro-preview',
      'gemini-3-pro-preview',
      'gemini-3.5-flash-lite',
      'gemini-2.5-flash',
      'gemini-2.5-pro',
    ],
    capabilities: ['web_search', 'code_execution', 'web_fetch', 'computer_use', 'mcp', 'image_understanding'],
    builtinTools: ['web_search', 'code_execution', 'web_fetch', 'computer_use'],
  },
  chat(
    'grok',
    'xAI',
    'https://api.x.ai/v1',
    ['XAI_API_KEY'],
    ['x.ai'],
    [
      'grok-4.6',
      'grok-4.7',
      'grok-4.5',
      'grok-4-1-fast-reasoning',
      'grok-4-1-fast-non-reasoning',
      'grok-4',
      'grok-3-mini',
    ],
    {
      capabilities: ['web_search', 'mcp'],
      builtinTools: ['web_search'],
    },
  ),
  chat(
    'azure_openai',
    'Azure OpenAI',
    null,
    ['AZURE_OPENAI_API_KEY'],
    ['azure.com'],
    ['gpt-4o', 'gpt-6-luna', 'gpt-6-sol'],
    {
      capabilities: ['web_search', 'code_execution', 'mcp', 'image_generation', 'image_understanding'],
    },
  ),
  chat('chatcompletion', 'OpenAI-compatible', 'https://api.openai.com/v1', [], [], [], { capabilities: CHAT_MEDIA }),
  chat(
    'cerebras',
    'Cerebras',
    'https://api.cerebras.ai/v1',
    ['CEREBRAS_API_KEY'],
    ['cerebras.ai'],
    ['gpt-oss-120b', 'zai-glm-4.7', 'llama-3.3-70b'],
  ),
  chat(
    'together',
    'Together AI',
    'https://api.together.xyz/v1',
    ['TOGETHER_API_KEY'],
    ['together.xyz', 'together.ai'],
    ['openai/gpt-oss-120b', 'deepseek-ai/DeepSeek-V4-Pro'],
  ),
  chat(
    'fireworks',
    'Fireworks AI',
    'https://api.fireworks.ai/inference/v1',
    ['FIREWORKS_API_KEY'],
    ['fireworks.ai'],
    ['accounts/fireworks/models/gpt-oss-120b', 'accounts/fireworks/models/glm-5p2'],
  ),
  chat(
    'groq',
    'Groq',
    'https://api.groq.com/openai/v1',
    ['GROQ_API_KEY'],
    ['groq.com'],
    ['openai/gpt-oss-120b', 'llama-3.3-70b-versatile'],
  ),
  chat('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1', ['OPENROUTER_API_KEY'], ['openrouter.ai'], [], {
    capabilities: CHAT_MEDIA,
  }),
  chat(
    'deepseek',
    'DeepSeek',
    'https://api.deepseek.com/v1',
    ['DEEPSEEK_API_KEY'],
    ['deepseek.com'],
    ['deepseek-v4-pro', 'deepseek-v4-flash', 'deepseek-v4.1-flash', 'deepseek-chat', 'deepseek-reasoner'],
  ),
  chat(
    'mistral',
    'Mistral AI',
    'https://api.mistral.ai/v1',
    ['MISTRAL_API_KEY'],
    ['mistral.ai'],
    ['mistral-medium-latest', 'mistral-small-latest', 'mistral-large-latest'],
  ),
  chat(
    'moonshot',
    'Moonshot AI (Kimi)',
    'https://api.moonshot.cn/v1',
    ['MOONSHOT_API_KEY', 'KIMI_API_KEY'],
    ['moonshot.ai', 'moonshot.cn'],
    ['kimi-k2.6', 'kimi-k3', 'kimi-k3.1-pro', 'moonshot-v1-128k'],
  ),
  chat(
    'nebius',
    'Nebius',
    'https://api.studio.nebius.ai/v1',
    ['NEBIUS_API_KEY'],
    ['nebius.ai', 'nebius.com'],
    ['Qwen/Qwen3-4B-fast'],
  ),
  chat('poe', 'Poe', 'https://api.poe.com/v1', ['POE_API_KEY'], ['poe.com'], []),
  chat(
    'qwen',
    'Alibaba Cloud (Qwen)',
    'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    ['QWEN_API_KEY'],
    ['aliyuncs.com'],
    ['qwen-max', 'qwen-plus', 'qwen-turbo', 'qwen3.8-max', 'qwen3.8-flash'],
    {
      capabilities: CHAT_MEDIA,
    },
  ),
  chat(
    'zai',
    'Z.AI',
    'https://api.z.ai/api/paas/v4',
    ['ZAI_API_KEY'],
    ['z.ai', 'bigmodel.cn'],
    ['glm-5.3', 'glm-5.3-flash', 'glm-4.5'],
  ),
  local('ollama', 'Ollama', 11434),
  local('lmstudio', 'LM Studio', 1234),
  local('llamacpp', 'llama.cpp', 8080),
  local('vllm', 'vLLM', 8000, ['VLLM_API_KEY']),
  local('sglang', 'SGLang', 30000, ['SGLANG_API_KEY']),
  builtin('demo', 'Built-in demo'),
  builtin('scripted', 'Scripted'),
  external('acp', 'Agent Client Protocol', 'acp', ['bash', 'mcp', 'filesystem_native']),
  external('a2a', 'Agent2Agent', 'a2a', ['mcp']),
  external('langgraph', 'LangGraph.js', 'framework', ['mcp']),
  external('ai-sdk', 'AI SDK', 'framework', ['mcp']),
  external('openai-agents', 'OpenAI Agents', 'framework', ['mcp']),
  external('mastra', 'Mastra', 'framework', ['mcp']),
  external('claude_code', 'Claude Code', 'claude-code', ['bash', 'mcp', 'filesystem_native', 'image_understanding'], {
    keyVariables: ['ANTHROPIC_API_KEY'],
    hosts: ['anthropic.com'],
    models: ['claude-sonnet-5-5'],
  }),
  external('local', 'GGUF file', 'local', []),
  chat('ag2', 'AG2', null, [], [], [], { protocol: null, keyNeed: 'none', capabilities: ['code_execution'] }),
  chat('inference', 'vLLM / SGLang', null, [], [], [], { protocol: null, keyNeed: 'none' }),
];

const BY_TYPE: ReadonlyMap<string, BackendType> = new Map(BACKEND_TYPES.map((t) => [t.type, t]));

export const BACKEND_TYPE_NAMES: readonly string[] = BACKEND_TYPES.map((t) => t.type);

/** The entry of a `type` word; undefined if there is no such type. Exact and lower case, as in the config. */
export function findBackendType(type: string): BackendType | undefined {
  return BY_TYPE.get(type);
}

/** True if `host` is one of `names` or a subdomain of one. */
export function isHostOf(host: string, names: readonly string[]): boolean {
  return names.some((name) => host === name || host.endsWith(`.${name}`));
}

/** True for addresses of this machine. */
export function isLoopbackHost(host: string): boolean {
  const named = host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host === '0.0.0.0';
  return named || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * The type whose key belongs to this host: how `chatcompletion` chooses its key. Undefined for a host that nobody
 * here owns, which then gets no key from the environment.
 */
export function findTypeByHost(host: string): BackendType | undefined {
  return BACKEND_TYPES.find((t) => t.keyNeed === 'required' && isHostOf(host, t.hosts));
}
