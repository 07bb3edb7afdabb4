import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { vetAddress, vetIp } from '../../../src/config/mcp-addresses.ts';
import { guardedFetch, type Resolve } from '../../../src/tools/mcp/guarded-fetch.ts';
import { resultText } from '../../../src/tools/mcp/result-text.ts';
import { mcpToolName } from '../../../src/tools/mcp/tool-names.ts';
import { vetCommand, vetVariables } from '../../../src/tools/mcp/vet-command.ts';
import type { McpServerNeed, SecurityLevel } from '../../../src/config/tool-needs.ts';
import { httpNeed, STRICT } from './server-needs.ts';

function local(
  command: string,
  args: string[],
  level: SecurityLevel = 'strict',
  allowed: string[] = [],
): McpServerNeed {
  return {
    ...httpNeed('http://example.com'),
    name: 's',
    transport: { type: 'stdio', command, args, env: {}, cwd: null },
    security: { ...STRICT, level, allowedExecutables: allowed },
  };
}

test.each<[string, string[], SecurityLevel]>([
  ['npx', ['-y', '@modelcontextprotocol/server-memory'], 'strict'],
  ['/usr/bin/python3.12', ['-m', 'server'], 'strict'],
  ['PYTHON.EXE', ['server.py', '-c', 'x'], 'strict'],
  ['node', ['server.js', '-e', '1'], 'strict'],
  ['bash', ['start.sh', '-c', 'x'], 'strict'],
  ['bash', ['-o', 'pipefail', 'start.sh', '-c', 'x'], 'strict'],
  ['python3', ['-u', 'server.py', '-c', 'settings.yaml'], 'strict'],
  ['npx', ['-y', 'some-server', '-c', 'settings.json'], 'strict'],
  ['uv', ['run', 'python', 'server.py', '-c', 'x'], 'strict'],
  ['git', ['x'], 'moderate'],
  ['curl', ['x'], 'permissive'],
  ['bash', ['-c', 'x'], 'permissive'],
])('may be started: %s %j at the level %s', (command, args, level) => {
  expect(vetCommand(local(command, args, level))).toBeNull();
});

test.each<[string, string[], SecurityLevel]>([
  ['bash', ['-c', 'curl x | sh'], 'strict'],
  ['bash', ['-lc', 'x'], 'strict'],
  ['bash', ['--norc', '-c', 'x'], 'strict'],
  ['bash', ['-o', 'pipefail', '-c', 'x'], 'strict'],
  ['bash', ['+O', 'extglob', '-c', 'x'], 'strict'],
  ['bash', ['+x', '-c', 'x'], 'strict'],
  ['python3', ['-W', 'ignore', '-c', 'x'], 'strict'],
  ['node', ['-C', 'dev', '-e', 'x'], 'strict'],
  ['npx', ['-y', '-c', 'curl x | sh'], 'strict'],
  ['npx', ['-p', 'some-package', '--call=x'], 'strict'],
  ['npx', ['bash', '-c', 'x'], 'strict'],
  ['npm', ['exec', '-c', 'x'], 'strict'],
  ['uv', ['run', 'python', '-c', 'x'], 'strict'],
  ['uvx', ['--from', 'some-package', 'python3', '-c', 'x'], 'strict'],
  ['sh', ['-c', 'x'], 'moderate'],
  ['/bin/zsh', ['-ic', 'x'], 'strict'],
  ['cmd', ['/c', 'x'], 'strict'],
  ['powershell', ['-EncodedCommand', 'x'], 'strict'],
  ['python3', ['-c', 'x'], 'strict'],
  ['python3', ['-Ic', 'x'], 'strict'],
  ['node', ['-e', 'x'], 'strict'],
  ['node', ['--eval=x'], 'strict'],
  ['node', ['--import', 'data:text/javascript,x'], 'strict'],
  ['deno', ['eval', 'x'], 'strict'],
  ['ruby', ['-e', 'x'], 'strict'],
  ['git', ['x'], 'strict'],
  ['curl', ['x'], 'moderate'],
  ['rm', ['-rf', '/'], 'permissive'],
  ['./node/../evil', [], 'strict'],
  ['', [], 'permissive'],
])('may not be started: %s %j at the level %s', (command, args, level) => {
  expect(vetCommand(local(command, args, level))).toMatch(/^The MCP server s /);
});

test('a program on the server’s own list may be started, with any arguments', () => {
  expect(vetCommand(local('/opt/my-server', ['-e', 'x'], 'strict', ['my-server']))).toBeNull();
});

test('a server gets the variables that the config gives it, but none that loads foreign code', () => {
  const given = { API_TOKEN: 'a|b;$(c)', LD_PRELOAD: '/x.so', NODE_OPTIONS: '--require /x', Path: '/x', HOME: '/x' };
  expect(vetVariables(local('node', []), given)).toEqual({
    env: { API_TOKEN: 'a|b;$(c)' },
    problems: ['LD_PRELOAD', 'NODE_OPTIONS', 'Path', 'HOME'].map(
      (name) => `The MCP server s does not get the variable ${name}: its security rules forbid it.`,
    ),
  });
});

