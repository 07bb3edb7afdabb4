import { describe, expect, it } from 'vitest';
import type { BackendRequest, StartProblem } from '../../src/config/backend-spec.ts';
import { buildBackend } from '../../src/config/backend-spec.ts';
import type { BackendSpec } from '../../src/config/team.ts';
import { findBackendType } from '../../src/config/catalogue.ts';

type Result = { spec: BackendSpec; problems: StartProblem[] };

function build(type: string, more: Partial<BackendRequest> = {}, env: Record<string, string> = {}): Result {
  return buildBackend({ type: findBackendType(type)!, ...more }, env);
}

describe('a backend', () => {
  it('is complete with a type and a key', () => {
    expect(build('openai', {}, { OPENAI_API_KEY: ' k ' })).toEqual({
      spec: {
        type: 'openai',
        protocol: 'responses',
        model: 'gpt-6-luna',
        baseUrl: null,
        apiKey: 'k',
        apiKeyVariables: ['OPENAI_API_KEY'],
        keyOrigin:
          'The key is that of OPENAI_API_KEY, looked for in the shell, ./.env, ~/.massgen/.env, in this order.',
        headers: {},
        params: {},
        builtinTools: [],
        idleTimeoutMs: 120_000,
        options: {},
      },
      problems: [],
    });
  });

  it('takes what the request says', () => {
    const { spec } = build(
      'chatcompletion',
      {
        model: 'm',
        baseUrl: 'http://localhost:9/v1/chat/completions/',
        apiKey: 'own',
        headers: { A: 'b' },
        params: { max_output_tokens: 5 },
        builtinTools: ['web_search'],
        idleTimeoutMs: 1,
        options: { x: 1 },
      },
      { OPENAI_API_KEY: 'k' },
    );
    expect(spec).toEqual({
      type: 'chatcompletion',
      protocol: 'chat',
      model: 'm',
      baseUrl: 'http://localhost:9/v1',
      apiKey: 'own',
      apiKeyVariables: [],
      keyOrigin: 'The key is the api_key of this backend.',
      headers: { A: 'b' },
      params: { max_tokens: 5 },
      builtinTools: ['web_search'],
      idleTimeoutMs: 1,
      options: { x: 1 },
    });
  });

  it('without a usual model needs one', () => {
    expect(build('openrouter', {}, { OPENROUTER_API_KEY: 'k' }).problems).toEqual([
      {
        key: 'model',
        message: 'The type openrouter has no usual model.',
        suggestion: 'Add model: NAME to this backend.',
      },
    ]);
  });

  it.each(['inference'])('of type %s is known and cannot run yet', (type) => {
    const { problems } = build(type);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ key: 'type' });
    expect(problems[0]?.message).toMatch(
      new RegExp(`^The backend type ${type} .* is known, but this version cannot run it yet\\.$`),
    );
  });

  it('of xAI that searches the web uses the endpoint that can', () => {
    const env = { XAI_API_KEY: 'k' };
    expect(build('grok', {}, env).spec.protocol).toBe('chat');
    expect(build('grok', { builtinTools: ['web_search'] }, env).spec.protocol).toBe('responses');
  });
});

describe('the key', () => {
  it('is the first of the variables that has a value', () => {
    expect(build('gemini', {}, { GOOGLE_API_KEY: '', GEMINI_API_KEY: 'b' }).spec.apiKey).toBe('b');
    expect(build('gemini', {}, { GOOGLE_API_KEY: 'a', GEMINI_API_KEY: 'b' }).spec.apiKey).toBe('a');
  });

  it('that is missing is asked for by name and place', () => {
    expect(build('moonshot').problems).toEqual([
      {
        key: 'type',
        message:
          'No API key for Moonshot AI (Kimi): MOONSHOT_API_KEY or KIMI_API_KEY is not set (looked in the shell, ./.env, ~/.massgen/.env).',
        suggestion:
          'Run massgen --setup, put MOONSHOT_API_KEY=your-key into ./.env or ~/.massgen/.env, or export it in the shell.',
      },
    ]);
  });

  it('may come from a variable of its own, and from no other then', () => {
    const env = { OPENAI_API_KEY: 'k', OTHER: 'o' };
    expect(build('openai', { apiKeyEnv: 'OTHER' }, env).spec).toMatchObject({
      apiKey: 'o',
      apiKeyVariables: ['OTHER'],
    });
    expect(build('openai', { apiKeyEnv: 'MISSING' }, env)).toMatchObject({
      spec: { apiKey: null },
      problems: [{ key: 'api_key_env' }],
    });
  });

  it.each(['lmstudio', 'ollama', 'vllm', 'sglang', 'llamacpp'])('is a word without worth for %s', (type) => {
    const { spec, problems } = build(type, { model: 'm' }, { OPENAI_API_KEY: 'k' });
    expect(problems).toEqual([]);
    expect(['lm-studio', 'ollama', 'EMPTY']).toContain(spec.apiKey);
  });

  it('of a local server may be a real one, if it stays near', () => {
    const env = { VLLM_API_KEY: 'real' };
    expect(build('vllm', { model: 'm' }, env).spec.apiKey).toBe('real');
    expect(build('vllm', { model: 'm', baseUrl: 'http://192.168.0.5:8000/v1' }, env).spec.apiKey).toBe('real');
    expect(build('vllm', { model: 'm', baseUrl: 'http://[fd00::5]:8000/v1' }, env).spec.apiKey).toBe('real');
    for (const host of ['evil.com', '10.evil.com', '192.168.evil.com', '8.8.8.8', '[2001:db8::1]'])
      expect(build('vllm', { model: 'm', baseUrl: `https://${host}/v1` }, env).spec.apiKey).toBe('EMPTY');
    expect(
      build('vllm', { model: 'm', baseUrl: 'https://mine.com/v1', apiKeyEnv: 'VLLM_API_KEY' }, env).spec.apiKey,
    ).toBe('real');
  });

  it('is none for built-in agents', () => {
    expect(build('demo', {}, { OPENAI_API_KEY: 'k' })).toMatchObject({
      spec: { apiKey: null, protocol: 'demo' },
      problems: [],
    });
  });
});

