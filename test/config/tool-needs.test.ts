import { describe, expect, it } from 'vitest';
import { toolNeedsOf } from '../../src/config/read-tool-needs.ts';
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

it('a server may ask the model and be shared where the config says so, and else not', () => {
  const needs = needsOf({
    type: 'openai',
    mcp_servers: { open: { command: 'npx', allow_sampling: true, shared: true }, closed: { command: 'npx' } },
  });
  expect(needs?.mcpServers.map(({ allowsSampling, isShared }) => [allowsSampling, isShared])).toEqual([
    [true, true],
    [undefined, undefined],
  ]);
});

describe('docker', () => {
  const backend = { type: 'openai', enable_mcp_command_line: true, command_line_execution_mode: 'docker' };
  const dockerOf = (more: object): object | undefined => needsOf({ ...backend, ...more })?.docker;

  it('has limits and no network unless the config says otherwise', () => {
    expect(needsOf(backend)?.commands).toEqual({ mode: 'docker', network: false, allowed: [], blocked: [] });
    expect(dockerOf({})).toEqual({
      image: 'massgen/mcp-runtime:latest',
      memoryBytes: 4 * 1024 ** 3,
      cpus: null,
      network: 'none',
      hasSudo: false,
      credentials: [],
      mounts: [],
      variables: { file: null, onlyOfFile: null, named: [], all: false },
      packages: { python: [], npm: [], system: [] },
      keptMs: null,
    });
  });

  it('keeps it for the session where the config says so, for a day or as long as that says', () => {
    const docker = { persist_containers_between_turns: true };
    expect(needsOf(backend, { docker })?.docker?.keptMs).toBe(86_400_000);
    expect(needsOf(backend, { docker: { ...docker, idle_hours: 0.5 } })?.docker?.keptMs).toBe(1_800_000);
    expect(needsOf(backend, { docker: { idle_hours: 2 } })?.docker?.keptMs).toBe(null);
  });

  it('takes all of MassGen’s keys', () => {
    const more = {
      command_line_docker_image: 'acme:1',
      command_line_docker_memory_limit: '2.5g',
      command_line_docker_cpu_limit: 1.5,
      command_line_docker_network_mode: 'bridge',
      command_line_docker_enable_sudo: true,
      command_line_docker_credentials: {
        mount: ['ssh_keys'],
        additional_mounts: { '~/a': { bind: '/a' }, '/b': { bind: '/b', mode: 'rw' } },
        env_file: '.env',
        env_vars_from_file: ['A'],
        env_vars: ['B'],
        pass_all_env: true,
      },
      command_line_docker_packages: { preinstall: { python: ['p'], npm: ['n'], system: ['s'] } },
    };
    expect(dockerOf(more)).toEqual({
      image: 'acme:1',
      memoryBytes: 2.5 * 1024 ** 3,
      cpus: 1.5,
      network: 'bridge',
      hasSudo: true,
      credentials: ['ssh_keys'],
      mounts: [
        { from: '~/a', to: '/a', isWritable: false },
        { from: '/b', to: '/b', isWritable: true },
      ],
      variables: { file: '.env', onlyOfFile: ['A'], named: ['B'], all: true },
      packages: { python: ['p'], npm: ['n'], system: ['s'] },
      keptMs: null,
    });
    expect(needsOf({ ...backend, ...more })?.commands?.network).toBe(true);
  });

  it.each([
    ['512m', 512 * 1024 ** 2],
    ['1G', 1024 ** 3],
    ['64kb', 65_536],
    ['1048576', 1_048_576],
  ])('a memory limit of %s is %d bytes', (limit, bytes) => {
    expect(dockerOf({ command_line_docker_memory_limit: limit })).toMatchObject({ memoryBytes: bytes });
  });

  it('another image is meant where sudo is asked for and none is named', () => {
    expect(dockerOf({ command_line_docker_enable_sudo: true })).toMatchObject({
      image: 'massgen/mcp-runtime-sudo:latest',
    });
  });

  it('is for custom tools too, without any command', () => {
    const custom_tools = [{ path: 'a.py' }];
    const needs = needsOf({ type: 'openai', command_line_execution_mode: 'docker', custom_tools });
    expect([needs?.commands, needs?.custom?.mode, needs?.docker?.network]).toEqual([null, 'docker', 'none']);
  });
});
