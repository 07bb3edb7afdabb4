import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fenceAnswers } from '../../../src/coordination/fence.ts';
import { workflowTools } from '../../../src/coordination/protocol.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createLocalProvider } from '../../../src/providers/local/provider.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { collect, testBackend, testRequest } from '../backend.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'massgen-local-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function local(file: string, folders: string[]): Promise<Provider> {
  const backend = testBackend({ type: 'local', protocol: 'local', external: { kind: 'local', file, folders } });
  return createLocalProvider(backend, { clock: createRealClock() });
}

/** A package of the shape of node-llama-cpp. It writes JSON where it has a grammar, and then is cut off. */
async function writeFakePackage(): Promise<void> {
  const root = join(folder, 'node_modules', 'node-llama-cpp');
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type": "module", "exports": "./index.js"}');
  await writeFile(
    join(root, 'index.js'),
    `
let taken = false;
export const getLlama = async () => ({
  loadModel: async () => ({
    createContext: async () => ({
      getSequence: () => {
        if (taken) throw new Error('No sequences left');
        taken = true;
        return { tokenMeter: { usedInputTokens: 4, usedOutputTokens: 2 }, dispose: () => { taken = false; } };
      },
      dispose: async () => {},
    }),
    dispose: async () => {},
  }),
  createGrammarForJsonSchema: async (schema) => ({ schema }),
  dispose: async () => {},
});
export class LlamaChatSession {
  setChatHistory(history) { this.history = history; }
  async promptWithMeta(prompt, { grammar, onTextChunk }) {
    const { agent_id, content } = grammar?.schema.properties ?? {};
    const choice = agent_id?.enum.at(-1);
    const said = prompt.includes('Say nothing') ? '' : 'Said: ' + prompt;
    const responseText = choice
      ? '{"agent_id": "' + choice + '", "reason": "because it'
      : content ? '{"content": "Something, and mo' : said;
    await null;
    onTextChunk(responseText);
    return { responseText, stopReason: grammar ? 'maxTokens' : 'eogToken' };
  }
}
`,
  );
}

describe('a model in a file', () => {
  const tools = workflowTools(['agent1', 'agent2'], 'plurality');

  it('hands in what it says, for nothing', async () => {
    await writeFakePackage();
    await writeFile(join(folder, 'm.gguf'), '');
    const model = await local(join(folder, 'm.gguf'), [folder]);
    const args = { content: 'Said: Hello' };
    const call = { id: 'call_1', name: 'new_answer', args, rawArgs: JSON.stringify(args) };
    const usage = { input: 4, output: 2, cachedInput: 0, cacheWrite: 0, reasoning: 0 };
    expect(await collect(model, testRequest({ tools }))).toEqual([
      { type: 'text', text: 'Said: Hello' },
      { type: 'tool-call', call },
      {
        type: 'finished',
        message: { role: 'assistant', text: 'Said: Hello', calls: [call] },
        stopReason: 'tool-calls',
        usage,
      },
    ]);
    expect(model.costUsd(usage)).toBe(0);
  });

  it('answers one call after the other, though they come at once', async () => {
    await writeFakePackage();
    await writeFile(join(folder, 'm.gguf'), '');
    const model = await local(join(folder, 'm.gguf'), [folder]);
    const ends = await Promise.all([1, 2, 3].map(async () => (await collect(model, testRequest())).at(-1)?.type));
    expect(ends).toEqual(['finished', 'finished', 'finished']);
  });

  it('hands in an answer even if it has nothing to say', async () => {
    await writeFakePackage();
    await writeFile(join(folder, 'm.gguf'), '');
    const request = testRequest({ tools, messages: [{ role: 'user', text: 'Say nothing.' }] });
    const end = (await collect(await local(join(folder, 'm.gguf'), [folder]), request)).at(-1);
    expect(end).toMatchObject({
      type: 'finished',
      stopReason: 'tool-calls',
      message: { calls: [{ name: 'new_answer', args: { content: 'Something, and mo' } }] },
    });
  });

  it('casts a vote even if its reason is cut off', async () => {
    await writeFakePackage();
    await writeFile(join(folder, 'm.gguf'), '');
    const text = fenceAnswers([{ label: 'agent1.1', alias: 'agent1', text: 'One.' }], 'xyz');
    const request = testRequest({ purpose: 'judge', tools, messages: [{ role: 'user', text }] });
    const end = (await collect(await local(join(folder, 'm.gguf'), [folder]), request)).at(-1);
    expect(end).toMatchObject({
      type: 'finished',
      message: { text: '', calls: [{ name: 'vote', args: { agent_id: 'agent1' } }] },
    });
  });

  it('that is not there is named', async () => {
    await expect(local(join(folder, 'none.gguf'), [folder])).rejects.toThrow(/no model file .*none\.gguf/);
  });

  it('says how to install what runs it', async () => {
    await writeFile(join(folder, 'm.gguf'), '');
    await expect(local(join(folder, 'm.gguf'), [folder])).rejects.toThrow('Install it: npm install node-llama-cpp');
  });
});

/*
 * A real model, where MASSGEN_TEST_GGUF names its file; node-llama-cpp is looked for from that file's folder and from
 * MASSGEN_TEST_LLAMA upwards. It needs about a minute on two cores.
 */
const gguf = process.env['MASSGEN_TEST_GGUF'];

describe.skipIf(gguf === undefined)('a real model in a file (skipped without MASSGEN_TEST_GGUF)', () => {
  it('answers in words and votes for an answer that it was shown', async () => {
    const file = gguf ?? '';
    const tools = workflowTools(['agent1', 'agent2', 'agent3'], 'plurality');
    const model = await local(file, [process.env['MASSGEN_TEST_LLAMA'] ?? '', dirname(file)]);
    const said = (await collect(model, testRequest({ messages: [{ role: 'user', text: 'Say hello.' }] }))).at(-1);
    const shown = fenceAnswers([{ label: 'agent2.1', alias: 'agent2', text: 'Paris.' }], 'xyz');
    const request = testRequest({ purpose: 'judge', tools, messages: [{ role: 'user', text: shown }] });
    const voted = (await collect(model, request)).at(-1);
    await model.close?.();
    expect(said?.type === 'finished' && said.message.text).toMatch(/\w/);
    expect(voted).toMatchObject({ message: { calls: [{ name: 'vote', args: { agent_id: 'agent2' } }] } });
  }, 300_000);
});
