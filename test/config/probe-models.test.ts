import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createProbe } from '../../src/config/probe-models.ts';
import type { Clock } from '../../src/platform/clock.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function serve(status: number, body: string | null, headers: Record<string, string> = {}): Promise<string> {
  server = createServer((_, response) => {
    if (body !== null) response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/models`;
}

/** A clock whose time is up at once, or never. */
function clock(isUp: boolean): { clock: Clock; waits: number[] } {
  const waits: number[] = [];
  const after = (ms: number, callback: () => void): (() => void) => {
    waits.push(ms);
    if (isUp) setImmediate(callback);
    return () => undefined;
  };
  return { waits, clock: { now: () => 0, sleep: () => Promise.resolve(), busy: () => () => undefined, after } };
}

describe('asking a server for its models', () => {
  it('gives their ids', async () => {
    const url = await serve(200, JSON.stringify({ object: 'list', data: [{ id: 'a' }, { id: 5 }, 'x', { id: 'b' }] }));
    expect(await createProbe(clock(false).clock)(url)).toEqual(['a', 'b']);
  });

  it.each([
    [404, '{"data": []}', {}],
    [200, 'no JSON', {}],
    [200, '[]', {}],
    [200, '{"data": 5}', {}],
    [302, '', { location: 'http://127.0.0.1:9/' }],
  ])('gives nothing for %i %s', async (status, body, headers) => {
    expect(await createProbe(clock(false).clock)(await serve(status, body, headers))).toBeNull();
  });

  it('gives nothing where nobody listens', async () => {
    const url = await serve(200, '{}');
    await new Promise((resolve) => server?.close(resolve));
    expect(await createProbe(clock(false).clock)(url)).toBeNull();
  });

  it('waits 300 ms and not longer', async () => {
    const { clock: soon, waits } = clock(true);
    expect(await createProbe(soon)(await serve(200, null))).toBeNull();
    expect(waits).toEqual([300]);
  });
});
