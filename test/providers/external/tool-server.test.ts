import { expect, it } from 'vitest';
import { ToolServer } from '../../../src/providers/external/tool-server.ts';

it.each([
  ['without its token', {}, 'POST', 403],
  ['in the name of another host', { host: 'evil.example' }, 'POST', 403],
  ['with anything but a message', {}, 'GET', 405],
])('answers nobody who comes %s', async (why, extra, method, status) => {
  const server = await ToolServer.start({ tools: () => [], call: () => Promise.reject(new Error('not used here')) });
  const { request } = await import('node:http');
  const token = why.startsWith('without') ? {} : server.headers;
  const answered = await new Promise<number | undefined>((resolve) => {
    const sent = request(server.url, { method, headers: { ...token, ...extra } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.end();
  });
  await server.close();
  expect(answered).toBe(status);
});

it('says of its tools that they need no leave, since the run decides about them', async () => {
  const parameters = { type: 'object', properties: {} };
  const server = await ToolServer.start({
    tools: () => [{ name: 'vote', description: 'Vote.', parameters }],
    call: () => Promise.reject(new Error('not used here')),
  });
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      ...server.headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  const annotations = { destructiveHint: false, openWorldHint: false };
  expect(await response.json()).toMatchObject({ result: { tools: [{ name: 'vote', annotations }] } });
  await server.close();
});
