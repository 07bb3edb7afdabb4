import { afterEach, describe, expect, test } from 'vitest';
import type { LoadedFile } from '../../src/events/message.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import { startLoopback, type Loopback } from '../support/loopback-server.ts';
import type { WireProtocol } from '../support/wire-replies.ts';
import { collect, testBackend, testRequest } from './backend.ts';

let server: Loopback | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const FILES: LoadedFile[] = [
  { name: 'a.png', mediaType: 'image/png', base64: 'AAA=' },
  { name: 'b.pdf', mediaType: 'application/pdf', base64: 'BBB=' },
  { name: 'c.mp3', mediaType: 'audio/mpeg', base64: 'CCC=' },
  { name: 'd.md', mediaType: 'text/plain', base64: Buffer.from('```\ncode\n```\n').toString('base64') },
];
const TEXT = "The user's file d.md:\n\n````\n```\ncode\n```\n````";
const UNSEEN = "The user's file c.mp3 (audio/mpeg) cannot be shown to you.";
const TOOL = { name: 'vote', description: '', parameters: { type: 'object', properties: { a: { type: 'string' } } } };

/** The user's part of the request, which is the same whether there are tools or not. */
async function sent(protocol: WireProtocol, key: string): Promise<unknown> {
  const bodies: unknown[] = [];
  for (const tools of [[], [TOOL]]) {
    server = await startLoopback([{ text: 'ok' }]);
    const baseUrl = protocol === 'messages' || protocol === 'gemini' ? server.url : `${server.url}/v1`;
    const provider = await createProvider(testBackend({ protocol, baseUrl }), { clock: createRealClock() });
    await collect(provider, testRequest({ messages: [{ role: 'user', text: 'Look', files: FILES }], tools }));
    bodies.push(server.requests[0]!.body[key]);
    await server.close();
  }
  expect(bodies[1]).toEqual(bodies[0]);
  return bodies[0];
}

describe('files of the user', () => {
  test('are parts of the message in Chat Completions', async () => {
    expect(await sent('chat', 'messages')).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: `Look\n\n${TEXT}` },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAA=' } },
          { type: 'file', file: { filename: 'b.pdf', file_data: 'data:application/pdf;base64,BBB=' } },
          { type: 'input_audio', input_audio: { data: 'CCC=', format: 'mp3' } },
        ],
      },
    ]);
  });

  test('stand alone in Chat Completions where the user has said nothing', async () => {
    server = await startLoopback([{ text: 'ok' }]);
    const backend = testBackend({ protocol: 'chat', baseUrl: `${server.url}/v1` });
    const provider = await createProvider(backend, { clock: createRealClock() });
    await collect(provider, testRequest({ messages: [{ role: 'user', text: '', files: FILES.slice(0, 1) }] }));
    expect(server.requests[0]!.body['messages']).toEqual([
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAA=' } }] },
    ]);
  });

  test('are items of the input in Responses', async () => {
    expect(await sent('responses', 'input')).toEqual([
      { role: 'user', content: 'Look' },
      { role: 'user', content: TEXT },
      {
        role: 'user',
        content: [
          { type: 'input_image', image_url: 'data:image/png;base64,AAA=', detail: 'auto' },
          { type: 'input_file', filename: 'b.pdf', file_data: 'data:application/pdf;base64,BBB=' },
          { type: 'input_text', text: UNSEEN },
        ],
      },
    ]);
  });

  test('are blocks before the text in Messages', async () => {
    expect(await sent('messages', 'messages')).toMatchObject([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAA=' } },
          { type: 'document', title: 'b.pdf', source: { media_type: 'application/pdf', data: 'BBB=' } },
          { type: 'text', text: UNSEEN },
          { type: 'text', text: 'Look' },
          { type: 'text', text: TEXT },
        ],
      },
    ]);
  });

  test('are parts before the text at Gemini', async () => {
    expect(await sent('gemini', 'contents')).toEqual([
      {
        role: 'user',
        parts: [
          { inlineData: { mimeType: 'image/png', data: 'AAA=' } },
          { inlineData: { mimeType: 'application/pdf', data: 'BBB=' } },
          { inlineData: { mimeType: 'audio/mpeg', data: 'CCC=' } },
          { text: 'Look' },
          { text: TEXT },
        ],
      },
    ]);
  });
});
