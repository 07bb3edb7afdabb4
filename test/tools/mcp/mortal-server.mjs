// An MCP server that dies on demand, and writes down how often it was started and what it was asked to do.
import { appendFileSync, writeFileSync, writeSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const [journal] = process.argv.slice(2);
appendFileSync(journal, 'start\n');
writeFileSync(`${journal}.pid`, String(process.pid));
const server = new McpServer({ name: 'mortal', version: '1' });
const done = { content: [{ type: 'text', text: 'done' }] };
let isReborn = false;
try {
  isReborn = (await import('node:fs')).readFileSync(journal, 'utf8').split('start').length > 2;
} catch {}

function die(name) {
  appendFileSync(journal, `${name}\n`);
  if (!isReborn) process.exit(1);
  return done;
}
server.registerTool('read', { annotations: { readOnlyHint: true } }, () => die('read'));
server.registerTool('pay', {}, () => die('pay'));
server.registerTool('doom', {}, () => process.exit(1));
server.registerTool('scream', {}, () => {
  writeSync(2, 'Error: the disk is full\n');
  process.exit(1);
});
server.registerTool('grow', {}, () => {
  server.registerTool('grown', {}, () => done);
  return done;
});
writeSync(2, 'Error: a setting is old\n');
await server.connect(new StdioServerTransport());
