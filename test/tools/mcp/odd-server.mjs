// An MCP server over stdio with tools of every day's names, and one that takes long texts.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

const server = new McpServer({ name: 'odd', version: '1' });
for (const name of ['list', 'status', 'help', 'ping', 'config', 'connect', 'login', 'a.b', 'exit']) {
  server.registerTool(name, { description: name, annotations: { readOnlyHint: true } }, () => ({
    content: [{ type: 'text', text: name }],
  }));
}
server.registerTool(
  'measure',
  { inputSchema: { text: z.string(), deep: z.any() }, annotations: { readOnlyHint: true } },
  ({ text }) => ({ content: [{ type: 'text', text: String(text.length) }] }),
);
server.registerTool('tell', { annotations: { readOnlyHint: true } }, () => ({
  content: [{ type: 'text', text: process.env.ODD_VALUE ?? '' }],
}));
await server.connect(new StdioServerTransport());
