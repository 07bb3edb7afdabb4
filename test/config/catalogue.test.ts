import { describe, expect, it } from 'vitest';
import {
  BACKEND_TYPE_NAMES,
  BACKEND_TYPES,
  findBackendType,
  findTypeByHost,
  isHostOf,
  isLoopbackHost,
} from '../../src/config/catalogue.ts';

/** Every type of MassGen 0.1.12, which existing files may name. */
const MASSGEN =
  'openai claude claude_code gemini grok azure_openai chatcompletion zai lmstudio vllm sglang inference ag2 cerebras ' +
  'together fireworks groq openrouter moonshot nebius poe qwen';

describe('the catalogue', () => {
  it('has every type of MassGen, and our own', () => {
    const agents = ['acp', 'a2a', 'langgraph', 'ai-sdk', 'openai-agents', 'mastra', 'local'];
    const ours = ['ollama', 'llamacpp', 'deepseek', 'mistral', 'demo', 'scripted', ...agents];
    expect(BACKEND_TYPE_NAMES.toSorted()).toEqual([...MASSGEN.split(' '), ...ours].toSorted());
  });

  /** Agents that are no model endpoint choose their own model. */
  const AGENTS: ReadonlySet<string | null> = new Set(['acp', 'a2a', 'framework', 'claude-code', 'local']);

  it('needs a model named for MassGen’s custom types, and for no other that runs', () => {
    const without = BACKEND_TYPES.filter((t) => t.defaultModel === null && !AGENTS.has(t.protocol)).map((t) => t.type);
    expect(without).toEqual([
      'chatcompletion',
      'openrouter',
      'poe',
      'ollama',
      'lmstudio',
      'llamacpp',
      'vllm',
      'sglang',
      'ag2',
      'inference',
    ]);
  });

  it('offers only provider tools that the type is capable of', () => {
    for (const { builtinTools, capabilities } of BACKEND_TYPES)
      expect(capabilities).toEqual(expect.arrayContaining([...builtinTools]));
  });

  it('sends a type’s own key to its own address', () => {
    const own = BACKEND_TYPES.filter((t) => t.keyNeed === 'required' && t.type !== 'chatcompletion');
    const astray = own.filter((t) => t.baseUrl !== null && !isHostOf(new URL(t.baseUrl).hostname, t.hosts));
    expect(astray).toEqual([]);
  });

  it('lists the usual model first', () => {
    const vendors = BACKEND_TYPES.filter((t) => t.keyNeed === 'required');
    expect(vendors.map((t) => t.models[0] ?? null)).toEqual(vendors.map((t) => t.defaultModel));
  });

  it('is exact about names', () => {
    expect(findBackendType('openai')?.label).toBe('OpenAI');
    expect(findBackendType('OpenAI')).toBeUndefined();
    expect(findBackendType('__proto__')).toBeUndefined();
  });
});

describe('a host', () => {
  it.each([
    ['api.cerebras.ai', 'cerebras'],
    ['api.together.xyz', 'together'],
    ['api.fireworks.ai', 'fireworks'],
    ['api.groq.com', 'groq'],
    ['api.studio.nebius.ai', 'nebius'],
    ['api.studio.nebius.com', 'nebius'],
    ['openrouter.ai', 'openrouter'],
    ['api.z.ai', 'zai'],
    ['open.bigmodel.cn', 'zai'],
    ['api.moonshot.ai', 'moonshot'],
    ['api.poe.com', 'poe'],
    ['dashscope-intl.aliyuncs.com', 'qwen'],
    ['api.openai.com', 'openai'],
    ['api.x.ai', 'grok'],
  ])('%s belongs to %s', (host, type) => {
    expect(findTypeByHost(host)?.type).toBe(type);
  });

  it.each(['evil.com', 'openai.com.evil.com', 'notopenai.com', 'example.ai', 'fax.ai', 'localhost', ''])(
    '%j belongs to nobody',
    (host) => {
      expect(findTypeByHost(host)).toBeUndefined();
    },
  );

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['[::1]', true],
    ['x.localhost', true],
    ['127.0.0.1.evil.com', false],
    ['localhost.evil.com', false],
    ['128.0.0.1', false],
  ])('%s is this machine: %s', (host, isHere) => {
    expect(isLoopbackHost(host)).toBe(isHere);
  });
});
