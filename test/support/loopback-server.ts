import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { replyStream, type WireProtocol, type WireReply } from './wire-replies.ts';

/**
 * A scripted model server on 127.0.0.1. The real SDKs and the real `fetch` talk to it, so a test sees what a user
 * would. It answers each request as the script says, down to single bytes, and records what was asked.
 *
 *     const server = await startLoopback([{ text: 'first' }, { text: 'second' }]);      // by number of the request
 *     const server = await startLoopback((request) => ({ text: `you said ${request.model}` }));
 *     … createProvider({ protocol: 'chat', baseUrl: server.url, … })                     // any of the four protocols
 *     expect(server.requests[0]?.body).toEqual(…);
 *     await server.close();
 *
 * A `WireReply` is answered in the protocol of the request, so one script serves a team of four vendors. An `Answer`
 * is sent as it is: see `streamAnswer`, `errorAnswer` and the faults of `Answer`.
 */
export interface Loopback {
  /** Base URL for any of the four protocols. */
  readonly url: string;
  /** Everything asked so far, in order of arrival. */
  readonly requests: LoopbackRequest[];
  /** Resolves when that many requests have arrived. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface LoopbackRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON. */
  body: Record<string, unknown>;
  /** By path; `chat` for a path that is none of the four. */
  protocol: WireProtocol;
  model: string;
  /** How the answer ended: sent to its end, broken off by the script, or left by the client. */
  ended: Promise<'complete' | 'cut' | 'client-closed'>;
}

export interface Answer {
  /** 200 when absent. */
  status?: number;
  /** `content-type: text/event-stream` when absent. */
  headers?: Record<string, string>;
  /** Sent in order, one write each; a promise is waited for, so a test decides when the stream goes on. */
  chunks: readonly (string | Uint8Array | Promise<unknown>)[];
  /** Waited for before the headers are sent. */
  before?: Promise<unknown>;
  /** After the last chunk: end the body (default), destroy the socket, or go silent until the client leaves. */
  end?: 'end' | 'cut' | 'hang';
}

export type Handler = (request: LoopbackRequest, index: number) => Answer | WireReply | Promise<Answer | WireReply>;

/** A list is a script: the n-th request gets the n-th answer, and every later one the last. */
export async function startLoopback(script: Handler | readonly (Answer | WireReply)[]): Promise<Loopback> {
  const requests: LoopbackRequest[] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  const handler: Handler =
    typeof script === 'function' ? script : (_request, index) => script[Math.min(index, script.length - 1)]!;

  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch(() => response.destroy());
  });
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const ended = Promise.withResolvers<'complete' | 'cut' | 'client-closed'>();
    const request = await readRequest(incoming, ended.promise);
    const index = requests.push(request) - 1;
    for (const waiter of waiters) if (requests.length >= waiter.count) waiter.resolve();
    const given = await handler(request, index);
    const answer = 'chunks' in given ? given : streamAnswer(request.protocol, given);
    ended.resolve(await send(response, answer));
  };

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    arrived: (count) =>
      requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiters.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A reply as the event stream of a protocol, one write per event. */
export function streamAnswer(protocol: WireProtocol, reply: WireReply): Answer {
  return { chunks: replyStream(protocol, reply) };
}

/** An HTTP error with a JSON body. */
export function errorAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, chunks: [JSON.stringify(body)] };
}

/** The same bytes in writes of `size` bytes, which splits characters and line ends. */
export function inPieces(chunks: readonly string[], size: number): Uint8Array[] {
  const bytes = new TextEncoder().encode(chunks.join(''));
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
}

async function readRequest(incoming: IncomingMessage, ended: LoopbackRequest['ended']): Promise<LoopbackRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const text = Buffer.concat(parts).toString('utf8');
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  const gemini = /\/models\/(.+):(?:stream)?[gG]enerateContent$/.exec(url.pathname);
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body,
    protocol: gemini ? 'gemini' : protocolOf(url.pathname),
    model: gemini ? decodeURIComponent(gemini[1] ?? '') : String(body.model),
    ended,
  };
}

function protocolOf(path: string): WireProtocol {
  if (path.endsWith('/responses')) return 'responses';
  return path.endsWith('/messages') ? 'messages' : 'chat';
}

async function send(response: ServerResponse, answer: Answer): Promise<'complete' | 'cut' | 'client-closed'> {
  const left = new Promise<'left'>((resolve) => {
    response.once('close', () => resolve('left'));
  });
  const orLeft = async (wait: Promise<unknown>): Promise<boolean> => (await Promise.race([wait, left])) === 'left';
  if (answer.before && (await orLeft(answer.before))) return 'client-closed';
  response.socket?.setNoDelay(true);
  response.writeHead(answer.status ?? 200, { 'content-type': 'text/event-stream; charset=utf-8', ...answer.headers });
  response.flushHeaders();
  for (const chunk of answer.chunks) {
    if (chunk instanceof Promise) {
      if (await orLeft(chunk)) return 'client-closed';
      continue;
    }
    if (response.destroyed) return 'client-closed';
    response.write(chunk);
    // Lets the bytes leave before the next write, so that the client really sees them apart.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (answer.end === 'cut') {
    response.socket?.destroy();
    return 'cut';
  }
  if (answer.end === 'hang') {
    await left;
    return 'client-closed';
  }
  response.end();
  return 'complete';
}
