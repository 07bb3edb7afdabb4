import { access } from 'node:fs/promises';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { addressFaultText, vetAddress } from '../../config/mcp-addresses.ts';
import type { McpServerNeed } from '../../config/tool-needs.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { loginFile, StoredLogin } from './stored-login.ts';
import { vetCommand, vetVariables } from './vet-command.ts';

/** What a server writes to its error output. */
export interface ServerWords {
  /** In one line: what names an error, or else the last of it. */
  lastWords: () => string;
  forgetWords: () => void;
}

export interface ServerConnection extends ServerWords {
  /** A transport of the SDK; its own type is not exact about optional fields. */
  transport: object;
}

/** Of a server that is none of this machine's programs. */
export const NO_WORDS: ServerWords = { lastWords: () => '', forgetWords: () => undefined };

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
      return { transport: new SSEClientTransport(address, options), ...NO_WORDS };
    }
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    return { transport: new StreamableHTTPClientTransport(address, options), ...NO_WORDS };
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
  return { transport: client, lastWords: () => tellingPart(words), forgetWords: () => void (words = '') };
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

/** An error by its name, as most languages write it: of a trace that is the one line which says something. */
const NAMED_ERROR = /^[\w.]*(?:Error|Exception)\b[^(]*:/;
/** Lines of npm that give the reader nothing. */
const NPM_NOISE = /^npm (?:error|ERR!) (?:code|errno|syscall|path|A complete log)\b/;

/** The line that names the error, or else the last ones; a stack trace says nothing to most. */
function tellingPart(words: string): string {
  const lines = words
    .split('\n')
    .map((line) => line.replaceAll(/[\s\p{C}]+/gu, ' ').trim())
    .filter((line) => line !== '' && !NPM_NOISE.test(line));
  const named = lines.find((line) => NAMED_ERROR.test(line)) ?? lines.find((line) => /error/i.test(line));
  return (named ?? lines.slice(-3).join(' ')).slice(0, MAX_WORDS).toWellFormed();
}
