import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackendSpec } from '../../src/config/team.ts';
import { RemoteDesk, type InputReader } from '../../src/engine/remote-desk.ts';
import { readRemote, writeRemote, type RemoteConnect } from '../../src/engine/remote-record.ts';
import type { InputFile } from '../../src/events/event.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import { startFileServer, type FileServer } from '../support/file-server.ts';
import { testBackend } from '../providers/backend.ts';
import { launchConfig } from './launch-config.ts';

let dir: string;
let server: FileServer;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'massgen-remote-'));
  await mkdir(join(dir, 'inputs'));
  server = await startFileServer({ text: 'Found it.' });
});
afterEach(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

const clock = createRealClock();
const { signal } = new AbortController();
const asked = (): string[] => server.requests.map((request) => request.asked);
/** Uploads wait for each other, but come in no order. */
const told = (): string[] => asked().filter((each) => !each.startsWith('GET'));

async function put(name: string, bytes: number, more: Partial<InputFile> = {}): Promise<InputFile> {
  const path = `inputs/${name}`;
  await writeFile(join(dir, path), Buffer.alloc(bytes, 'x'));
  return { name, mediaType: 'application/pdf', bytes, path, ...more };
}

async function reader(part: Partial<BackendSpec> = {}): Promise<InputReader> {
  const backend = testBackend({ type: 'openai', protocol: 'responses', baseUrl: `${server.url}/v1`, ...part });
  return { id: 'one', backend, provider: await createProvider(backend, { clock }) };
}

const LARGE = 4 * 1024 * 1024;

describe('a file of the question', () => {
  test('goes along in every request while it is small, and is uploaded once when it is large', async () => {
    const inputs = [await put('small.pdf', 3), await put('large.pdf', LARGE)];
    const desk = new RemoteDesk({ dir, clock });
    const agent = await reader();
    const expected = {
      files: [
        { name: 'small.pdf', mediaType: 'application/pdf', base64: 'eHh4' },
        { name: 'large.pdf', mediaType: 'application/pdf', base64: '', remote: { id: 'file_1' } },
      ],
      stores: [],
    };
    const [first, again] = await Promise.all([desk.load(inputs, agent, signal), desk.load(inputs, agent, signal)]);
    expect([first, again]).toEqual([expected, expected]);
    expect(told()).toEqual(['POST /v1/files']);
  });

  test('belongs to the account of a key', async () => {
    const inputs = [await put('large.pdf', LARGE)];
    const desk = new RemoteDesk({ dir, clock });
    await desk.load(inputs, await reader(), signal);
    await desk.load(inputs, await reader({ apiKey: 'another-key-000' }), signal);
    expect(told()).toEqual(['POST /v1/files', 'POST /v1/files']);
  });

  test('goes along all the same where the provider does not take it, which is told', async () => {
    server.refuse('POST /v1/files', 400);
    const problems: string[] = [];
    const desk = new RemoteDesk({ dir, clock, tell: (problem) => problems.push(problem) });
    const { files } = await desk.load([await put('large.pdf', LARGE)], await reader(), signal);
    expect(files[0]?.base64).toHaveLength(Math.ceil(LARGE / 3) * 4);
    expect(problems).toEqual([
      'large.pdf could not be kept at openai, and goes along with every request as far as it can: 400 refused with [secret]',
    ]);
  });
});

describe('what is at a provider', () => {
  test('is written down before it is used, without the key, and taken away at the end', async () => {
    const desk = new RemoteDesk({ dir, clock });
    await desk.load([await put('large.pdf', LARGE)], await reader(), signal);
    expect(await readRemote(dir)).toEqual([
      { kind: 'file', id: 'file_1', type: 'openai', baseUrl: `${server.url}/v1`, keyVariables: ['TEST_API_KEY'] },
    ]);
    await desk.close();
    expect(told()).toEqual(['POST /v1/files', 'DELETE /v1/files/file_1']);
    expect(await readdir(dir)).toEqual(['inputs']);
  });

  test('is written down without what its address keeps secret', async () => {
    const secret = server.url.replace('://', '://me:secret-word@');
    const agent = await reader({ baseUrl: `${server.url}/v1` });
    const backend = { ...agent.backend, baseUrl: `${secret}/v1/?token=hidden` };
    const desk = new RemoteDesk({ dir, clock });
    await desk.load([await put('large.pdf', LARGE)], { ...agent, backend }, signal);
    expect(await readRemote(dir)).toMatchObject([{ baseUrl: `${server.url}/v1` }]);
    await desk.close();
    expect(await readRemote(dir)).toEqual([]);
  });

  test('is taken away by the next process where this one is killed', async () => {
    const agent = await reader();
    await new RemoteDesk({ dir, clock }).load([await put('large.pdf', LARGE)], agent, signal);
    const connect: RemoteConnect = () => Promise.resolve(agent.provider.files ?? null);
    await new RemoteDesk({ dir, clock, connect }).close();
    expect(told()).toEqual(['POST /v1/files', 'DELETE /v1/files/file_1']);
    expect(await readRemote(dir)).toEqual([]);
  });

  test('is taken away, and not used, where it cannot be written down', async () => {
    const problems: string[] = [];
    const inputs = [await put('large.pdf', LARGE)];
    // A folder where the list would be.
    await mkdir(join(dir, 'remote.json', 'full'), { recursive: true });
    const desk = new RemoteDesk({ dir, clock, tell: (problem) => problems.push(problem) });
    const { files } = await desk.load(inputs, await reader(), signal);
    expect(files[0]?.remote).toBeUndefined();
    await desk.close();
    expect([told(), problems.length]).toEqual([['POST /v1/files', 'DELETE /v1/files/file_1'], 1]);
  });

  test('stays written down, and is told, where it cannot be taken away', async () => {
    const entry = { kind: 'file' as const, id: 'f', type: 'openai', baseUrl: null, keyVariables: [] };
    await writeRemote(dir, [entry]);
    const problems: string[] = [];
    await new RemoteDesk({ dir, clock, tell: (problem) => problems.push(problem) }).close();
    expect(await readRemote(dir)).toEqual([entry]);
    expect(problems).toEqual([
      'One file or store of this run is still at openai, because the provider did not take the removal. massgen runs clean tries again.',
    ]);
  });
});

test('documents of a config are searched at OpenAI for as long as the run lasts', async () => {
  const config = `
agents:
  - id: one
    backend:
      type: openai
      model: gpt-6-luna
      base_url: ${server.url}/v1
      api_key_env: TEST_KEY
      enable_file_search: true
      upload_files: [{ file_path: notes.md }, { file_path: table.bin }]
`;
  const files = { 'notes.md': '# Notes', 'table.bin': '\u0000\u0001' };
  const { events, read } = await launchConfig(config, { files, variables: { TEST_KEY: 'test-key-000000' } });
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'answered' } });
  expect([...new Set(told())]).toEqual([
    'POST /v1/files',
    'POST /v1/vector_stores',
    'POST /v1/responses',
    'DELETE /v1/vector_stores/vs_1',
    expect.stringMatching(/^DELETE \/v1\/files\/file_[12]$/),
    expect.stringMatching(/^DELETE \/v1\/files\/file_[12]$/),
  ]);
  const body = JSON.parse(server.requests.find((each) => each.asked.endsWith('/responses'))!.body) as object;
  expect(body).toMatchObject({ tools: expect.arrayContaining([{ type: 'file_search', vector_store_ids: ['vs_1'] }]) });
  expect(JSON.stringify(body)).not.toContain('# Notes');
  await expect(read('runs/run-1/remote.json')).rejects.toThrow(/ENOENT/);
});
