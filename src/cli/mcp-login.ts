import { once } from 'node:events';
import { createServer } from 'node:http';
import { Command } from 'commander';
import { oneLine } from '../headless/plain-text.ts';
import { randomHex } from '../platform/entropy.ts';
import { EXIT, MassgenError, messageOf, type ExitCode } from '../platform/errors.ts';
import type { CommandContext } from './command-context.ts';
import { serverNamed } from './mcp-servers.ts';
import { readFlags } from './read-flags.ts';

const PATIENCE_MS = 300_000;

/** `massgen mcp login NAME`: sends the user to the server's login page and keeps what comes of it, for all later runs. */
export async function login(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen mcp login')
    .description('Logs in at a server of a config (OAuth). What it gets is kept in ~/.massgen/oauth, for you alone.')
    .argument('<name>', 'name of the server in the config')
    .option('-c, --config <file>', 'config to look at; the usual one if left out')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const name = program.args[0] ?? '';
  const { transport, security } = await serverNamed(name, program.opts<{ config?: string }>().config, environment);
  if (transport.type !== 'http') throw new MassgenError('no-login', `${oneLine(name)} is a program; it has no login.`);
  const [{ auth }, { StoredLogin, loginFile, loginsFolder }, { guardedFetch }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/auth.js'),
    import('../tools/mcp/stored-login.ts'),
    import('../tools/mcp/guarded-fetch.ts'),
  ]);
  const desk = await openDesk();
  try {
    const file = loginFile(loginsFolder(environment.home), transport.url);
    const provider = new StoredLogin(file, name, {
      redirectUrl: desk.url,
      state: desk.state,
      open: (address) =>
        void streams.stdout.write(`Open this page in a browser and log in:\n${oneLine(address.href)}\n`),
    });
    // The page comes back to another port than last time, so the program introduces itself anew.
    await provider.invalidateCredentials('all');
    const options = { serverUrl: transport.url, fetchFn: guardedFetch(security, transport.readTimeoutMs) };
    if ((await auth(provider, options)) === 'REDIRECT') {
      await auth(provider, { ...options, authorizationCode: await desk.code });
    }
    streams.stdout.write(`Logged in at ${oneLine(name)}.\n`);
    return EXIT.ok;
  } catch (error) {
    const why = messageOf(error);
    throw new MassgenError('login-failed', `The login at ${oneLine(name)} failed: ${oneLine(why)}`, { cause: error });
  } finally {
    desk.close();
  }
}

/** Where the browser comes back to: this machine only, once, with the word that was sent along. */
async function openDesk(): Promise<{ url: string; state: string; code: Promise<string>; close: () => void }> {
  const state = randomHex(16);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  promise.catch(() => undefined);
  const server = createServer((request, response) => {
    // Any page may ask for anything here, also for what is no address.
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    const code = url?.searchParams.get('code') ?? null;
    const isOurs = url?.pathname === '/callback' && url.searchParams.get('state') === state;
    response.writeHead(isOurs ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end(isOurs ? 'You can close this page and go back to the terminal.' : 'Not found.');
    if (!isOurs) return;
    if (code !== null) resolve(code);
    else reject(new Error(`the server said: ${url.searchParams.get('error') ?? 'nothing'}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  AbortSignal.timeout(PATIENCE_MS).addEventListener('abort', () =>
    reject(new Error('nobody logged in within five minutes')),
  );
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/callback`, state, code: promise, close: () => void server.close() };
}
