import { Command, InvalidArgumentError } from 'commander';
import { createRealClock } from '../platform/clock.ts';
import { randomHex } from '../platform/entropy.ts';
import { EXIT, MassgenError, messageOf, type ExitCode } from '../platform/errors.ts';
import { onInterrupt } from '../platform/interrupts.ts';
import { readFlags } from './read-flags.ts';
import type { CommandContext } from './command-context.ts';
import { warner } from './warner.ts';

interface ServeFlags {
  host: string;
  port: number;
  token?: string;
  config: string[];
  allowPath: string[];
  maxRuns: number;
}

/** How long runs may go on after Ctrl+C; a second one leaves at once. */
const GRACE_MS = 5_000;
const TOKEN_VARIABLE = 'MASSGEN_SERVER_TOKEN';

/** `massgen serve`: teams as models behind an address that speaks OpenAI's protocol, until it is interrupted. */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = buildProgram();
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<ServeFlags>();
  const warn = warner(streams);
  const [{ loadEnv }, { startServer }] = await Promise.all([
    import('../config/env.ts'),
    import('../server/start-server.ts'),
  ]);
  const { cwd, home, variables } = environment;
  const { env, warnings } = await loadEnv({ cwd, home, env: variables });
  warnings.forEach(warn);
  const given = flags.token ?? env[TOKEN_VARIABLE];
  const token = given === undefined ? randomHex(24) : requireToken(given);
  const server = await startServer({
    host: flags.host,
    port: flags.port,
    token,
    configs: flags.config,
    allowedFolders: flags.allowPath,
    maxRuns: flags.maxRuns,
    surroundings: { cwd, home, env },
    clock: createRealClock(),
    onProblem: warn,
    onBug: (error) => warn(`This is a bug in massgen: ${messageOf(error)}`),
  });
  if (!isLoopback(flags.host)) {
    warn(
      `Warning: ${flags.host} can be reached from other machines. Whoever has the token can run teams at your cost, ` +
        'and it travels unencrypted; put a server with TLS before it.',
    );
  }
  streams.stdout.write(`Listening on ${server.url}\n`);
  if (given === undefined) streams.stdout.write(`API key for this start: ${token}\n`);
  await untilInterrupted(server, warn);
  return EXIT.ok;
}

/** Resolves when the server has closed after the first signal. The second one ends the process. */
function untilInterrupted(
  server: { running: number; close(graceMs: number): Promise<void> },
  warn: (line: string) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const stop = onInterrupt((_, isFirst) => {
      if (!isFirst) process.exit(EXIT.interrupted);
      if (server.running > 0) {
        const runs = server.running === 1 ? 'one run' : `${server.running} runs`;
        warn(`Shutting down: ${runs} may go on for ${GRACE_MS / 1000} seconds. Interrupt again to leave at once.`);
      }
      void server.close(GRACE_MS).then(() => {
        stop();
        resolve();
      });
    });
  });
}

function buildProgram(): Command {
  const collect = (value: string, all: string[]): string[] => [...all, value];
  return new Command('massgen serve')
    .description('Offers teams as models to every program that speaks the OpenAI API, until it is interrupted.')
    .option('--host <address>', 'address to listen on; other machines reach only others than this one', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, 8788)
    .option('--token <text>', `what clients send as their API key; better set ${TOKEN_VARIABLE}; drawn if not given`)
    .option('-c, --config <file>', 'team to offer besides those in the usual places; may be repeated', collect, [])
    .option('--allow-path <folder>', 'folder besides this one for massgen/path:…; may be repeated', collect, [])
    .option('--max-runs <number>', 'runs at once; more are answered with status 429', positiveNumber, 4)
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `
Models: massgen/NAME for every config, massgen/demo, massgen/model:NAME, massgen/path:FILE, massgen/build.

Example:
  ${TOKEN_VARIABLE}=secret massgen serve --config team.yaml`,
    );
}

function requireToken(token: string): string {
  if (/^[\x21-\x7e]{8,}$/.test(token)) return token;
  throw new MassgenError(
    'bad-token',
    `The token must have at least 8 characters, printable ones without spaces, so that it can stand in a header; look at --token and ${TOKEN_VARIABLE}.`,
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function portNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
