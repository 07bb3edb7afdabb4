import type { McpServerNeed } from '../../config/tool-needs.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { vetAddress } from './address-rules.ts';
import { vetCommand, vetVariables } from './vet-command.ts';

export interface ServerConnection {
  /** A transport of the SDK; its own type is not exact about optional fields. */
  transport: object;
  /** The last thing that the server wrote to its error output, in one line. */
  lastWords: () => string;
}

const MAX_WORDS = 300;
const MAX_KEPT = 8_000;

/** Makes the way to a server after judging it by its rules. Rejects with an error whose message is for people. */
export async function connectTransport(need: McpServerNeed, cwd: string): Promise<ServerConnection> {
  const { transport, security } = need;
  if (transport.type === 'http') {
    const flaw = vetAddress(transport.url, security);
    if (flaw !== null) throw new Error(flaw);
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    const client = new StreamableHTTPClientTransport(new URL(transport.url), {
      requestInit: { headers: transport.headers },
      fetch: guardedFetch(security, transport.readTimeoutMs),
    });
    return { transport: client, lastWords: () => '' };
  }
  const flaw = vetCommand(need);
  if (flaw !== null) throw new Error(flaw);
  const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
  // Beside these the child gets HOME, LOGNAME, PATH, SHELL, TERM and USER: no key reaches it that the config does not name.
  const { env } = vetVariables(need, transport.env);
  const client = new StdioClientTransport({
    command: transport.command,
    args: transport.args,
    env,
    cwd: transport.cwd ?? cwd,
    stderr: 'pipe',
  });
  let words = '';
  client.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-MAX_KEPT);
  });
  return { transport: client, lastWords: () => tellingPart(words) };
}

/** The line that names the error, or else the last ones; a stack trace says nothing to most. */
function tellingPart(words: string): string {
  const lines = words.split('\n').map((line) => line.replaceAll(/[\s\p{C}]+/gu, ' ').trim());
  const told = lines.find((line) => /error/i.test(line)) ?? lines.filter(Boolean).slice(-3).join(' ');
  return told.slice(0, MAX_WORDS).toWellFormed();
}
