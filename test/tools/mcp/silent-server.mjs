// An MCP server that is there, writes down which process it is, and tells no tools: it refuses, or never answers.
import { writeFileSync } from 'node:fs';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const [journal, way] = process.argv.slice(2);
const server = new Server({ name: 'silent', version: '1' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => {
  writeFileSync(journal, String(process.pid));
  if (way === 'refuses') throw new Error('no tools today');
  return new Promise(() => undefined);
});
await server.connect(new StdioServerTransport());
