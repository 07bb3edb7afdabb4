import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { expect, onTestFinished, test } from 'vitest';
import type { CommandContext } from '../../src/cli/command-context.ts';
import { run } from '../../src/cli/mcp-command.ts';
import { readEnvironment } from '../../src/platform/environment.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

/** An MCP server that wants a login, and the place where one logs in: OAuth with registration, PKCE and renewal. */
async function guardedServer(): Promise<{ base: string; accept: (token: string) => void; grants: string[] }> {
  let accepted = 'first';
  const grants: string[] = [];
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', base);
    const json = (status: number, value: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    const answer = async (): Promise<void> => {
      switch (url.pathname) {
        case '/.well-known/oauth-protected-resource/mcp':
          return json(200, { resource: `${base}/mcp`, authorization_servers: [base] });
        case '/.well-known/oauth-authorization-server':
          return json(200, {
            issuer: base,
            authorization_endpoint: `${base}/authorize`,
            token_endpoint: `${base}/token`,
            registration_endpoint: `${base}/register`,
            response_types_supported: ['code'],
            code_challenge_methods_supported: ['S256'],
            token_endpoint_auth_methods_supported: ['none'],
          });
        case '/register':
          return json(201, { ...(JSON.parse(await bodyOf(request)) as object), client_id: 'client' });
        case '/authorize': {
          const back = new URL(url.searchParams.get('redirect_uri') ?? '');
          back.searchParams.set('code', 'the-code');
          back.searchParams.set('state', url.searchParams.get('state') ?? '');
          response.writeHead(302, { location: back.href });
          return void response.end();
        }
        case '/token': {
          const form = new URLSearchParams(await bodyOf(request));
          grants.push([form.get('grant_type'), form.get('code') ?? form.get('refresh_token')].join(' '));
          const token = form.get('grant_type') === 'refresh_token' ? 'second' : 'first';
          return json(200, { access_token: token, token_type: 'Bearer', refresh_token: 'renew', expires_in: 3600 });
        }
        case '/mcp': {
          if (request.headers.authorization !== `Bearer ${accepted}`) {
            const metadata = `${base}/.well-known/oauth-protected-resource/mcp`;
            return json(401, {}, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` });
          }
          const server = new McpServer({ name: 'guarded', version: '1' });
          server.registerTool('hello', { description: 'Says hello.' }, () => ({
            content: [{ type: 'text', text: 'hi' }],
          }));
          const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined } as object);
          await server.connect(transport as Transport);
          return transport.handleRequest(request, response);
        }
        default:
          return json(404, {});
      }
    };
    void answer();
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return { base, grants, accept: (token) => void (accepted = token) };
}

/** Whoever else finds the port where the program waits: what they ask for is no address, and not the word. */
async function strangers(page: string): Promise<void> {
  const back = new URL(new URL(page).searchParams.get('redirect_uri') ?? '');
  for (const path of ['//', '/callback?code=theirs&state=guessed']) {
    await new Promise((resolve, reject) => {
      get({ host: back.hostname, port: back.port, path }, (response) => {
        response.resume().once('end', resolve);
      }).once('error', reject);
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

test(
  'a login is made once in the browser, kept for its owner alone, and renewed by itself',
  { timeout: 30_000 },
  async () => {
    const { base, grants, accept } = await guardedServer();
    const folder = await temporaryFolder();
    const remote = { type: 'streamable-http', url: `${base}/mcp`, security: { allow_localhost: true } };
    const team = { agent: { id: 'a', backend: { type: 'openai', model: 'm', mcp_servers: { remote } } } };
    await writeFile(join(folder, 'team.json'), JSON.stringify(team));
    const mcp = async (word: string): Promise<{ code: number; out: string; err: string }> => {
      const told = { out: '', err: '' };
      const write = (name: 'out' | 'err') => (text: string) => {
        told[name] += text;
        // The browser: it follows the server back to where the program waits.
        const page = /^http:\S+authorize\S+/m.exec(text)?.[0];
        if (page !== undefined) void strangers(page).then(() => fetch(page));
      };
      const context = {
        environment: { ...readEnvironment(), cwd: folder, home: folder, variables: {} },
        streams: { stdin: { isTTY: false }, stdout: { write: write('out') }, stderr: { write: write('err') } },
        version: '0',
      } as unknown as CommandContext;
      return { code: await run([word, 'remote', '-c', 'team.json'], context), ...told };
    };

    const before = await mcp('test');
    expect([before.code, before.err]).toEqual([
      2,
      'The MCP server remote could not be started: The server asks for a login. Run: massgen mcp login remote\n',
    ]);
    const login = await mcp('login');
    expect([login.code, login.out.split('\n').at(-2)]).toEqual([0, 'Logged in at remote.']);
    const [file = ''] = await readdir(join(folder, '.massgen/oauth'));
    expect((await stat(join(folder, '.massgen/oauth', file))).mode & 0o777).toBe(0o600);
    expect(await mcp('test')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^remote works: one tool/) as string,
    });
    accept('second');
    expect(await mcp('test')).toMatchObject({ code: 0, err: '' });
    expect(await readFile(join(folder, '.massgen/oauth', file), 'utf8')).toContain('second');
    expect(grants).toEqual(['authorization_code the-code', 'refresh_token renew']);
  },
);
