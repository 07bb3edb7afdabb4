import { once } from 'node:events';
import { chmod, lstat, mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli/mcp-command.ts';
import type { CommandContext } from '../../src/cli/command-context.ts';
import { readEnvironment } from '../../src/platform/environment.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';
import { modulePath } from '../tools/mcp/server-needs.ts';

/** As the official registry documents it: an envelope around each server. */
const OFFICIAL = {
  servers: [
    {
      server: {
        name: 'io.github.acme/weather',
        description: 'Forecasts\x1b[2J for cities',
        version: '1.2.0',
        packages: [
          {
            registryType: 'npm',
            identifier: '@acme/weather-mcp',
            version: '1.2.0',
            transport: { type: 'stdio' },
            packageArguments: [{ type: 'named', name: '--units', value: 'metric' }],
            environmentVariables: [
              { name: 'WEATHER_KEY', description: 'Key of the service', isRequired: true, isSecret: true },
              { name: 'WEATHER_LANG', description: 'Language', isRequired: false },
            ],
          },
        ],
      },
      _meta: { 'io.modelcontextprotocol.registry/official': { status: 'active', isLatest: true } },
    },
    {
      server: {
        name: 'io.github.free/tides',
        description: 'Tides',
        packages: [{ registryType: 'pypi', identifier: 'tides-mcp', version: '0.3.1', transport: { type: 'stdio' } }],
      },
    },
    {
      server: {
        name: 'com.acme/remote',
        description: 'Far away',
        remotes: [
          {
            type: 'streamable-http',
            url: 'https://mcp.acme.example/mcp',
            headers: [{ name: 'Authorization', value: 'Bearer {token}', isRequired: true, isSecret: true }],
          },
        ],
      },
    },
    {
      server: {
        name: 'com.acme/evil',
        description: 'x',
        packages: [{ registryType: 'npm', identifier: 'a; rm -rf /', version: '1', transport: { type: 'stdio' } }],
      },
    },
  ],
  metadata: { count: 4 },
};
const SMITHERY = {
  servers: [{ qualifiedName: '@smith/maps', displayName: 'Maps', description: 'Maps', useCount: 5, isDeployed: true }],
  pagination: { currentPage: 1, pageSize: 10, totalPages: 1, totalCount: 1 },
};
const MAPS = {
  qualifiedName: '@smith/maps',
  description: 'Maps',
  deploymentUrl: 'https://server.smithery.ai/@smith/maps',
  connections: [{ type: 'http', deploymentUrl: 'https://server.smithery.ai/@smith/maps/mcp', configSchema: {} }],
};

const CONFIG = `# my team
agents:
  - id: one # the first
    backend:
      type: openai
      model: gpt-5
      # tools come here
      mcp_servers:
        - {name: old, command: npx, args: [old]}
  - id: two
    backend: {type: openai, model: gpt-5}
`;

let folder: string;
let address: string;
let asked: { path: string; key: string | undefined }[];

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, '.massgen'));
  await writeFile(join(folder, '.massgen/config.yaml'), CONFIG);
  asked = [];
  const registry = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    asked.push({ path: pathname + search, key: request.headers.authorization });
    const found =
      pathname === '/v0/servers'
        ? OFFICIAL
        : pathname === '/servers'
          ? SMITHERY
          : pathname === '/servers/%40smith/maps'
            ? MAPS
            : null;
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { error: 'not found' }));
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  onTestFinished(() => void registry.close());
  const place = registry.address();
  address = `http://127.0.0.1:${typeof place === 'object' && place ? place.port : 0}`;
});

async function mcp(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const stream = (name: 'out' | 'err'): object => ({ write: (text: string) => (told[name] += text) });
  const variables = { MASSGEN_MCP_REGISTRY: address, MASSGEN_SMITHERY_REGISTRY: address, SMITHERY_API_KEY: 'sk' };
  const context = {
    environment: { ...readEnvironment(), cwd: folder, home: folder, variables },
    streams: { stdin: { isTTY: false }, stdout: stream('out'), stderr: stream('err') },
    version: '0',
  } as unknown as CommandContext;
  const code = await run(argv, context);
  return { code, ...told };
}

const config = (): Promise<string> => readFile(join(folder, '.massgen/config.yaml'), 'utf8');

describe('search', () => {
  test('asks both registries in their own words, and names those without a key first', async () => {
    expect(await mcp('search', 'rain', 'today', '--limit', '5')).toEqual({
      code: 0,
      err: '',
      out: [
        'io.github.free/tides  [official, no key]\n    Tides\n',
        '@smith/maps  [smithery, no key]\n    Maps\n',
        'io.github.acme/weather  [official, needs WEATHER_KEY]\n    Forecasts for cities\n',
        'com.acme/remote  [official, needs COM_ACME_REMOTE_AUTHORIZATION]\n    Far away\n',
        'com.acme/evil  [official, cannot be used here]\n    x\n',
      ].join(''),
    });
    expect(asked).toEqual([
      { path: '/v0/servers?search=rain+today&limit=5&version=latest', key: undefined },
      { path: '/servers?q=rain+today&page=1&pageSize=5', key: 'Bearer sk' },
    ]);
  });

  test('tells what can be told when one of them is away', async () => {
    const broken = await mcp('search', 'x', '--registry', 'official');
    address = 'http://127.0.0.1:9';
    const away = await mcp('search', 'x');
    expect([broken.code, away.code]).toEqual([0, 2]);
    expect(away.err).toMatch(/^The MCP registry cannot be reached .*\nSmithery cannot be reached /s);
  });
});

