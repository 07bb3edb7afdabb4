import { join } from 'node:path';
import { Command } from 'commander';
import { loadEnv, type LoadedEnv } from '../config/env.ts';
import { createProbe } from '../config/probe-models.ts';
import type { TeamSpec } from '../config/team.ts';
import { oneLine } from '../headless/plain-text.ts';
import { safeJson } from '../headless/safe-json.ts';
import { createRealClock, type Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { massgenHome, runsFolder } from '../platform/paths.ts';
import type { CommandContext } from './command-context.ts';
import {
  checkFolder,
  checkKeys,
  checkLeftCopies,
  checkLocalServers,
  checkNode,
  checkPrograms,
  checkTerminal,
  type Check,
} from './doctor-checks.ts';
import { checkAgents, checkTeamPrograms } from './doctor-agents.ts';
import { checkCodeSearch, checkRunners, checkTeamImages } from './doctor-runners.ts';
import { readFlags } from './read-flags.ts';

interface DoctorFlags {
  config?: string;
  offline: boolean;
  json: boolean;
}

/**
 * `massgen doctor`: what this program finds on this machine, one line each; exit code 1 if something that is needed
 * is broken. Each endpoint of the config gets one request of a few tokens, unless `--offline` says not to.
 */
export async function run(argv: readonly string[], { environment, streams }: CommandContext): Promise<ExitCode> {
  const program = new Command('massgen doctor')
    .description(
      'Checks what massgen needs and finds: Node.js, terminal, keys, servers, programs, and asks what is configured.',
    )
    .usage('[--config FILE] [--offline] [options]')
    .option('-c, --config <file>', 'also check this config; without it the default one')
    .option('--offline', 'send no request; otherwise each endpoint of the config gets one of a few tokens', false)
    .option('--json', 'as a JSON list', false)
    .helpOption('-h, --help')
    .allowExcessArguments(false);
  const ended = readFlags(program, argv, streams);
  if (ended !== null) return ended;
  const checks = await examine(program.opts<DoctorFlags>(), environment);
  const text = program.opts<DoctorFlags>().json
    ? `${safeJson(JSON.stringify(checks, null, 2))}\n`
    : checks.map((check) => `${line(check)}\n`).join('');
  streams.stdout.write(text);
  return checks.some(({ state }) => state === 'broken') ? EXIT.config : EXIT.ok;
}

async function examine(flags: DoctorFlags, environment: Environment): Promise<Check[]> {
  const clock = createRealClock();
  const loaded = await loadEnv({ cwd: environment.cwd, home: environment.home, env: environment.variables });
  return [
    checkNode(process.version),
    checkTerminal(environment),
    ...checkKeys(loaded),
    ...loaded.warnings.map((warning): Check => ({ name: 'keys', state: 'broken', detail: warning })),
    ...(await checkLocalServers(createProbe(clock))),
    await checkFolder(runsFolder(environment.cwd)),
    ...(await checkLeftCopies(join(massgenHome(environment), 'worktrees'))),
    ...(await checkPrograms(loaded.env['PATH'] ?? '')),
    ...(await checkRunners({ variables: loaded.env, home: environment.home, clock })),
    await checkCodeSearch(),
    ...(await checkAgents(loaded.env['PATH'] ?? '', environment.cwd)),
    ...(await checkConfig(flags, environment, loaded, clock)),
  ];
}

async function checkConfig(
  flags: DoctorFlags,
  { cwd, home }: Environment,
  { env }: LoadedEnv,
  clock: Clock,
): Promise<Check[]> {
  const { findConfig, findDefaultConfig } = await import('../config/discover.ts');
  let team: TeamSpec;
  let path: string | null;
  try {
    path =
      flags.config === undefined
        ? await findDefaultConfig({ cwd, home })
        : await findConfig(flags.config, { cwd, home, env });
    if (path === null)
      return [{ name: 'config', state: 'missing', detail: 'no default config; name one with --config' }];
    const [{ loadConfig }, { resolveTeam }] = await Promise.all([
      import('../config/load.ts'),
      import('../config/resolve.ts'),
    ]);
    team = resolveTeam(await loadConfig(path, { env, cwd }), { env });
  } catch (error) {
    if (!(error instanceof MassgenError)) throw error;
    return [{ name: 'config', state: 'broken', detail: error.message }];
  }
  const config: Check = { name: 'config', state: 'ok', detail: `${path}: ${team.agents.length} agents` };
  const programs = [
    ...(await checkTeamPrograms(team)),
    ...(await checkTeamImages(team, { variables: env, home, clock })),
  ];
  if (flags.offline) return [config, ...programs];
  const { checkEndpoints } = await import('./doctor-endpoints.ts');
  const endpoints = await checkEndpoints(team, clock);
  // A program that is not there has been named.
  const isNamed = ({ name }: Check): boolean => programs.some((each) => each.name === name && each.state === 'broken');
  return [config, ...programs, ...endpoints.filter((each) => !isNamed(each))];
}

const MARKS: Record<Check['state'], string> = { ok: 'ok     ', missing: '-      ', broken: 'BROKEN ' };

function line({ name, state, detail }: Check): string {
  return `${MARKS[state]} ${oneLine(name).padEnd(24)} ${oneLine(detail)}`;
}
