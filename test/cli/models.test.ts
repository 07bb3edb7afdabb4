import { describe, expect, test } from 'vitest';
import { runCommandLine, withFolder, type Ended } from './command-process.ts';

interface Row {
  type: string;
  model: string;
  name: string | null;
  is_default: boolean;
  context_window: number | null;
  output_limit: number | null;
  usd_per_million_tokens: Record<string, number | boolean | null> | null;
  usd_per_thousand_uses: Record<string, number | null> | null;
  key_variables: string[];
  key_is_set: boolean;
}

async function models(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return withFolder({ '.env': 'XAI_API_KEY=from-a-file' }, (cwd) => runCommandLine(['models', ...args], { cwd, env }));
}

async function rows(args: readonly string[], env: Record<string, string> = {}): Promise<Row[]> {
  return JSON.parse((await models([...args, '--json'], env)).stdout) as Row[];
}

describe('massgen models', () => {
  test('lists models with limits, prices and keys, and says where it knows nothing', async () => {
    const list = await rows([], { GEMINI_API_KEY: 'x' });
    const find = (model: string): Row | undefined => list.find((row) => row.model === model);
    expect(find('grok-4-1-fast-reasoning')).toEqual({
      type: 'grok',
      model: 'grok-4-1-fast-reasoning',
      name: 'Grok 4.1 Fast Reasoning',
      is_default: false,
      context_window: 2_000_000,
      output_limit: null,
      reasons: true,
      sees_pictures: true,
      capabilities: ['web_search', 'mcp'],
      builtin_tools: ['web_search'],
      usd_per_million_tokens: {
        input: 0.2,
        cached_input: 0.05,
        cache_write: null,
        output: 0.5,
        reasoning: 0.5,
        audio_input: null,
        audio_output: null,
        has_tiers: false,
      },
      usd_per_thousand_uses: { web_search: null, file_search: null },
      key_variables: ['XAI_API_KEY'],
      key_is_set: true,
    });
    expect(find('gemini-3-pro-preview')).toMatchObject({
      context_window: 1_048_576,
      output_limit: 65_536,
      usd_per_million_tokens: { input: 2, output: 12, has_tiers: true },
      key_is_set: true,
    });
    expect(find('gemini-2.5-flash')).toMatchObject({ usd_per_million_tokens: { audio_input: 1 } });
    expect(find('gpt-5-mini')).toMatchObject({ usd_per_thousand_uses: { web_search: 10, file_search: 2.5 } });
    expect(find('claude-haiku-5-5')).toMatchObject({ usd_per_million_tokens: null, key_is_set: false });
    expect(find('gpt-6-luna')).toMatchObject({ is_default: true, usd_per_million_tokens: { input: 0.1 } });
  });

  test('lists one backend type, on demand with every chat model of the price table', async () => {
    const some = await rows(['--backend', 'gemini']);
    const all = await rows(['--backend', 'gemini', '--all']);
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(['gemini']));
    const names = all.map(({ model }) => model);
    expect(names.slice(0, some.length)).toEqual(some.map(({ model }) => model));
    expect(names).toContain('gemini-3.7-flash');
    expect(names.filter((name) => /embed|image|live/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('never shows an unknown price as nothing, nor the value of a key', async () => {
    const secret = 'the-secret-of-the-key';
    const { code, stdout } = await models([], { ANTHROPIC_API_KEY: secret });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}claude-haiku-5-5 .* price unknown$/m);
    expect(stdout).toMatch(/^ {2}gemini-3-pro-preview .* \$2 \/ \$0.2 \/ \$12 \+ {2}Gemini 3 Pro Preview$/m);
    expect(stdout).toMatch(/^ {2}grok-4-1-fast-reasoning .* \$0.2 \/ \$0.05 \/ \$0.5 {2}Grok 4.1 Fast Reasoning$/m);
    expect(stdout).toMatch(/^ {2}gpt-5-mini .* \$2, search \$10\/1k, file search \$2.5\/1k {2}GPT-5/m);
    expect(stdout).not.toMatch(/\$0 \//);
    expect(stdout).toContain('claude (Anthropic): ANTHROPIC_API_KEY is set');
    expect(stdout).toContain('openai (OpenAI): OPENAI_API_KEY is not set');
    expect(stdout).toContain('ollama (Ollama): needs no key; name a model yourself');
    expect(stdout).not.toContain(secret);
  });

  test('names the nearest type where there is none', async () => {
    const ended = await models(['--backend', 'gemnii']);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean gemini?') as unknown });
  });
});
