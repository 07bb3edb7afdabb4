import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import { createRealClock } from '../../src/platform/clock.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../src/server/start-server.ts';

export const TOKEN = 'the-token-of-these-tests';

export interface Serving {
  server: RunningServer;
  cwd: string;
  /** The real SDK of OpenAI, which tries nothing twice. */
  client: OpenAI;
  /** What the user of the server was told. */
  problems: string[];
  bugs: unknown[];
}

/** A real server on a free port of this machine, with these files in its folder. Closed after the test. */
export async function serve(
  files: Record<string, string> = {},
  { env = {}, ...options }: Partial<ServerOptions> & { env?: Record<string, string> } = {},
): Promise<Serving> {
  const cwd = await mkdtemp(join(tmpdir(), 'massgen-server-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
  const problems: string[] = [];
  const bugs: unknown[] = [];
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    configs: [],
    allowedFolders: [],
    maxRuns: 4,
    surroundings: { cwd, home: cwd, env },
    clock: createRealClock(),
    onProblem: (message) => problems.push(message),
    onBug: (error) => bugs.push(error),
    ...options,
  });
  onTestFinished(async () => {
    await server.close(0);
    await rm(cwd, { recursive: true, force: true, maxRetries: 3 });
  });
  return { server, cwd, client: clientOf(server), problems, bugs };
}

export function clientOf(server: RunningServer, apiKey: string = TOKEN): OpenAI {
  return new OpenAI({ baseURL: server.url, apiKey, maxRetries: 0 });
}

/** A POST as any program would send it. */
export function post(server: RunningServer, path: string, body: unknown, headers: object = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const PUZZLE = 'make 952 from 25 50 75 100 3 6';

/** One agent with a script. */
export function soloTeam(...turns: object[]): string {
  return JSON.stringify({ agents: [{ id: 'ann', backend: { type: 'scripted', script: { turns } } }] });
}

/** Two agents that both vote for what ann says. */
export const PAIR = JSON.stringify({
  agents: [
    {
      id: 'ann',
      backend: {
        type: 'scripted',
        script: {
          turns: [
            { when: 'draft', answer: 'Ann is right.', usage: { input: 10, output: 2, cached_input: 4, reasoning: 1 } },
            { when: 'judge', vote: 'self', usage: { input: 20, output: 3 } },
          ],
        },
      },
    },
    {
      id: 'bob',
      backend: {
        type: 'scripted',
        script: {
          turns: [
            { when: 'draft', answer: 'Something else entirely.', usage: { input: 100, output: 20 } },
            { when: 'judge', vote: 'other', usage: { input: 200, output: 30 } },
          ],
        },
      },
    },
  ],
  orchestrator: { final_answer: 'reuse' },
});

/** One model behind a loopback server. */
export function modelTeam(url: string, systemMessage?: string): string {
  return JSON.stringify({
    agents: [
      {
        id: 'solo',
        ...(systemMessage === undefined ? {} : { system_message: systemMessage }),
        backend: { type: 'chatcompletion', model: 'local-model', base_url: `${url}/v1` },
      },
    ],
  });
}
