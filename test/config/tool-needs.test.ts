import { expect, it } from 'vitest';
import { toolNeedsOf, wantsDocker } from '../../src/config/read-tool-needs.ts';
import type { ToolNeeds } from '../../src/config/tool-needs.ts';
import { configSchema } from '../../src/config/schema/config.ts';
import type { JsonObject } from '../../src/events/json.ts';

function needsOf(backend: JsonObject, orchestrator: JsonObject = {}): ToolNeeds | undefined {
  const config = configSchema.parse({ agents: [{ id: 'a', backend }], orchestrator });
  const [agent] = config.agents ?? [];
  return agent && toolNeedsOf(agent.backend, config);
}

const NO_RULES = {
  level: 'strict',
  allowedExecutables: [],
  allowLocalhost: false,
  allowPrivateIps: false,
  allowedHostnames: [],
  env: { level: 'strict', mode: 'denylist', allowed: [], denied: [] },
};

it('an agent that asks for nothing needs nothing', () => {
  expect(needsOf({ type: 'openai', cwd: '' })).toBeUndefined();
});

it('cwd gives a workspace', () => {
  expect(needsOf({ type: 'openai', cwd: 'w', enforce_read_before_delete: false })).toEqual({
    hasWorkspace: true,
    asksForReading: false,
    contextPaths: [],
    mcpServers: [],
    commands: null,
  });
});

it('context paths give one too; the orchestrator’s come last, so that they count', () => {
  const backend = { type: 'openai', context_paths: [{ path: 'a', permission: 'write', protected_paths: ['x'] }] };
  expect(needsOf(backend, { context_paths: [{ path: 'a' }] })).toMatchObject({
    hasWorkspace: true,
    contextPaths: [
      { path: 'a', permission: 'write', protectedPaths: ['x'] },
      { path: 'a', permission: 'read', protectedPaths: [] },
    ],
  });
});

it('servers are read from a list and from a map', () => {
  const server = { command: 'npx', args: ['-y', 'pkg'] };
  const list = needsOf({ type: 'openai', mcp_servers: [{ name: 's', ...server }] });
  expect(needsOf({ type: 'openai', mcp_servers: { s: server } })).toEqual(list);
  expect(list?.mcpServers).toEqual([
    {
      name: 's',
      transport: { type: 'stdio', command: 'npx', args: ['-y', 'pkg'], env: {}, cwd: null },
      timeoutMs: null,
      allowedTools: null,
      excludedTools: [],
      security: NO_RULES,
    },
  ]);
});

it('a command in one text is taken apart; a url without a type is a remote server; a disabled one is none', () => {
  const needs = needsOf({
    type: 'openai',
    mcp_servers: [
      { name: 'a', command: 'npx -y pkg', timeout: 5 },
      { name: 'b', url: 'https://x.example/mcp', headers: { k: 'v' }, http_read_timeout: 7 },
      { name: 'c', command: 'npx', disabled: true },
    ],
  });
  expect(needs?.mcpServers.map(({ transport, timeoutMs }) => [transport, timeoutMs])).toEqual([
    [{ type: 'stdio', command: 'npx', args: ['-y', 'pkg'], env: {}, cwd: null }, 5_000],
    [{ type: 'http', url: 'https://x.example/mcp', headers: { k: 'v' }, readTimeoutMs: 7_000 }, null],
  ]);
});

it('a server’s allow list replaces the backend’s, exclusions add up', () => {
  const needs = needsOf({
    type: 'openai',
    allowed_tools: ['a'],
    exclude_tools: ['b'],
    mcp_servers: [
      { name: 'one', command: 'npx', allowed_tools: ['c'], exclude_tools: ['d'] },
      { name: 'two', command: 'npx' },
    ],
  });
  expect(needs?.mcpServers.map(({ allowedTools, excludedTools }) => [allowedTools, excludedTools])).toEqual([
    [['c'], ['b', 'd']],
    [['a'], ['b']],
  ]);
});

it.each([
  [{}, 'sandbox'],
  [{ command_line_execution_mode: 'local' }, 'sandbox'],
  [{ command_line_execution_mode: 'srt' }, 'sandbox'],
  [{ command_line_execution_mode: 'host' }, 'host'],
])('commands with %j run in the %s', (more, mode) => {
  expect(needsOf({ type: 'openai', enable_mcp_command_line: true, ...more })).toMatchObject({
    hasWorkspace: true,
    commands: { mode, network: false, allowed: [], blocked: [] },
  });
});

it('nothing takes the place of docker', () => {
  const backend = { type: 'openai', enable_mcp_command_line: true, command_line_execution_mode: 'docker' };
  expect(needsOf(backend)).toBeUndefined();
  const { agents } = configSchema.parse({ agents: [{ id: 'a', backend }] });
  expect(agents?.map((agent) => wantsDocker(agent.backend))).toEqual([true]);
});
