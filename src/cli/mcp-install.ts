import { readFile, realpath, stat } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { oneLine } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { EXIT, MassgenError, messageOf, type ExitCode } from '../platform/errors.ts';
import type { RegistryName, RegistryPlaces } from '../tools/mcp/registry/ask-registry.ts';
import { byNeed, neededKeys, shortServerName } from '../tools/mcp/registry/rank-offers.ts';
import type { ServerOffer } from '../tools/mcp/registry/server-offer.ts';
import { askYesNo } from './ask-yes-no.ts';
import type { CommandContext } from './command-context.ts';
import { configPath } from './mcp-servers.ts';
import { readFlags } from './read-flags.ts';

interface SearchFlags {
  registry?: RegistryName;
  limit: number;
  json: boolean;
}

/** `massgen mcp search WORDS`: what the registries offer; those that need no key first. */
export async function search(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen mcp search')
    .description('Looks for MCP servers in the official registry and at Smithery; those that need no key come first.')
    .argument('<words...>', 'what to look for')
    .option('--registry <name>', 'official or smithery; both if left out', registryName)
    .option('--limit <number>', 'servers of each registry at most', wholeNumber, 10)
    .option('--json', 'as JSON', false)
    .addHelpText('after', '\nSMITHERY_API_KEY is sent to Smithery where it is set.');
  const { streams } = context;
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const { registry, limit, json } = program.opts<SearchFlags>();
  const { searchRegistry } = await import('../tools/mcp/registry/ask-registry.ts');
  const places = await placesOf(context);
  const names: RegistryName[] = registry ? [registry] : ['official', 'smithery'];
  const words = program.args.join(' ');
  const results = await Promise.allSettled(names.map((name) => searchRegistry(name, words, limit, places)));
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  for (const error of failed) streams.stderr.write(`${oneLine(messageOf(error))}\n`);
  const offers = byNeed(results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])));
  if (json) streams.stdout.write(`${safeJson(JSON.stringify(offers, null, 2))}\n`);
  else if (offers.length === 0 && failed.length === 0) streams.stdout.write('No server fits these words.\n');
  else for (const offer of offers) streams.stdout.write(`${searchLine(offer)}\n`);
  return failed.length === names.length ? EXIT.execution : EXIT.ok;
}

function searchLine(offer: ServerOffer): string {
  const { registry, name, description, entry } = offer;
  const keys = neededKeys(offer);
  const needs = entry === null ? 'cannot be used here' : keys.length === 0 ? 'no key' : `needs ${keys.join(', ')}`;
  return `${oneLine(name)}  [${registry}, ${needs}]\n    ${oneLine(description).slice(0, 160)}`;
}

interface AddFlags {
  registry?: RegistryName;
  config?: string;
  agent?: string;
  as?: string;
  yes: boolean;
}

/** `massgen mcp add NAME`: shows what would run and what it needs, and writes it into a config on a yes. */
export async function add(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen mcp add')
    .description('Puts a server of a registry into a config. Shows first what it will run and which keys it needs.')
    .argument('<name>', 'as "massgen mcp search" tells it')
    .option('--registry <name>', 'official or smithery; the first that has it if left out', registryName)
    .option('-c, --config <file>', 'config to change; the usual one if left out')
    .option('--agent <id>', 'only for this agent; for all if left out')
    .option('--as <name>', 'name in the config')
    .option('-y, --yes', 'do not ask', false)
    .allowExcessArguments(false);
  const { streams, environment } = context;
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<AddFlags>();
  const offer = await findOffer(program.args[0] ?? '', flags.registry, context);
  const { entry } = offer;
  if (entry === null)
    throw new MassgenError('server-unusable', `${oneLine(offer.name)} cannot be added: ${offer.fault ?? ''}`);
  const path = await configPath(flags.config, environment);
  const name = flags.as ?? shortServerName(offer.name);
  const { withServer } = await import('../config/edit-servers.ts');
  const changed = withServer(await readFile(path, 'utf8'), name, entry, flags.agent ?? null);
  streams.stderr.write(`${describe(offer, name, path)}\n`);
  if (!flags.yes && !(await askYesNo('Add it?', streams))) return EXIT.interrupted;
  await replaceConfig(path, changed);
  streams.stdout.write(`Added ${oneLine(name)} to ${oneLine(path)}. Try it: massgen mcp test ${oneLine(name)}\n`);
  return EXIT.ok;
}

function describe({ registry, name, description, entry, variables }: ServerOffer, own: string, path: string): string {
  const { command, args, url } = entry ?? {};
  const words = [command, ...(Array.isArray(args) ? args : [])].filter((word) => typeof word === 'string');
  return [
    `${oneLine(name)} (${registry}): ${oneLine(description).slice(0, 300)}`,
    typeof url === 'string'
      ? `  is reached at  ${oneLine(url)}`
      : `  runs, with your rights  ${oneLine(words.join(' '))}`,
    ...variables.map((each) => {
      const kind = each.isSecret ? 'secret' : each.isRequired ? 'needed' : 'may be set';
      return `  ${each.name} (${kind}): ${oneLine(each.description).slice(0, 160)}`;
    }),
    `  goes into  ${oneLine(path)} as ${oneLine(own)}`,
  ].join('\n');
}

async function findOffer(
  name: string,
  registry: RegistryName | undefined,
  context: CommandContext,
): Promise<ServerOffer> {
  const { findServer } = await import('../tools/mcp/registry/ask-registry.ts');
  const places = await placesOf(context);
  const failures: unknown[] = [];
  for (const each of registry ? [registry] : (['official', 'smithery'] as const)) {
    const found = await findServer(each, name, places).catch((error: unknown) => void failures.push(error));
    if (found) return found;
  }
  if (failures.length > 0) throw failures[0];
  throw new MassgenError(
    'no-such-server',
    `No registry has a server ${oneLine(name)}. "massgen mcp search" finds names.`,
  );
}

interface RemoveFlags {
  config?: string;
  agent?: string;
}

/** `massgen mcp remove NAME`. */
export async function remove(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen mcp remove')
    .description('Takes a server out of a config; comments stay.')
    .argument('<name>', 'name of the server in the config')
    .option('-c, --config <file>', 'config to change; the usual one if left out')
    .option('--agent <id>', 'only from this agent; from all if left out')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const flags = program.opts<RemoveFlags>();
  const name = program.args[0] ?? '';
  const path = await configPath(flags.config, environment);
  const { withoutServer } = await import('../config/edit-servers.ts');
  const changed = withoutServer(await readFile(path, 'utf8'), name, flags.agent ?? null);
  await replaceConfig(path, changed);
  streams.stdout.write(`Removed ${oneLine(name)} from ${oneLine(path)}.\n`);
  return EXIT.ok;
}

/** Configs may hold keys: nobody may read it who could not before. A link still leads where it led. */
async function replaceConfig(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const { mode } = await stat(target);
  await writeFileAtomic(target, text, { mode: mode & 0o777 });
}

async function placesOf({ environment }: CommandContext): Promise<RegistryPlaces> {
  const [{ registryPlaces }, { loadEnv }] = await Promise.all([
    import('../tools/mcp/registry/ask-registry.ts'),
    import('../config/env.ts'),
  ]);
  const { cwd, home, variables } = environment;
  return registryPlaces((await loadEnv({ cwd, home, env: variables })).env);
}

function registryName(text: string): RegistryName {
  if (text === 'official' || text === 'smithery') return text;
  throw new InvalidArgumentError('There are official and smithery.');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0 && value <= 100) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
}
