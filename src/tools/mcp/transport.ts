import { access } from 'node:fs/promises';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { addressFaultText, vetAddress } from '../../config/mcp-addresses.ts';
import type { McpServerNeed } from '../../config/tool-needs.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { loginFile, StoredLogin } from './stored-login.ts';
import { vetCommand, vetVariables } from './vet-command.ts';

export interface ServerConnection {
  /** A transport of the SDK; its own type is not exact about optional fields. */
  transport: object;
  /** The last thing that the server wrote to its error output, in one line. */
  lastWords: () => string;
}

const MAX_WORDS = 300;
const MAX_KEPT = 8_000;

/**
 * Makes the way to a server after judging it by its rules. `loginFolder` holds logins at servers that ask for one. Rejects
 * with an error whose message is for people.
 */
export async function connectTransport(
  need: McpServerNeed,
  cwd: string,
  loginFolder: string | null = null,
): Promise<ServerConnection> {
  const { transport, security } = need;
  if (transport.type === 'http') {
    const flaw = vetAddress(transport.url, security);
    if (flaw !== null) throw new Error(addressFaultText(flaw));
    const address = new URL(transport.url);
    const authProvider = await loginAt(need.name, transport.url, loginFolder);
    const options = {
      requestInit: { headers: transport.headers },
      fetch: guardedFetch(security, transport.readTimeoutMs),
      ...(authProvider && { authProvider }),
    };
    if (transport.isSse === true) {
      const { SSEClientTransport } = await import('@modelcontextprotocol/sdk/client/sse.js');
      return { transport: new SSEClientTransport(address, options), lastWords: () => '' };
    }
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    return { transport: new StreamableHTTPClientTransport(address, options), lastWords: () => '' };
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

/** Only for a server that the user has logged in at; nobody is sent anywhere in the middle of a run. */
async function loginAt(name: string, url: string, folder: string | null): Promise<OAuthClientProvider | null> {
  if (folder === null) return null;
  const path = loginFile(folder, url);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere ? new StoredLogin(path, name) : null;
}

/** The line that names the error, or else the last ones; a stack trace says nothing to most. */
function tellingPart(words: string): string {
  const lines = words.split('\n').map((line) => line.replaceAll(/[\s\p{C}]+/gu, ' ').trim());
  const told = lines.find((line) => /error/i.test(line)) ?? lines.filter(Boolean).slice(-3).join(' ');
  return told.slice(0, MAX_WORDS).toWellFormed();
}
