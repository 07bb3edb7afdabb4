import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../events/json.ts';
import type { ToolSpec } from '../../events/message.ts';
import { randomHex } from '../../platform/entropy.ts';
import type { ToolResult } from '../../tools/tool.ts';

/** Name under which agents see the server; some put it before the names of its tools. */
export const TOOL_SERVER_NAME = 'massgen';

/** What the server offers at the moment. */
export interface OfferedTools {
  tools(): readonly ToolSpec[];
  call(name: string, args: JsonObject): Promise<ToolResult>;
}

/**
 * An MCP server on this machine that gives one agent the tools of the run. It listens on loopback only and answers
 * nobody who does not send its token; an agent that takes only programs gets a small one that passes messages on.
 */
export class ToolServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #server: Server;

  private constructor(server: Server, token: string) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    this.headers = { authorization: `Bearer ${token}` };
  }

  static async start(offered: OfferedTools): Promise<ToolServer> {
    const token = randomHex(24);
    const server = createServer((request, response) => {
      const isAllowed = request.headers.authorization === `Bearer ${token}` && isOwnHost(request.headers.host);
      if (!isAllowed) return void response.writeHead(403).end();
      if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
      answer(offered, request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // The server alone is no reason for the program to stay.
    server.unref();
    return new ToolServer(server, token);
  }

  /** A program that speaks MCP over its input and output, and passes everything on to this server. */
  asProgram(): { command: string; args: string[]; env: Record<string, string> } {
    const { authorization = '' } = this.headers;
    return {
      command: process.execPath,
      args: ['--input-type=module', '-e', BRIDGE],
      env: { MASSGEN_TOOLS_URL: this.url, MASSGEN_TOOLS_AUTH: authorization },
    };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** One JSON message a line, each sent on as a request of its own. Not by `fetch`, which waits for five minutes only. */
const BRIDGE = `
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
const { MASSGEN_TOOLS_URL: url, MASSGEN_TOOLS_AUTH: authorization } = process.env;
const headers = { authorization, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
for await (const body of createInterface({ input: process.stdin })) {
  if (body.trim() === '') continue;
  request(url, { method: 'POST', headers }, async (answer) => {
    const said = await text(answer);
    if (said !== '') process.stdout.write(said + '\\n');
  }).end(body);
}
`;

/** A page in a browser that found the port cannot use it: its requests name another host. */
function isOwnHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
}

/** The run decides about its tools by its own rules. Codex asks for leave for each call of a tool that does not say this. */
const NO_LEAVE = { destructiveHint: false, openWorldHint: false };

/** Every message gets a server of its own, since nothing has to be remembered between two of them. */
async function answer(offered: OfferedTools, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [{ Server: McpServer }, { StreamableHTTPServerTransport }, types] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/server/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  const server = new McpServer({ name: TOOL_SERVER_NAME, version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(types.ListToolsRequestSchema, () => ({
    tools: offered.tools().map(({ name, description, parameters }) => ({
      name,
      description,
      inputSchema: { ...parameters, type: 'object' as const },
      annotations: NO_LEAVE,
    })),
  }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }) => {
    const args = JSON.parse(JSON.stringify(params.arguments ?? {})) as JsonObject;
    const { output, isError } = await offered.call(params.name, args);
    return { content: [{ type: 'text' as const, text: output }], isError };
  });
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.once('close', () => void server.close());
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  await transport.handleRequest(request, response);
}
