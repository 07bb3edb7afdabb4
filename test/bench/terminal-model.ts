/**
 * A model server whose answers never end: `node terminal-model.ts <tokens per second and stream> [<tokens in all>]`; 0 per
 * second sends as fast as the reader takes it, until so many were sent to all readers together. Prints its address. Speaks chat completions as server-sent events, one event per token.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { tokenAt, tokensDue } from './terminal-stream.ts';

const rate = Number(process.argv[2] ?? '200');
const most = Number(process.argv[3] ?? 'Infinity');
const BATCH = 200;
let sentByAll = 0;

function event(n: number): string {
  const delta = { index: 0, delta: { content: tokenAt(n, false) }, finish_reason: null };
  return `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [delta] })}\n\n`;
}

function pace(response: ServerResponse): void {
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = tokensDue(performance.now() - startedAt, rate);
    for (; sent < due; sent++) response.write(event(sent));
  }, 10);
  response.on('close', () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  let sent = 0;
  const more = (): void => {
    if (response.destroyed || sentByAll >= most) return;
    let text = '';
    for (let i = 0; i < BATCH; i++) text += event(sent++);
    sentByAll += BATCH;
    if (response.write(text)) setImmediate(more);
    else response.once('drain', more);
  };
  more();
}

const server = createServer((request, response) => {
  if (request.url === '/sent') return void response.end(String(sentByAll));
  request.resume();
  request.on('end', () => {
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (rate > 0) pace(response);
    else flood(response);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
