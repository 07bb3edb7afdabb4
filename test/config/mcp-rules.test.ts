import { describe, expect, it } from 'vitest';
import { findMcpFaults } from '../../src/config/mcp-rules.ts';
import type { JsonValue } from '../../src/events/json.ts';

function faults(server: JsonValue): string[] {
  return findMcpFaults(['mcp_servers'], [server]).map((f) => f.message);
}

describe('a server that is started', () => {
  it.each<[JsonValue]>([
    [{ name: 'a', command: 'npx', args: ['-y', 'pkg'] }],
    [{ name: 'a', command: 'python -m server' }],
    [{ name: 'a', command: ['C:\\bin\\Python.exe', '-u'] }],
    [{ name: 'a', args: ['uvx', 'x'] }],
    [{ name: 'a', command: '/usr/bin/python3.42' }],
    [{ name: 'a', command: 'own-tool', security: { allowed_executables: ['/opt/own-tool'] } }],
    [{ name: 'a', command: 'git', security: { level: 'moderate' } }],
    [{ name: 'a', command: 'curl', security: { level: 'permissive' } }],
    [{ name: 'a', command: '/opt/own-tool', security: { allowed_executables: ['own-tool'] } }],
    [{ name: 'a', command: 'npx', env: { KEY: '${KEY}', HOME2: 'x' } }],
    [{ name: 'a', command: 'npx', env: { URL: 'https://a.example/?b=1&c=$(d);`e`|f', BOTH: '${A}${B}' } }],
    [{ name: 'a', command: 'npx', args: ['x'.repeat(5_000)] }],
    [{ name: 'a', command: 'npx', env: { PATH: '/bin' }, security: { level: 'moderate' } }],
  ])('%j is fine', (server) => {
    expect(faults(server)).toEqual([]);
  });

  it.each<[JsonValue, string]>([
    [{ command: 'npx' }, 'The MCP server has no name.'],
    [{ name: 'a b', command: 'npx' }, 'The name of an MCP server has letters, digits, _ and - only, at most 100.'],
    [{ name: 'a' }, 'The MCP server has no command.'],
    [
      { name: 'a', command: 'npx; rm x' },
      'The command has characters that a shell would act on, or climbs out with ../.',
    ],
    [{ name: 'a', command: '../npx' }, 'The command has characters that a shell would act on, or climbs out with ../.'],
    [{ name: 'a', command: 'rm' }, 'This program is not allowed at the level strict.'],
    [{ name: 'a', command: 'git', security: { level: 'high' } }, 'This program is not allowed at the level strict.'],
    [
      { name: 'a', command: 'curl', security: { level: 'moderate' } },
      'This program is not allowed at the level moderate.',
    ],
    [{ name: 'a', command: 'npx', cwd: 'a/../b' }, 'The folder of an MCP server must not climb out with "..".'],
    [{ name: 'a', command: 'npx', env: { PATH: 'x' } }, 'The variable PATH must not be set for an MCP server.'],
    [
      { name: 'a', command: 'npx', env: { LD_LIBRARY_PATH: 'x' }, security: { level: 'permissive' } },
      'The variable LD_LIBRARY_PATH must not be set for an MCP server.',
    ],
  ])('%j is wrong', (server, message) => {
    expect(faults(server)).toEqual([message]);
  });
});

describe('a server that is reached by URL', () => {
  const at = (url: string, security: JsonValue = {}): JsonValue => ({
    name: 'a',
    type: 'streamable-http',
    url,
    security,
  });

  it.each<[JsonValue]>([
    [at('https://example.com/mcp')],
    [at('http://localhost:8000/mcp', { allow_localhost: true })],
    [at('https://10.example.com/mcp')],
    [at('http://10.0.0.1/mcp', { allow_private_ips: true })],
    [at('http://localhost/mcp', { allowed_hostnames: ['localhost'] })],
    [at('${URL}')],
  ])('%j is fine', (server) => {
    expect(faults(server)).toEqual([]);
  });

  it.each<[JsonValue, string]>([
    [{ name: 'a', type: 'streamable-http' }, 'The MCP server has no url.'],
    [at('file:///etc'), 'This is no http or https address.'],
    [at('nonsense'), 'This is no http or https address.'],
    [at('https://example.com:22/'), 'The port 22 belongs to another kind of service.'],
    [at('http://localhost:8000/'), 'Servers on this machine are not allowed here.'],
    [at('http://127.0.0.1/'), 'Servers on this machine are not allowed here.'],
    [at('http://[::1]/'), 'Servers on this machine are not allowed here.'],
    [at('http://0.0.0.0/'), 'Servers on this machine are not allowed here.'],
    [at('http://100.64.0.1/'), 'Servers in private networks are not allowed here.'],
    [at('http://192.168.1.1/'), 'Servers in private networks are not allowed here.'],
    [at('http://169.254.169.254/'), 'Servers in private networks are not allowed here.'],
  ])('%j is wrong', (server, message) => {
    expect(faults(server)).toEqual([message]);
  });
});

describe('several servers', () => {
  it('are all looked at, in both forms, each fault at its place', () => {
    const bad = { command: 'rm' };
    expect(
      findMcpFaults(
        ['s'],
        [
          { name: 'a', ...bad },
          { name: 'b', ...bad },
        ],
      ).map((f) => f.path),
    ).toEqual([
      ['s', 0, 'command'],
      ['s', 1, 'command'],
    ]);
    expect(findMcpFaults(['s'], { a: bad, 'b c': { command: 'npx' } }).map((f) => f.path)).toEqual([
      ['s', 'a', 'command'],
      ['s', 'b c'],
    ]);
  });

  it('have different names', () => {
    const server = { name: 'a', command: 'npx' };
    expect(findMcpFaults(['s'], [server, server]).map((f) => f.message)).toEqual([
      'Another MCP server has this name already.',
    ]);
  });

  it('of another form are left to the schema', () => {
    for (const servers of [undefined, null, 'x', [1], { a: 1 }]) expect(findMcpFaults(['s'], servers)).toEqual([]);
  });
});