describe('add', () => {
  test('shows what would run and which keys it needs, and changes nothing without a yes', async () => {
    const { code, err } = await mcp('add', 'io.github.acme/weather');
    expect(code).toBe(4);
    expect(err).toContain('runs, with your rights  npx -y @acme/weather-mcp@1.2.0 --units metric');
    expect(err).toContain('WEATHER_KEY (secret): Key of the service');
    expect(await config()).toBe(CONFIG);
  });

  test('writes it for all agents, in the form that each has, and keeps the comments', async () => {
    expect((await mcp('add', 'io.github.acme/weather', '--yes')).code).toBe(0);
    const text = await config();
    expect(text).toContain('# my team');
    expect(text).toContain('# the first');
    expect(text).toContain('# tools come here');
    expect((await mcp('list')).out.slice(join(folder, '.massgen/config.yaml').length + 1)).toBe(
      '\none\n  old  npx with one argument\n  weather  npx with 4 arguments and WEATHER_KEY\n' +
        '\ntwo\n  weather  npx with 4 arguments and WEATHER_KEY\n',
    );
    await expect(mcp('add', 'io.github.acme/weather', '--yes')).rejects.toThrow(/has an MCP server weather already/);
  });

  test('leaves a config to those who could read it, and a link where it leads', async () => {
    await rename(join(folder, '.massgen/config.yaml'), join(folder, 'team.yaml'));
    await chmod(join(folder, 'team.yaml'), 0o600);
    await symlink('../team.yaml', join(folder, '.massgen/config.yaml'));
    await mcp('add', 'io.github.free/tides', '-y');
    expect(await readFile(join(folder, 'team.yaml'), 'utf8')).toContain('tides');
    expect((await lstat(join(folder, '.massgen/config.yaml'))).isSymbolicLink()).toBe(true);
    expect((await stat(join(folder, 'team.yaml'))).mode & 0o777).toBe(0o600);
  });

  test('takes servers of Python, of addresses with keys, and of Smithery', async () => {
    await mcp('add', 'io.github.free/tides', '-y', '--agent', 'two');
    await mcp('add', 'com.acme/remote', '-y', '--agent', 'two', '--as', 'far');
    await mcp('add', '@smith/maps', '-y', '--agent', 'two');
    const { agents } = (await import('yaml')).parse(await config()) as {
      agents: { backend: { mcp_servers: unknown } }[];
    };
    expect(agents[1]?.backend.mcp_servers).toEqual({
      tides: { command: 'uvx', args: ['tides-mcp==0.3.1'] },
      far: {
        type: 'streamable-http',
        url: 'https://mcp.acme.example/mcp',
        headers: { Authorization: 'Bearer ${COM_ACME_REMOTE_AUTHORIZATION}' },
      },
      maps: { type: 'streamable-http', url: 'https://server.smithery.ai/@smith/maps/mcp' },
    });
  });

  test('refuses a package whose name is none, and a server that no registry has', async () => {
    await expect(mcp('add', 'com.acme/evil', '-y')).rejects.toThrow(/cannot be added/);
    await expect(mcp('add', 'nobody/nothing', '-y')).rejects.toThrow(/No registry has a server nobody\/nothing/);
    expect(await config()).toBe(CONFIG);
  });
});

test('remove takes a server out, and says which are there when it is none', async () => {
  await mcp('add', 'io.github.free/tides', '-y');
  await mcp('remove', 'tides');
  expect(await config()).toBe(CONFIG);
  await expect(mcp('remove', 'tides')).rejects.toThrow(/has no MCP server tides/);
});

test('a server is tried: it starts by its own rules and its tools are shown', { timeout: 30_000 }, async () => {
  const everything = modulePath('@modelcontextprotocol/server-everything/dist/index.js');
  const servers = {
    every: { command: process.execPath, args: [everything] },
    broken: { command: process.execPath, args: ['/nowhere.js'] },
  };
  const team = { agent: { id: 'a', backend: { type: 'openai', model: 'm', mcp_servers: servers } } };
  await writeFile(join(folder, 'team.json'), JSON.stringify(team));
  const good = await mcp('test', 'every', '-c', 'team.json');
  expect([good.code, good.err]).toEqual([0, '']);
  expect(good.out).toMatch(/^every works: \d+ tools\n {2}mcp__every__echo \(reads\): Echoes back the input/);
  const bad = await mcp('test', 'broken', '-c', 'team.json');
  expect([bad.code, bad.out]).toEqual([2, '']);
  expect(bad.err).toMatch(/^The MCP server broken could not be started: /);
  await expect(mcp('test', 'none', '-c', 'team.json')).rejects.toThrow(/has no MCP server none/);
});
