import { describe, expect, test } from 'vitest';
import { loadPrices } from '../../src/providers/prices.ts';
import { testBackend } from './backend.ts';
import { createManualClock } from './manual-clock.ts';

const CLOCK = createManualClock(Date.UTC(2026, 10, 1));
const USAGE = { input: 1_000_000, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };

async function cost(part: Parameters<typeof testBackend>[0], usage = USAGE): Promise<number | null> {
  return (await loadPrices(testBackend(part), CLOCK)).costUsd(usage);
}

describe('loadPrices', () => {
  test('knows the price of vendors by their type', async () => {
    expect(await cost({ type: 'openai', model: 'gpt-5' })).toBeCloseTo(1.25);
    expect(await cost({ type: 'claude', protocol: 'messages', model: 'claude-sonnet-4-5' })).toBeGreaterThan(0);
    expect(await cost({ type: 'gemini', protocol: 'gemini', model: 'gemini-2.5-flash' })).toBeGreaterThan(0);
  });

  test('knows the price by address where the type says nothing', async () => {
    const price = await cost({ type: 'chatcompletion', model: 'grok-4', baseUrl: 'https://api.x.ai/v1' });
    expect(price).toBe(await cost({ type: 'grok', model: 'grok-4', baseUrl: 'https://api.x.ai/v1' }));
    expect(price).toBeGreaterThan(0);
  });

  test("takes the user's own prices before all tables, to the micro-dollar", async () => {
    const prices = { input: 2, output: 10, cachedInput: 0.5 };
    const usage = { input: 1000, output: 100, cachedInput: 400, cacheWrite: 100, reasoning: 50 };
    const paid = await cost({ type: 'ollama', model: 'gpt-5', prices }, usage);
    expect(Math.round((paid ?? 0) * 1e6)).toBe(500 * 2 + 400 * 0.5 + 100 * 2 + 100 * 10);
  });

  test('counts cached tokens at their own rate', async () => {
    const cached = await cost({ type: 'openai', model: 'gpt-5' }, { ...USAGE, cachedInput: 1_000_000 });
    expect(cached).toBeCloseTo(0.125);
  });

  test('says that it does not know', async () => {
    expect(await cost({ type: 'openai', model: 'no-such-model' })).toBeNull();
    expect(await cost({ type: 'nobody', model: 'gpt-5', baseUrl: 'https://example.com/v1' })).toBeNull();
    const gateway = { type: 'chatcompletion', baseUrl: 'http://127.0.0.1:1/v1' };
    expect(await cost({ ...gateway, model: 'gpt-5' })).toBeNull();
    expect(await cost({ ...gateway, model: 'mine', apiKey: 'k', apiKeyVariables: ['GATEWAY_KEY'] })).toBeNull();
  });

  test('takes a gateway to a named vendor to cost what the vendor does', async () => {
    const direct = await cost({ type: 'openai', model: 'gpt-5' });
    expect(await cost({ type: 'openai', model: 'gpt-5', baseUrl: 'http://127.0.0.1:1/v1' })).toBe(direct);
  });

  test.each(['qwen3:4b', 'llama3.2', 'gpt-oss:20b', 'library/gemma3'])('%s on this machine is free', async (model) => {
    const near = { type: 'chatcompletion', baseUrl: 'http://localhost:11434/v1', apiKeyVariables: [] };
    expect(await cost({ ...near, model })).toBe(0);
  });

  test.each(['lmstudio', 'vllm', 'sglang', 'ollama', 'llamacpp'])('%s is free', async (type) => {
    expect(await cost({ type, model: 'qwen3', baseUrl: 'http://localhost:1234/v1' })).toBe(0);
  });

  test('adds what the provider takes for its own tools by the use, to the micro-dollar', async () => {
    const priced = await loadPrices(testBackend({ type: 'openai', model: 'gpt-5' }), CLOCK);
    const cost = priced.costUsd(USAGE, { web_search: 3, file_search: 2, mcp: 9, code_interpreter: 1 });
    expect(Math.round((cost ?? 0) * 1e6)).toBe(1_250_000 + 3 * 10_000 + 2 * 2_500);
  });

  test('names the tools whose price it does not know', async () => {
    const uses = { web_search: 1, file_search: 0, code_interpreter: 1, url_context: 1 };
    const names = async (part: Parameters<typeof testBackend>[0]): Promise<string[]> =>
      (await loadPrices(testBackend(part), CLOCK)).unpriced(uses);
    expect(await names({ type: 'openai', model: 'gpt-5' })).toEqual(['code_interpreter']);
    expect(await names({ type: 'gemini', protocol: 'gemini', model: 'gemini-2.5-pro' })).toEqual([
      'web_search',
      'code_interpreter',
    ]);
    const other = await loadPrices(testBackend({ type: 'claude', model: 'claude-sonnet-4-5' }), CLOCK);
    expect(other.unpriced({ advisor: 1, fallback: 1, web_search: 1 })).toEqual(['advisor', 'fallback']);
    expect(await names({ type: 'ollama', model: 'qwen3' })).toEqual([]);
  });
});
