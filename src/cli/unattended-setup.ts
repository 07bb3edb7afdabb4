import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { BACKEND_TYPES } from '../config/catalogue.ts';
import { keyTrouble, saveKeys } from '../config/key-file.ts';
import { createProbe } from '../config/probe-models.ts';
import { requireBackendType } from '../config/quick-team.ts';
import { oneLine } from '../headless/plain-text.ts';
import { createRealClock } from '../platform/clock.ts';
import { EXIT, MassgenError, type ExitCode } from '../platform/errors.ts';
import { readText } from '../platform/read-text.ts';
import { proposeAgents, type SetupAgent } from '../tui/setup.ts';
import type { Surroundings } from './choose-team.ts';
import type { CliOptions } from './options.ts';
import { saveTeam } from './save-team.ts';
import { createSetupPort } from './setup-port.ts';
import { isThere, keyPlaces } from './setup-places.ts';
import type { Streams } from './streams.ts';

const PIPE_PATIENCE_MS = 2_000;

/** `--init` and `--setup` where nobody can be asked. Throws a MassgenError that says what is missing. */
export async function setUpUnattended(
  options: CliOptions,
  surroundings: Surroundings,
  streams: Streams,
): Promise<ExitCode> {
  return options.setup ? setUpKeys(options, surroundings, streams) : setUpTeam(options, surroundings, streams);
}

/** Saves the keys that come as `NAME=key` lines on standard input. */
async function setUpKeys(options: CliOptions, surroundings: Surroundings, streams: Streams): Promise<ExitCode> {
  const text = streams.stdin.isTTY ? null : await readText(streams.stdin, PIPE_PATIENCE_MS);
  const keys = Object.entries(parseEnv(text ?? '')).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (keys.length === 0) {
    throw new MassgenError(
      'no-keys',
      'There is no terminal to ask for keys. Send them as lines on standard input, for example: massgen --setup < keys.env with OPENAI_API_KEY=your-key in it. --save project puts them into ./.env instead of ~/.massgen/.env.',
    );
  }
  const known = new Set(BACKEND_TYPES.flatMap(({ keyVariables }) => keyVariables));
  for (const [name, value] of keys) {
    if (!known.has(name)) {
      throw new MassgenError(
        'unknown-key',
        `${oneLine(name)} is no variable that a key is read from. Those are: ${[...known].join(', ')}.`,
      );
    }
    const trouble = keyTrouble(value.trim());
    if (trouble !== null) throw new MassgenError('bad-key', `${name}: ${trouble}`);
  }
  const place = keyPlaces({ ...surroundings, variables: surroundings.env })[options.save === 'project' ? 1 : 0];
  if (!place || (options.save !== undefined && options.save !== 'project' && options.save !== 'user')) {
    throw new MassgenError('usage', 'Keys are saved with --save user (~/.massgen/.env) or --save project (./.env).');
  }
  const there = parseEnv((await readIfThere(place.path)) ?? '');
  const changed = keys.find(([name, value]) => there[name] !== undefined && there[name] !== value.trim());
  if (changed && !options.force) {
    throw new MassgenError(
      'file-exists',
      `${place.path} has another ${changed[0]} already, and nothing was written: --force replaces it.`,
    );
  }
  await saveKeys(place.path, Object.fromEntries(keys.map(([name, value]) => [name, value.trim()])));
  streams.stderr.write(`Saved ${keys.map(([name]) => name).join(', ')} in ${place.path} (mode 0600).\n`);
  return EXIT.ok;
}

/** Writes a config for the agents that are named, or for those that can answer now. */
async function setUpTeam(options: CliOptions, surroundings: Surroundings, streams: Streams): Promise<ExitCode> {
  const { cwd, home, env } = surroundings;
  const clock = createRealClock();
  const port = createSetupPort({
    options,
    environment: { cwd, home, variables: env },
    surroundings,
    clock,
    isKeysOnly: false,
    choose: ({ team }) => ({ name: team.name, agents: [] }),
    probe: createProbe(clock),
  });
  const vendors = await port.vendors();
  const ready = [...vendors.filter(({ source }) => source !== null), ...(await port.locals())];
  const agents =
    options.agents === undefined
      ? proposeAgents(ready)
      : options.agents.split(',').map((word) => readAgent(word, [...vendors, ...ready]));
  if (agents.length === 0) {
    throw new MassgenError(
      'no-model',
      'No key was found and no local server answers, so there is no agent to write down. Set a key (massgen --setup < keys.env), start a local server, or name the agents: massgen --init --agents openai,claude --save project',
    );
  }
  const unnamed = agents.find(({ model }) => model === '');
  if (unnamed) {
    throw new MassgenError(
      'no-model',
      `${unnamed.type} has no usual model: write --agents ${unnamed.type}:MODEL, with commas between agents.`,
    );
  }
  const path = placeOf(options.save ?? 'project', surroundings);
  const isTaken = await isThere(path);
  if (isTaken && !options.force) {
    throw new MassgenError('file-exists', `${path} exists already, and nothing was written: --force replaces it.`);
  }
  // A team whose keys are still to come is written all the same: it is validated, not started.
  await saveTeam(path, port.compose(agents), isTaken);
  streams.stdout.write(`${path}\n`);
  const isFound = ['project', 'user'].includes(options.save ?? 'project');
  const names = agents.map(({ type, model }) => `${type} ${model}`).join(', ');
  streams.stderr.write(
    `Wrote a team of ${oneLine(names)}. Ask it: massgen${isFound ? '' : ` --config ${path}`} "your question"\n`,
  );
  const missing = [...new Set(agents.map(({ type }) => type))].flatMap((type) => {
    const vendor = vendors.find((other) => other.type === type);
    return vendor && vendor.source === null ? [vendor.variable] : [];
  });
  if (missing.length > 0) streams.stderr.write(`Still missing: ${missing.join(', ')} (massgen --setup).\n`);
  return EXIT.ok;
}

function readAgent(
  word: string,
  providers: readonly { type: string; models: readonly { name: string }[] }[],
): SetupAgent {
  const [name = '', ...rest] = word.trim().split(':');
  const { type, protocol, defaultModel } = requireBackendType(name);
  if (protocol === null || protocol === 'demo' || protocol === 'scripted') {
    throw new MassgenError('unknown-backend', `An agent of the type ${type} cannot be set up this way.`);
  }
  const model = rest.join(':') || defaultModel;
  return { type, model: model ?? providers.find((one) => one.type === type)?.models[0]?.name ?? '' };
}

function placeOf(word: string, { cwd, home }: Surroundings): string {
  if (word === 'project') return join(cwd, '.massgen', 'config.yaml');
  if (word === 'user') return join(home, '.config', 'massgen', 'config.yaml');
  if (/\.ya?ml$/i.test(basename(word))) return resolve(cwd, word);
  throw new MassgenError('usage', `--save takes project, user, or a file that ends in .yaml, not ${oneLine(word)}.`);
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
