import { Command } from 'commander';
import type { McpServerNeed } from '../config/tool-needs.ts';
import { oneLine } from '../headless/plain-text.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, messageOf, type ExitCode } from '../platform/errors.ts';
import type { Environment } from '../platform/environment.ts';
import type { CommandContext } from './command-context.ts';
import { readFlags } from './read-flags.ts';

/** The servers of a config, by agent, their variables filled in. Values may be secrets: show names only. */
export async function serversOf(
  config: string | undefined,
  { cwd, home, variables }: Environment,
): Promise<{ path: string; agents: { agent: string; servers: McpServerNeed[] }[] }> {
  const [{ loadEnv }, { loadConfig }, { toolNeedsOf }] = await Promise.all([
    import('../config/env.ts'),
    import('../config/load.ts'),
    import('../config/read-tool-needs.ts'),
  ]);
  const path = await configPath(config, { cwd, home });
  const { env } = await loadEnv({ cwd, home, env: variables });
  const { config: read, problems } = await loadConfig(path, { env, cwd });
  if (!read) throw new MassgenError('bad-config', problems[0]?.message ?? 'The config cannot be read.');
  const agents = read.agents ?? (read.agent ? [read.agent] : []);
  return {
    path,
    agents: agents.map(({ id, backend }, index) => ({
      agent: id ?? `agent ${index + 1}`,
      servers: toolNeedsOf(backend, read)?.mcpServers ?? [],
    })),
  };
}

/** The config that is meant: named, or the usual one. Throws a MassgenError where there is none. */
export async function configPath(config: string | undefined, places: { cwd: string; home: string }): Promise<string> {
  const { findConfig, findDefaultConfig } = await import('../config/discover.ts');
  const path = config === undefined ? await findDefaultConfig(places) : await findConfig(config, places);
  if (path !== null) return path;
  throw new MassgenError(
    'no-config',
    'There is no config here. Name one with --config FILE, or make one with massgen --init.',
  );
}

/** Throws a MassgenError for a name that the config does not have. */
export async function serverNamed(
  name: string,
  config: string | undefined,
  environment: Environment,
): Promise<McpServerNeed> {
  const { path, agents } = await serversOf(config, environment);
  const found = agents.flatMap(({ servers }) => servers).find((server) => server.name === name);
  if (found) return found;
  throw new MassgenError(
    'no-such-server',
    `${oneLine(path)} has no MCP server ${oneLine(name)}. "massgen mcp list" shows those it has.`,
  );
}

/** `massgen mcp list`: every server by agent, and how it is reached; values of variables and headers are not shown. */
export async function list(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen mcp list')
    .description('Lists the servers of a config.')
    .option('-c, --config <file>', 'config to look at; the usual one if left out')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { path, agents } = await serversOf(program.opts<{ config?: string }>().config, environment);
  streams.stdout.write(`${oneLine(path)}\n`);
  for (const { agent, servers } of agents) {
    streams.stdout.write(`\n${oneLine(agent)}${servers.length === 0 ? ': no MCP servers' : ''}\n`);
    for (const server of servers) streams.stdout.write(`  ${oneLine(server.name)}  ${oneLine(wayTo(server))}\n`);
  }
  return EXIT.ok;
}

function wayTo({ transport }: McpServerNeed): string {
  if (transport.type === 'http') return addressOf(transport.url);
  const names = Object.keys(transport.env);
  const { length } = transport.args;
  return `${transport.command} with ${length === 1 ? 'one argument' : `${length} arguments`}${names.length === 0 ? '' : ` and ${names.join(', ')}`}`;
}

/** Keys may stand in the query of an address. */
function addressOf(url: string): string {
  const address = URL.parse(url);
  return address ? `${address.origin}${address.pathname}` : 'an address that is none';
}

/** `massgen mcp test NAME`: starts the server by its own rules and shows its tools. Exit code 2 when it does not start. */
export async function test(
  argv: readonly string[],
  { environment, streams, version }: CommandContext,
): Promise<ExitCode> {
  const program = new Command('massgen mcp test')
    .description('Starts a server of a config, shows its tools, and ends it.')
    .argument('<name>', 'name of the server in the config')
    .option('-c, --config <file>', 'config to look at; the usual one if left out')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const need = await serverNamed(program.args[0] ?? '', program.opts<{ config?: string }>().config, environment);
  const [{ McpServer }, { loginsFolder }] = await Promise.all([
    import('../tools/mcp/mcp-server.ts'),
    import('../tools/mcp/stored-login.ts'),
  ]);
  const { cwd, home } = environment;
  const server = new McpServer({ need, clock: createRealClock(), cwd, version, loginFolder: loginsFolder(home) });
  try {
    await server.connect();
    const tools = server.tools();
    streams.stdout.write(`${oneLine(need.name)} works: ${tools.length === 1 ? 'one tool' : `${tools.length} tools`}\n`);
    for (const { spec, annotations } of tools) {
      const kind =
        annotations?.readOnly === true ? 'reads' : annotations?.destructive === true ? 'may destroy' : 'writes';
      streams.stdout.write(`  ${oneLine(spec.name)} (${kind}): ${oneLine(spec.description).slice(0, 100)}\n`);
    }
    return EXIT.ok;
  } catch (error) {
    streams.stderr.write(`${oneLine(messageOf(error))}\n`);
    return EXIT.execution;
  } finally {
    await server.dispose();
  }
}
