import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { randomHex } from '../platform/entropy.ts';
import { createTokenCheck } from './token.ts';

/** Clients at once; a client that is done says so, one that was killed does not. */
const MAX_SESSIONS = 32;

interface Session {
  transport: StreamableHTTPServerTransport;
  /** Requests that are not answered yet, the stream that a client listens to included. */
  open: number;
}

/**
 * An MCP server over streamable HTTP, for programs on this machine that have the token. Every client has a server of its
 * own, made by `create`. Rejects with the system's error when the port is taken.
 */
export async function serveMcpOverHttp(
  create: () => Promise<McpServer>,
  token: string,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const { StreamableHTTPServerTransport: Transports } =
    await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  const check = createTokenCheck(token);
  /** Whoever asked last stands last. */
  const sessions = new Map<string, Session>();

  /** Places of clients that are just being let in. */
  let beginning = 0;

  /**
   * Takes a place, if need be that of whoever has been silent for longest and waits for nothing. Gives back what leaves
   * it again, once; null when all of them wait.
   */
  const takePlace = async (): Promise<(() => void) | null> => {
    const idle = [...sessions].find(([, { open }]) => open === 0);
    const isFull = sessions.size + beginning >= MAX_SESSIONS;
    if (isFull && !idle) return null;
    if (isFull && idle) sessions.delete(idle[0]);
    beginning += 1;
    let isTaken = true;
    const leave = (): void => {
      if (isTaken) beginning -= 1;
      isTaken = false;
    };
    if (isFull) await idle?.[1].transport.close().catch(() => undefined);
    return leave;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, message: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }));
    };
    // A page in a browser that was led here by a name of its own has another host.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return refuse(403, 'Wrong host.');
    try {
      check(request.headers.authorization);
    } catch {
      return refuse(401, 'The token is missing or wrong.');
    }
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (known && typeof id === 'string') {
      sessions.delete(id);
      sessions.set(id, known);
      known.open += 1;
      response.once('close', () => (known.open -= 1));
      return known.transport.handleRequest(request, response);
    }
    if (id !== undefined) return refuse(404, 'There is no such session.');
    const leave = await takePlace();
    if (!leave) return refuse(503, 'Too many clients.');
    const transport = new Transports({
      sessionIdGenerator: () => randomHex(16),
      onsessioninitialized: (session) => {
        const begun: Session = { transport, open: 1 };
        response.once('close', () => (begun.open -= 1));
        sessions.set(session, begun);
        leave();
      },
      onsessionclosed: (session) => void sessions.delete(session),
    });
    try {
      const server = await create();
      await server.connect(transport as Transport);
      await transport.handleRequest(request, response);
    } finally {
      leave();
    }
  };

  const http = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}/mcp`,
    close: async () => {
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
