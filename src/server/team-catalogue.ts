import { realpath } from 'node:fs/promises';
import { basename, extname, isAbsolute, relative, resolve } from 'node:path';
import { buildConfig, type BuildConfigOptions } from '../api/build-config.ts';
import type { Surroundings } from '../api/surroundings.ts';
import { chooseTeam, fromFile, fromObject, type ChosenTeam } from '../api/choose-team.ts';
import { findConfig, listConfigs } from '../config/discover.ts';
import { printable } from '../config/printable.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import { MassgenError } from '../platform/errors.ts';
import { refusal } from './asked.ts';
import { HttpRefusal } from './http-refusal.ts';

export interface CatalogueOptions {
  surroundings: Surroundings;
  /** Config files to offer besides those in the usual places, as the user named them. */
  configs: readonly string[];
  /** Folders besides the start folder below which `massgen/path:…` may lead. */
  allowedFolders: readonly string[];
}

/** The teams that are offered as models. */
export interface TeamCatalogue {
  /** Their model names, the demo last. */
  list(): Promise<string[]>;
  /** The team behind a model name. Rejects with an HttpRefusal for a name that means none. */
  find(model: string, parameters: JsonObject): Promise<ChosenTeam>;
}

export const PREFIX = 'massgen/';

/** Rejects with a MassgenError when a config or a folder is not there. Files are read anew for every request. */
export async function createCatalogue(options: CatalogueOptions): Promise<TeamCatalogue> {
  const { surroundings } = options;
  const named = await Promise.all(options.configs.map((config) => findConfig(config, surroundings)));
  const roots = await Promise.all(
    [surroundings.cwd, ...options.allowedFolders].map((root) => realFolder(root, surroundings)),
  );

  /** By name; a file that was named comes before one that was found. */
  const files = async (): Promise<Map<string, string>> => {
    const found = await listConfigs(surroundings);
    const all = [...named.map((path) => ({ name: basename(path, extname(path)), path })), ...found];
    const byName = new Map<string, string>();
    for (const { name, path } of all) if (!byName.has(name) && !RESERVED.has(name)) byName.set(name, path);
    return byName;
  };

  return {
    list: async () => {
      const entries = [...(await files())];
      const teams = await Promise.all(entries.map(([, path]) => isTeam(path, surroundings)));
      return [...entries.flatMap(([name], index) => (teams[index] ? name : [])), 'demo'].map((name) => PREFIX + name);
    },
    find: async (model, parameters) => {
      if (!model.startsWith(PREFIX)) throw unknownModel(model);
      const name = model.slice(PREFIX.length);
      if (name === 'demo') return chooseTeam({ demo: true }, {}, surroundings);
      if (name === 'build') return fromObject(buildConfig(readParameters(parameters)), {}, surroundings);
      if (name.startsWith('model:')) return fromModel(name.slice('model:'.length), surroundings);
      const path = name.startsWith('path:')
        ? await insideOf(roots, resolve(surroundings.cwd, name.slice('path:'.length)))
        : (await files()).get(name);
      if (path === null || path === undefined) throw unknownModel(model);
      return fromFile(path, {}, surroundings);
    },
  };
}

async function realFolder(folder: string, { cwd }: Surroundings): Promise<string> {
  try {
    return await realpath(resolve(cwd, folder));
  } catch (error) {
    const message = `There is no folder ${printable(folder, 300)}, below which files were to be allowed.`;
    throw new MassgenError('folder-not-found', message, { cause: error });
  }
}

/** Names that mean something else than a file of that name. */
const RESERVED = new Set(['demo', 'build']);

function unknownModel(model: string): HttpRefusal {
  const shown = printable(model, 200);
  return new HttpRefusal(
    404,
    'model_not_found',
    `There is no model ${shown}. GET /v1/models lists the teams; massgen/model:NAME and massgen/path:FILE work too.`,
    'model',
  );
}

function fromModel(model: string, surroundings: Surroundings): Promise<ChosenTeam> {
  if (model === '') throw refusal('model', 'massgen/model: needs the name of a model, e.g. massgen/model:gpt-5-mini.');
  return chooseTeam({ model }, {}, surroundings);
}

/**
 * The real path of a config file, links followed; null unless it lies below one of the folders. Whoever asks for a
 * file elsewhere is not told whether it is there.
 */
async function insideOf(roots: readonly string[], path: string): Promise<string | null> {
  if (!CONFIG_ENDINGS.has(extname(path).toLowerCase()) || path.includes('\0')) return null;
  const real = await realpath(path).catch(() => null);
  if (real === null || !CONFIG_ENDINGS.has(extname(real).toLowerCase())) return null;
  return roots.some((root) => isBelow(root, real)) ? real : null;
}

const CONFIG_ENDINGS = new Set(['.yaml', '.yml', '.json']);

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}

/** YAML files that are no teams lie in many folders; a list of them helps nobody. */
async function isTeam(path: string, { env, cwd }: Surroundings): Promise<boolean> {
  const { loadConfig } = await import('../config/load.ts');
  const { value, config } = await loadConfig(path, { env, cwd });
  return config !== null && isJsonObject(value) && ('agents' in value || 'agent' in value);
}

/** MassGen's words for what a team is built from. */
function readParameters(parameters: JsonObject): BuildConfigOptions {
  const { num_agents: agents, model, models, backend, backends, ...rest } = parameters;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    const message = `optional_params.${printable(unknown)} is not known; there are num_agents, model, models, backend and backends.`;
    throw refusal('optional_params', message);
  }
  if (agents !== undefined && typeof agents !== 'number')
    throw refusal('optional_params', 'optional_params.num_agents must be a number.');
  return {
    agents,
    model: readWord('model', model),
    models: readWords('models', models),
    backend: readWord('backend', backend),
    backends: readWords('backends', backends),
  };
}

function readWord(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw refusal('optional_params', `optional_params.${name} must be a text.`);
}

function readWords(name: string, value: JsonValue | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw refusal('optional_params', `optional_params.${name} must be a list of texts.`);
}
