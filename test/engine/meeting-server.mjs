// An MCP server whose calls wait for one another: a call is answered once three are under way.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({ name: 'meeting', version: '1' });
let waiting = [];
server.registerTool('meet', { annotations: { readOnlyHint: true } }, async () => {
  await new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length < 3) return;
    for (const go of waiting) go();
    waiting = [];
  });
  return { content: [{ type: 'text', text: 'met' }] };
});
await server.connect(new StdioServerTransport());
