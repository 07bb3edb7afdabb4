import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  checkFolder,
  checkKeys,
  checkLocalServers,
  checkNode,
  checkPrograms,
  checkTerminal,
  type Check,
} from '../../src/cli/doctor-checks.ts';
import { loadEnv } from '../../src/config/env.ts';
import type { Environment } from '../../src/platform/environment.ts';
import { errorAnswer, startLoopback } from '../support/loopback-server.ts';
import { runCommandLine, withFolder } from './command-process.ts';

const TERMINAL: Environment['terminal'] = {
  stdin: true,
  stdout: true,
  stderr: true,
  term: 'xterm-256color',
  columns: 80,
  rows: 24,
  isUtf8: true,
  isRemote: false,
  noColor: false,
};
const ENVIRONMENT: Environment = { cwd: '/', home: '/', platform: 'linux', variables: {}, terminal: TERMINAL };

describe('what the doctor looks at', () => {
  test.each([
    ['v22.17.9', 'broken'],
    ['v22.18.0', 'ok'],
    ['v24.0.0', 'ok'],
    ['v20.20.2', 'broken'],
  ])('Node.js %s is %s', (version, state) => {
    expect(checkNode(version)).toMatchObject({ state, detail: expect.stringContaining(version) as unknown });
  });

  test('the terminal, with what is missing in it', () => {
    expect(checkTerminal(ENVIRONMENT)).toEqual({
      name: 'terminal',
      state: 'ok',
      detail: 'TERM=xterm-256color, 80×24, UTF-8',
    });
    const poor = {
      ...TERMINAL,
      stdout: false,
      term: null,
      columns: null,
      isUtf8: false,
      isRemote: true,
      noColor: true,
    };
    expect(checkTerminal({ ...ENVIRONMENT, terminal: poor })).toEqual({
      name: 'terminal',
      state: 'missing',
      detail: 'TERM=unset, no size, no UTF-8 (use --ascii), over SSH, NO_COLOR, not interactive here',
    });
  });

  test('keys by name and place, never by value', async () => {
    await withFolder({ '.env': 'ANTHROPIC_API_KEY=secret-one' }, async (cwd) => {
      const loaded = await loadEnv({ cwd, home: '/nowhere', env: { OPENAI_API_KEY: 'secret-two', XAI_API_KEY: ' ' } });
      expect(checkKeys(loaded)).toEqual([
        { name: 'key of OpenAI', state: 'ok', detail: 'OPENAI_API_KEY from shell' },
        { name: 'key of Anthropic', state: 'ok', detail: `ANTHROPIC_API_KEY from ${join(cwd, '.env')}` },
      ]);
      const none = checkKeys(await loadEnv({ cwd: '/nowhere', home: '/nowhere', env: {} }));
      expect(none).toMatchObject([{ name: 'keys', state: 'missing' }]);
    });
  });

  test('local servers, each at its address', async () => {
    const checks = await checkLocalServers((url) =>
      Promise.resolve(url.startsWith('http://localhost:11434') ? ['a', 'b', 'c', 'd', 'e', 'f'] : null),
    );
    expect(checks.filter(({ state }) => state === 'ok')).toEqual([
      { name: 'Ollama server', state: 'ok', detail: 'http://localhost:11434/v1 has 6 models: a, b, c, d, e, …' },
    ]);
    expect(checks).toHaveLength(5);
  });

  test('the folder of runs, which it leaves as it was', async () => {
    await withFolder({ file: '' }, async (cwd) => {
      expect(await checkFolder(join(cwd, 'a', 'b'))).toMatchObject({ state: 'ok' });
      expect(await readdir(cwd)).toEqual(['file']);
      await mkdir(join(cwd, 'there'));
      expect(await checkFolder(join(cwd, 'there'))).toMatchObject({ state: 'ok' });
      expect(await readdir(join(cwd, 'there'))).toEqual([]);
      expect(await checkFolder(join(cwd, 'file', 'x'))).toMatchObject({
        state: 'broken',
        detail: expect.stringContaining('cannot be written') as unknown,
      });
    });
  });

  test('programs in the search path, but no folder', async () => {
    await withFolder({}, async (cwd) => {
      await writeFile(join(cwd, 'git'), '');
      await chmod(join(cwd, 'git'), 0o755);
      await mkdir(join(cwd, 'rg'));
      const states = (await checkPrograms(`/nowhere:${cwd}`)).map(({ name, state }) => [name, state]);
      expect(states).toEqual([
        ['git', 'ok'],
        ['rg', 'missing'],
      ]);
    });
  });
});

describe('massgen doctor', () => {
  const team = (url: string): string => `
agents:
  - id: good
    backend:
      { type: claude, model: m, base_url: "${url}", api_key: k-good, max_tokens: 64000, enable_web_search: true,
        hosted_mcp_servers: { docs: { url: "https://mcp.example" } } }
  - { id: same, backend: { type: claude, model: m, base_url: "${url}", api_key: k-good } }
  - { id: bad, backend: { type: chatcompletion, model: n, base_url: "${url}/v1", api_key: k-secret-of-bad } }
`;

  test('asks each endpoint once, for a few tokens, and nobody where that is not wanted', async () => {
    const server = await startLoopback(({ model }) =>
      model === 'm' ? { text: 'ok', isCut: true } : errorAnswer(401, { error: { message: 'Bad k-secret-of-bad' } }),
    );
    try {
      await withFolder({ 'team.yaml': team(server.url) }, async (cwd) => {
        const offline = await runCommandLine(['doctor', '--config', 'team.yaml', '--offline'], { cwd });
        expect({ code: offline.code, requests: server.requests.length }).toEqual({ code: 0, requests: 0 });
        expect(offline.stdout).toMatch(/^ok {6}config .*team\.yaml: 3 agents$/m);

        const online = await runCommandLine(['doctor', '--config', 'team.yaml', '--json'], { cwd });
        const checks = (JSON.parse(online.stdout) as Check[]).filter(({ name }) => name.startsWith('agent '));
        expect(checks).toEqual([
          { name: 'agent good', state: 'ok', detail: 'claude m answers (15 tokens)' },
          {
            name: 'agent bad',
            state: 'broken',
            detail: `chatcompletion n: Bad [secret] (The key stands at ${join(cwd, 'team.yaml')}:8:98, agents[2].backend.api_key.)`,
          },
        ]);
        expect(online.code).toBe(1);
        expect(server.requests.map(({ body }) => [body.max_tokens, body.tools, body.mcp_servers])).toEqual([
          [16, undefined, undefined],
          [16, undefined, undefined],
        ]);
      });
    } finally {
      await server.close();
    }
  });

  test('says in one line each what is wrong with a config', async () => {
    await withFolder({ 'team.yaml': 'agents: []' }, async (cwd) => {
      const { code, stdout } = await runCommandLine(['doctor', '--config', 'team.yaml'], { cwd });
      expect(code).toBe(1);
      expect(stdout).toMatch(/^BROKEN  config .*team\.yaml/m);
      for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^(?:ok {6}|- {7}|BROKEN {2})\S/);
    });
  });
});