describe('the key of chatcompletion', () => {
  const env = { OPENAI_API_KEY: 'openai', GROQ_API_KEY: 'groq', QWEN_API_KEY: 'qwen' };

  it.each([
    [undefined, 'openai'],
    ['https://api.openai.com/v1', 'openai'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://dashscope.aliyuncs.com/v1', 'qwen'],
    ['https://evil.com/v1', null],
    ['https://api.openai.com.evil.com/v1', null],
    ['https://evil.com/api.openai.com/v1', null],
    ['https://evil.com/?x=groq.com', null],
    ['https://api.openai.com@evil.com/v1', null],
    ['http://localhost:1234/v1', null],
  ])('for %s is %s', (baseUrl, key) => {
    const { spec, problems } = build('chatcompletion', { model: 'm', baseUrl }, env);
    expect([spec.apiKey, problems]).toEqual([key, []]);
  });

  it('is missing if the vendor is known and its variable is not set', () => {
    expect(
      build('chatcompletion', { model: 'm', baseUrl: 'https://api.cerebras.ai/v1' }, env).problems[0]?.message,
    ).toMatch(/^No API key for Cerebras: CEREBRAS_API_KEY is not set/);
  });
});

describe('the key of a vendor', () => {
  const env = { OPENAI_API_KEY: 'k' };

  it('is not sent to a foreign host', () => {
    expect(build('openai', { baseUrl: 'https://evil.com/v1' }, env)).toMatchObject({
      spec: { apiKey: null },
      problems: [
        {
          key: 'base_url',
          message: 'The host of base_url does not belong to OpenAI, so the key in OPENAI_API_KEY is not sent there.',
          suggestion: 'If you mean it, add api_key_env: OPENAI_API_KEY (or a variable of its own) to this backend.',
        },
      ],
    });
  });

  it('is sent there if the config names it', () => {
    expect(build('openai', { baseUrl: 'https://proxy.com/v1', apiKeyEnv: 'OPENAI_API_KEY' }, env)).toMatchObject({
      spec: { apiKey: 'k', baseUrl: 'https://proxy.com/v1' },
      problems: [],
    });
  });

  it('is sent to this machine and to the vendor’s other hosts', () => {
    expect(build('openai', { baseUrl: 'http://127.0.0.1:9/v1' }, env)).toMatchObject({
      spec: { apiKey: 'k' },
      problems: [],
    });
    expect(build('openai', { baseUrl: 'https://eu.api.openai.com/v1/' }, env)).toMatchObject({
      spec: { apiKey: 'k', baseUrl: 'https://eu.api.openai.com/v1' },
      problems: [],
    });
  });
});

describe('an address', () => {
  it.each(['api.openai.com', 'ftp://api.openai.com', 'https://', 'file:///etc/passwd'])('%s is none', (baseUrl) => {
    expect(build('openai', { baseUrl }, { OPENAI_API_KEY: 'k' }).problems).toEqual([
      expect.objectContaining({ key: 'base_url', message: `The base_url is no http or https address.` }),
    ]);
  });

  it('of Azure with a dated version is that of the deployment', () => {
    const env = { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://me.openai.azure.com/' };
    const { spec } = build('azure_openai', { model: 'my model', apiVersion: '2024-12-01-preview' }, env);
    expect(spec).toMatchObject({
      baseUrl: 'https://me.openai.azure.com/openai/deployments/my%20model',
      apiVersion: '2024-12-01-preview',
    });
  });

  it.each([
    ['https://me.openai.azure.com', 'https://me.openai.azure.com/openai/v1'],
    ['https://me.openai.azure.com/', 'https://me.openai.azure.com/openai/v1'],
    ['https://me.openai.azure.com/openai/v1/', 'https://me.openai.azure.com/openai/v1'],
    ['https://me.openai.azure.com/openai/deployments/x', 'https://me.openai.azure.com/openai/deployments/x'],
  ])('of Azure %s becomes %s', (endpoint, baseUrl) => {
    const env = { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: endpoint };
    expect(build('azure_openai', { model: 'deployment' }, env)).toMatchObject({
      spec: { baseUrl, apiKey: 'k' },
      problems: [],
    });
  });

  it('of Azure is asked for by name', () => {
    expect(build('azure_openai', {}, { AZURE_OPENAI_API_KEY: 'k' }).problems).toEqual([
      {
        key: 'base_url',
        message: 'Azure OpenAI needs the address of your resource.',
        suggestion:
          'Set AZURE_OPENAI_ENDPOINT (looked for in the shell, ./.env, ~/.massgen/.env) or add base_url to this backend.',
      },
    ]);
  });
});
