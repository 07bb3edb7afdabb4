// An MCP server whose only tool asks a team: how an agent can start a run of its own.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const MASSGEN = new URL('../../src/massgen.js', import.meta.url).pathname;
const server = new McpServer({ name: 'team', version: '1.0.0' });

server.registerTool(
  'ask_team',
  { description: 'Asks a team a question and returns its answer.', inputSchema: { question: z.string() } },
  async ({ question }) => {
    const args = [MASSGEN, '--automation', '--demo', '--speed', 'max', question];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const [, file] = /^ANSWER_FILE: (.+)$/m.exec(stdout);
      const answer = await readFile(file, 'utf8');
      return { content: [{ type: 'text', text: `At depth ${process.env.MASSGEN_DEPTH}: ${answer}` }] };
    } catch (error) {
      return { isError: true, content: [{ type: 'text', text: `${error.code}: ${error.stderr}` }] };
    }
  },
);
await server.connect(new StdioServerTransport());
