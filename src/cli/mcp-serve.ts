import { Command, InvalidArgumentError } from 'commander';
import { createRealClock } from '../platform/clock.ts';
import { randomHex } from '../platform/entropy.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import type { CommandContext } from './command-context.ts';
import { readFlags } from './read-flags.ts';
import { warner } from './warner.ts';

interface Flags {
  config: string[];
  demo: boolean;
  http: boolean;
  port: number;
}

/** How long a run that is stopped may take to write its end. */
const FAREWELL_MS = 5_000;

const TOKEN_VARIABLE = 'MASSGEN_SERVER_TOKEN';

/**
 * `massgen mcp serve`: a team as an MCP server, over standard input and output, or for programs of this machine over
 * HTTP. Ends when the client goes away, or at Ctrl+C. Only the protocol is written to standard output.
 */
export async function serve(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { environment, streams, version } = context;
  const collect = (value: string, all: string[]): string[] => [...all, value];
  const program = new Command('massgen mcp serve')
    .description('Offers a team as an MCP server with one tool, ask_team, over standard input and output.')
    .option('-c, --config <file>', 'team to offer; may be repeated, the first is the usual one', collect, [])
    .option('--demo', 'the built-in team, which needs no key', false)
    .option('--http', `over HTTP on this machine instead, for whoever has the token (${TOKEN_VARIABLE})`, false)
    .option('--port <number>', 'port for --http; 0 takes a free one', portNumber, 8789)
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nExample, in the settings of another agent:\n  command: massgen, args: [mcp, serve, --config, team.yaml]',
    );
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<Flags>();
  const [{ createMcpTeam }, { RunPool }, { loadEnv }, { requireDepth }] = await Promise.all([
    import('../server/mcp-team.ts'),
    import('../server/run-pool.ts'),
    import('../config/env.ts'),
    import('../platform/run-depth.ts'),
  ]);
  const { cwd, home, variables } = environment;
  requireDepth(variables);
  const { env } = await loadEnv({ cwd, home, env: variables });
  const warn = warner(streams);
  const pool = new RunPool(Infinity);
  const create = (): ReturnType<typeof createMcpTeam> =>
    createMcpTeam({
      configs: flags.config,
      demo: flags.demo,
      cwd,
      env: { ...env, HOME: home },
      version,
      onProblem: warn,
      pool,
    });
  /** A run that nobody waits for any more is cancelled, so that its log says how it ended and it can be taken up again. */
  const stopRuns = async (): Promise<void> => {
    pool.cancelAll();
    const given = new AbortController();
    const patience = createRealClock().sleep(FAREWELL_MS, given.signal);
    await Promise.race([pool.close(), patience.catch(() => undefined)]);
    given.abort();
  };
  const interrupted = Promise.withResolvers<void>();
  const stopListening = onInterrupt((_, isFirst) => (isFirst ? interrupted.resolve() : process.exit(EXIT.interrupted)));
  try {
    if (flags.http) {
      const { serveMcpOverHttp } = await import('../server/mcp-http.ts');
      const given = env[TOKEN_VARIABLE];
      if (given !== undefined && !/^[\x21-\x7e]{8,}$/.test(given)) {
        throw new MassgenError(
          'bad-token',
          `${TOKEN_VARIABLE} must have at least 8 characters, printable ones without spaces.`,
        );
      }
      const token = given ?? randomHex(24);
      const server = await serveMcpOverHttp(create, token, flags.port);
      streams.stdout.write(`Listening on ${server.url}\n`);
      if (given === undefined) streams.stdout.write(`Token for this start: ${token}\n`);
      await interrupted.promise;
      await stopRuns();
      await server.close();
      return EXIT.ok;
    }
    const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
    const transport = new StdioServerTransport(streams.stdin, streams.stdout);
    const server = await create();
    await server.connect(transport);
    streams.stdin.once('end', () => interrupted.resolve());
    await interrupted.promise;
    await stopRuns();
    await server.close();
    return EXIT.ok;
  } finally {
    stopListening();
  }
}

function portNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
