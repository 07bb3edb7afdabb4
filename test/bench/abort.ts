import { performance } from 'node:perf_hooks';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRealClock } from '../../src/platform/clock.ts';
import { createProvider } from '../../src/providers/create.ts';
import { testBackend, testRequest } from '../providers/backend.ts';
import { replyStream, type WireProtocol } from '../support/wire-replies.ts';
import type { Figure } from './measure.ts';

const ROUNDS = 20;

/**
 * How soon a server notices that a call was aborted: from the abort, after the first words have come, until the server's
 * side of the connection is closed. The worst of many calls, for each protocol.
 */
export async function benchAborts(protocols: readonly WireProtocol[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const protocol of protocols) {
    let worst = 0;
    for (let round = 0; round < ROUNDS; round += 1) worst = Math.max(worst, await oneAbort(protocol));
    figures.push({
      name: `${protocol}: from an abort until the server has noticed`,
      value: worst,
      unit: 'ms',
      limit: 100,
      note: `the slowest of ${ROUNDS}, over a real connection on this machine`,
    });
  }
  return figures;
}

async function oneAbort(protocol: WireProtocol): Promise<number> {
  const left = Promise.withResolvers<number>();
  const server = createServer((request, response) => {
    request.resume();
    response.once('close', () => left.resolve(performance.now()));
    beginAndHang(response, protocol);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const path = protocol === 'responses' || protocol === 'chat' ? '/v1' : '';
  const backend = testBackend({ protocol, baseUrl: `http://127.0.0.1:${port}${path}` });
  const provider = await createProvider(backend, { clock: createRealClock() });
  const controller = new AbortController();
  let abortedAt = 0;
  for await (const event of provider.stream(testRequest({ signal: controller.signal }))) {
    if (event.type !== 'text') continue;
    abortedAt = performance.now();
    controller.abort();
  }
  const noticedAt = await left.promise;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return noticedAt - abortedAt;
}

/** All but the end of a reply. */
function beginAndHang(response: ServerResponse, protocol: WireProtocol): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const text = Array.from({ length: 20 }, (_, i) => `token ${i} `);
  response.write(replyStream(protocol, { text }).slice(0, 10).join(''));
}
