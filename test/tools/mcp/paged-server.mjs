// An MCP server over stdio that tells its tools in pages of three.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const names = Array.from({ length: 8 }, (_, at) => `tool-${at + 1}`);
const server = new Server({ name: 'paged', version: '1' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
  const begin = Number(params?.cursor ?? 0);
  const tools = names.slice(begin, begin + 3).map((name) => ({ name, inputSchema: { type: 'object' } }));
  return { tools, ...(begin + 3 < names.length && { nextCursor: String(begin + 3) }) };
});
server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({ content: [{ type: 'text', text: params.name }] }));
await server.connect(new StdioServerTransport());
