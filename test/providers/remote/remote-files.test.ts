import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackendSpec } from '../../../src/config/team.ts';
import { createProvider } from '../../../src/providers/create.ts';
import type { RemoteFiles } from '../../../src/providers/remote/remote-files.ts';
import { startFileServer, type FileServer } from '../../support/file-server.ts';
import { testBackend } from '../backend.ts';
import { createManualClock } from '../manual-clock.ts';

let server: FileServer;
beforeEach(async () => {
  server = await startFileServer();
});
afterEach(async () => server.close());

const { signal } = new AbortController();
const content = new TextEncoder().encode('content of the file');
const MB = 1024 * 1024;

/** Time passes at once. */
async function filesAt(part: Partial<BackendSpec>, path = ''): Promise<RemoteFiles> {
  const clock = { ...createManualClock(), sleep: () => Promise.resolve() };
  const provider = await createProvider(testBackend({ baseUrl: `${server.url}${path}`, ...part }), { clock });
  return provider.files!;
}

const openai = (): Promise<RemoteFiles> => filesAt({ type: 'openai', protocol: 'responses' }, '/v1');
const anthropic = (): Promise<RemoteFiles> => filesAt({ type: 'claude', protocol: 'messages' });
const gemini = (): Promise<RemoteFiles> => filesAt({ type: 'gemini', protocol: 'gemini' });
const asked = (): string[] => server.requests.map((request) => request.asked);

describe('at OpenAI', () => {
  test.each([
    ['application/pdf', false, 'user_data'],
    ['image/png', false, 'vision'],
    ['text/plain', true, 'assistants'],
  ])('%s is uploaded for what it is wanted, and forgotten after a day', async (mediaType, isSearched, purpose) => {
    const file = await (await openai()).upload({ name: 'a.pdf', mediaType, content, isSearched }, signal);
    expect(file).toEqual({ kind: 'file', id: 'file_1' });
    const [{ headers, body } = {}] = server.requests;
    expect(headers).toMatchObject({ authorization: 'Bearer test-key-000000' });
    expect(body).toContain('filename="a.pdf"');
    expect(body).toContain('content of the file');
    expect(body).toMatch(new RegExp(`name="purpose"\\s+${purpose}\\s`));
    expect(body).toMatch(/name="expires_after\[seconds\]"\s+86400\s/);
  });

  test('a store is made of files, waited for, and removed', async () => {
    const files = await openai();
    const store = await files.openStore!('mine', ['file_1', 'file_2'], signal);
    await files.whenReady!(store, signal);
    await files.remove(store, signal);
    await files.remove({ kind: 'file', id: 'file_1' }, signal);
    expect(asked()).toEqual([
      'POST /v1/vector_stores',
      'GET /v1/vector_stores/vs_1',
      'GET /v1/vector_stores/vs_1',
      'DELETE /v1/vector_stores/vs_1',
      'DELETE /v1/files/file_1',
    ]);
    expect(JSON.parse(server.requests[0]!.body)).toEqual({
      name: 'mine',
      file_ids: ['file_1', 'file_2'],
      expires_after: { anchor: 'last_active_at', days: 1 },
    });
  });

  test('files of a container are fetched, up to a size', async () => {
    const files = await openai();
    const file = { id: 'cfile_1', container: 'cntr_1' };
    expect(await files.fetchMade!(file, 3, signal)).toEqual({
      content: Buffer.from('a,b'),
      name: null,
      mediaType: 'text/csv',
    });
    expect(await files.fetchMade!(file, 2, signal)).toBeNull();
    expect(asked()[0]).toBe('GET /v1/containers/cntr_1/files/cfile_1/content');
  });

  test('files that code has left in a container are found once, without those of the user', async () => {
    const files = await openai();
    expect(await files.newMade!('cntr_1', signal)).toEqual([{ id: 'cfile_1', container: 'cntr_1', name: 'plot.png' }]);
    expect(await files.newMade!('cntr_1', signal)).toEqual([]);
    const others = await openai();
    await others.fetchMade!({ id: 'cfile_1', container: 'cntr_1' }, 3, signal);
    expect(await others.newMade!('cntr_1', signal)).toEqual([]);
  });

  test('only large pictures and documents are worth it', async () => {
    const files = await openai();
    const kinds = [
      files.isWorthIt('application/pdf', 4 * MB),
      files.isWorthIt('image/png', 5 * MB),
      files.isWorthIt('image/png', MB),
      files.isWorthIt('video/mp4', 9 * MB),
    ];
    expect(kinds).toEqual([true, true, false, false]);
  });

  test('what is gone counts as removed, and a refusal is told without the key', async () => {
    const files = await openai();
    server.refuse('DELETE /v1/files/gone', 404);
    server.refuse('DELETE /v1/files/kept', 403);
    await files.remove({ kind: 'file', id: 'gone' }, signal);
    await expect(files.remove({ kind: 'file', id: 'kept' }, signal)).rejects.toThrow(/refused with \[secret\]/);
  });
});

describe('at Anthropic', () => {
  test('files are uploaded, fetched by their names and removed, with the words that gateways know', async () => {
    const files = await anthropic();
    expect(await files.upload({ name: 'a.pdf', mediaType: 'application/pdf', content }, signal)).toEqual({
      kind: 'file',
      id: 'file_1',
    });
    expect(await files.fetchMade!({ id: 'file_made', container: null }, MB, signal)).toEqual({
      content: Buffer.from('a,b'),
      name: 'made.csv',
      mediaType: 'text/csv',
    });
    await files.remove({ kind: 'file', id: 'file_1' }, signal);
    expect(asked()).toEqual([
      'POST /v1/files',
      'GET /v1/files/file_made',
      'GET /v1/files/file_made/content',
      'DELETE /v1/files/file_1',
    ]);
    for (const { headers } of server.requests) {
      expect(headers).toMatchObject({
        'x-api-key': 'test-key-000000',
        'anthropic-beta': 'files-api-2025-04-14',
        'anthropic-version': '2023-06-01',
      });
    }
  });
});

describe('at Google', () => {
  test('a video is uploaded, waited for and removed', async () => {
    const files = await gemini();
    expect(files.isWorthIt('video/mp4', 9 * MB)).toBe(true);
    expect(await files.upload({ name: 'a.mp4', mediaType: 'video/mp4', content }, signal)).toEqual({
      kind: 'file',
      id: 'files/abc',
      uri: `${server.url}/v1beta/files/abc`,
    });
    await files.remove({ kind: 'file', id: 'files/abc' }, signal);
    expect(asked()).toEqual([
      'POST /upload/v1beta/files',
      'POST /take',
      'GET /v1beta/files/abc',
      'DELETE /v1beta/files/abc',
    ]);
    expect(server.requests[1]!.body).toBe('content of the file');
  });

  test('Vertex AI keeps no files', async () => {
    const baseUrl = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google';
    const backend = testBackend({ type: 'gemini', protocol: 'gemini', baseUrl });
    expect((await createProvider(backend, { clock: createManualClock() })).files).toBeUndefined();
  });
});

test.each([
  ['deepseek', 'responses'],
  ['zai', 'messages'],
  ['openai', 'chat'],
] as const)('%s over %s keeps none', async (type, protocol) => {
  const provider = await createProvider(testBackend({ type, protocol }), { clock: createManualClock() });
  expect(provider.files).toBeUndefined();
});