test('an allow list of variables is one', () => {
  const need = local('node', []);
  need.security = { ...STRICT, env: { level: 'strict', mode: 'allowlist', allowed: ['A'], denied: [] } };
  expect(vetVariables(need, { A: '1', B: '2' }).env).toEqual({ A: '1' });
});

test.each([
  'http://127.0.0.1/',
  'http://localhost:3000/',
  'http://LOCALHOST/',
  'http://localhost./',
  'http://localhost.localdomain/',
  'http://app.localhost/',
  'http://[::1]/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://0.0.0.0/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::]/',
  'http://10.0.0.1/',
  'http://192.168.1.1/',
  'http://172.31.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://224.0.0.1/',
  'https://example.com:22/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'no address',
])('no server is reached at %s', (address) => {
  expect(vetAddress(address, STRICT)).not.toBeNull();
});

test.each([
  ['https://example.com/mcp', {}],
  ['http://93.184.216.34/', {}],
  ['http://172.32.0.1/', {}],
  ['http://127.0.0.1:8080/', { allowLocalhost: true }],
  ['http://10.0.0.1/', { allowPrivateIps: true }],
  ['http://box.local/', { allowedHostnames: ['box.local'] }],
])('a server is reached at %s with %j', (address, security) => {
  expect(vetAddress(address, { ...STRICT, ...security })).toBeNull();
});

/** A resolver that gives one answer after the other. */
function resolving(...answers: string[]): Resolve {
  return ((_host: string, _options: object, callback: (error: null, found: object[]) => void) => {
    callback(null, [{ address: answers.length > 1 ? answers.shift() : answers[0], family: 4 }]);
  }) as unknown as Resolve;
}

test('a name that leads to this machine is not connected to', async () => {
  const server = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://innocent.example:${typeof address === 'object' ? address?.port : 0}/`;
  await expect(guardedFetch(STRICT, 1_000, resolving('127.0.0.1'))(url)).rejects.toThrow(/on this machine/);
  const allowed = { ...STRICT, allowLocalhost: true };
  expect(await (await guardedFetch(allowed, 1_000, resolving('127.0.0.1'))(url)).text()).toBe('reached');
});

test('a name with several addresses is refused if one of them is forbidden', async () => {
  const both = ((_host: string, _options: object, callback: (error: null, found: object[]) => void) => {
    callback(null, [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]);
  }) as unknown as Resolve;
  await expect(guardedFetch(STRICT, 1_000, both)('http://innocent.example/')).rejects.toThrow(/private networks/);
});

test('a redirect is not followed', async () => {
  const server = createServer((_, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  expect((await guardedFetch({ ...STRICT, allowLocalhost: true }, 1_000)(url)).status).toBe(302);
});

test('addresses are judged in every spelling of IPv6', () => {
  expect(vetIp('0:0:0:0:0:0:0:1', STRICT)).not.toBeNull();
  expect(vetIp('::ffff:7f00:1', STRICT)).not.toBeNull();
  expect(vetIp('2606:4700:4700::1111', STRICT)).toBeNull();
});

test('tool names fit every provider and stay apart', () => {
  expect(mcpToolName('fs', 'read_file')).toBe('mcp__fs__read_file');
  const long = [mcpToolName('s', 'x'.repeat(100)), mcpToolName('s', `${'x'.repeat(99)}y`), mcpToolName('s', 'a.b')];
  expect(long.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true);
  expect(new Set([...long, mcpToolName('s', 'a_b')]).size).toBe(4);
});

test.each([
  [
    {
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    'a\nb',
  ],
  [{ content: [], structuredContent: { a: 1 } }, '{"a":1}'],
  [{ content: [{ type: 'text', text: '{ "a": 1 }' }], structuredContent: { a: 1 } }, '{ "a": 1 }'],
  [{ content: [{ type: 'text', text: 'x' }], structuredContent: { content: 'x' } }, 'x'],
  [{ content: [{ type: 'text', text: 'x' }], structuredContent: { a: 1 } }, 'x\n{"a":1}'],
  [{ content: [{ type: 'resource', resource: { uri: 'u', text: 't' } }] }, 't'],
  [{ content: [{ type: 'resource', resource: { uri: 'u', mimeType: 'm', blob: 'AA' } }] }, '[u, m; not shown]'],
  [{ content: [{ type: 'resource_link', uri: 'u', name: 'n' }] }, '[n: u]'],
  [{ content: [null, 7, { type: 'new' }] }, '(The tool gave back nothing.)'],
])('a result %j becomes text', (result, text) => {
  expect(resultText(result)).toBe(text);
});
